# Generated from tests/_async/__init__.py; do not edit.
# To write it again: python tools/generate_sync.py

