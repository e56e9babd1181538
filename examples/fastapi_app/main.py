"""The application: connected while it runs; errors of the documents become answers of HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from examples.fastapi_app.database import close_async, open_async
from examples.fastapi_app.routes import router
from mongoengine import DoesNotExist, NotUniqueError, OperationError, ValidationError


def create_app(**options: Any) -> FastAPI:
    """Make the application.

    Args:
        **options: settings of the driver.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await open_async(**options)
            yield
        finally:
            await close_async()

    app = FastAPI(title="A lending library", lifespan=lifespan)
    app.include_router(router)
    for error, answer in ANSWERS.items():
        app.add_exception_handler(error, answer)
    return app


async def not_found(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 404)


async def taken(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "There is one like this already."}, 409)


async def refused(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 409)


async def invalid(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 422)


# The class closest to that of the error decides.
ANSWERS = {
    DoesNotExist: not_found,
    NotUniqueError: taken,
    OperationError: refused,
    ValidationError: invalid,
}

app = create_app()
