# Generated from mongoengine/_async/__init__.py; do not edit.
# To write it again: python tools/generate_sync.py
"""All code that talks to the server, on floors 0 to 2; the package beside it is its twin."""
