"""Imitations of what other projects do with MongoEngine beyond its documented API."""
