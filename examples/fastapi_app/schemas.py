"""What clients send and get. Pydantic stays at this edge; behind it there are documents."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Self, TypeVar

from pydantic import BaseModel, Field, StringConstraints

from examples.fastapi_app.models import Author, Book, Job, Loan

T = TypeVar("T")
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Copies = Annotated[int, Field(ge=0, le=1000)]


class AuthorIn(BaseModel):
    name: Name


class AuthorOut(BaseModel):
    id: str
    name: str

    @classmethod
    def of(cls, author: Author) -> Self:
        return cls(id=str(author.pk), name=author.name)


class BookIn(BaseModel):
    title: Name
    author: str
    copies: Copies = 1


class BookChange(BaseModel):
    title: Name | None = None
    copies: Copies | None = None


class BookOut(BaseModel):
    id: str
    title: str
    author: AuthorOut
    copies: int
    words: int | None
    has_text: bool

    @classmethod
    def of(cls, book: Book) -> Self:
        """Describe a book whose author is loaded."""
        return cls(
            id=str(book.pk),
            title=book.title,
            author=AuthorOut.of(book.author),
            copies=book.copies,
            words=book.words,
            has_text=bool(book.text),
        )


class LoanIn(BaseModel):
    member: Name


class LoanOut(BaseModel):
    id: str
    book: str
    member: str
    since: datetime

    @classmethod
    def of(cls, loan: Loan) -> Self:
        """Describe a loan. A reference that is not loaded knows its key, and no more is asked."""
        return cls(id=str(loan.pk), book=str(loan.book.pk), member=loan.member, since=loan.since)


class JobOut(BaseModel):
    id: str
    status: str
    error: str | None

    @classmethod
    def of(cls, job: Job) -> Self:
        return cls(id=str(job.pk), status=job.status, error=job.error)


class Page(BaseModel, Generic[T]):
    total: int
    items: list[T]
