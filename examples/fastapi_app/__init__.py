"""A lending library for several towns: a FastAPI application on MongoEngine's async API."""
