"""The FastAPI application of the examples for tests: in databases of its own, with a client."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pymongo
import pytest

from examples.fastapi_app.main import create_app

PREFIX = f"library_tests_{os.getpid()}"


@contextmanager
def library_databases(uri: str) -> Iterator[dict[str, str]]:
    """Give the environment of a library of the tests' own; drop its databases at the end."""
    environment = {"MONGODB_URI": uri, "LIBRARY_DATABASE": PREFIX}
    with pytest.MonkeyPatch.context() as patch, pymongo.MongoClient[dict[str, Any]](uri) as client:
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            yield environment
        finally:
            for name in client.list_database_names():
                if name.startswith(PREFIX):
                    client.drop_database(name)


@asynccontextmanager
async def serving(
    sizes: list[int] | None = None, **options: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the application, lifespan included, and give a client at home in the north.

    Args:
        sizes: takes the lengths of the pieces of all answers.
        **options: settings of the driver.
    """
    app = create_app(**options)

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if sizes is not None and message.get("body"):
                sizes.append(len(message["body"]))
            await send(message)

        await app(scope, receive, noted)

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(noting),
            base_url="http://library",
            headers={"X-Town": "north"},
            timeout=60,
        ) as client,
    ):
        yield client


@dataclass
class Library:
    """Shorthand for what most tests begin with."""

    client: httpx.AsyncClient

    async def author(self, name: str = "Eliot", **options: Any) -> str:
        return await self._made("/authors", {"name": name}, **options)

    async def book(self, title: str = "Romola", copies: int = 1, author: str | None = None) -> str:
        author = author or await self.author(f"Author of {title}")
        return await self._made("/books", {"title": title, "author": author, "copies": copies})

    async def loan(self, book: str, member: str = "Ada") -> str:
        return await self._made(f"/books/{book}/loans", {"member": member})

    async def _made(self, path: str, content: dict[str, Any], **options: Any) -> str:
        made = await self.client.post(path, json=content, **options)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])
