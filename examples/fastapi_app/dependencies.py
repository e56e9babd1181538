"""What routes ask for: the town a request is about, a part of a list, a document by its id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, HTTPException, Query

from examples.fastapi_app.database import TOWNS, working_in
from examples.fastapi_app.models import Author, Book, Loan
from mongoengine import Document, QuerySet

D = TypeVar("D", bound=Document)


async def town_of_request(x_town: Annotated[str, Header()]) -> AsyncIterator[str]:
    """Work in the town the header names until the answer is sent.

    Async, so that it runs in the task of the request: a switch holds for one task.
    """
    if x_town not in TOWNS:
        raise HTTPException(404, f"There is no library in {x_town!r}.")
    with working_in(x_town):
        yield x_town


@dataclass
class Part:
    """The part of a list a client wants."""

    skip: Annotated[int, Query(ge=0)] = 0
    limit: Annotated[int, Query(ge=1, le=100)] = 20

    def of(self, found: QuerySet[D]) -> QuerySet[D]:
        return found.skip(self.skip).limit(self.limit)


async def author_by_id(author_id: str) -> Author:
    return await Author.objects.async_get(pk=author_id)


async def book_by_id(book_id: str) -> Book:
    """Find a book. Its author is not loaded: a route that needs it says so."""
    return await Book.objects.async_get(pk=book_id)


async def loan_by_id(loan_id: str) -> Loan:
    return await Loan.objects.async_get(pk=loan_id)


Town = Annotated[str, Depends(town_of_request)]
SomePart = Annotated[Part, Depends()]
OneAuthor = Annotated[Author, Depends(author_by_id)]
OneBook = Annotated[Book, Depends(book_by_id)]
OneLoan = Annotated[Loan, Depends(loan_by_id)]
