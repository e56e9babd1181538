"""The routes: authors, books, their texts, and loans."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, UploadFile
from fastapi.responses import StreamingResponse

from examples.fastapi_app.dependencies import (
    OneAuthor,
    OneBook,
    OneLoan,
    SomePart,
    Town,
    town_of_request,
)
from examples.fastapi_app.models import Author, Book, Job, Loan
from examples.fastapi_app.schemas import (
    AuthorIn,
    AuthorOut,
    BookChange,
    BookIn,
    BookOut,
    JobOut,
    LoanIn,
    LoanOut,
    Page,
)
from mongoengine.context_managers import async_with_transaction

# The first dependency of all: what the others look up is looked up in this town.
router = APIRouter(dependencies=[Depends(town_of_request)])
PIECE = 256 * 1024


# Authors


@router.post("/authors", status_code=201)
async def add_author(new: AuthorIn) -> AuthorOut:
    return AuthorOut.of(await Author(name=new.name).async_save())


@router.get("/authors")
async def list_authors(part: SomePart) -> Page[AuthorOut]:
    found = part.of(Author.objects.order_by("name"))
    return Page(
        total=await Author.objects.async_count(),
        items=[AuthorOut.of(author) async for author in found],
    )


@router.delete("/authors/{author_id}", status_code=204)
async def remove_author(author: OneAuthor) -> None:
    await author.async_delete()  # refused while there are books: the reference says DENY


# Books


@router.post("/books", status_code=201)
async def add_book(new: BookIn) -> BookOut:
    author = await Author.objects.async_get(pk=new.author)
    book = Book(title=new.title, author=author, copies=new.copies)
    return BookOut.of(await book.async_save())


@router.get("/books")
async def list_books(part: SomePart, author: str | None = None) -> Page[BookOut]:
    books = Book.objects(author=author) if author else Book.objects
    # The authors of all books come with one more query.
    found = part.of(books.order_by("title", "id")).prefetch("author")
    return Page(
        total=await books.async_count(),
        items=[BookOut.of(book) async for book in found],
    )


@router.get("/books/{book_id}")
async def show_book(book: OneBook) -> BookOut:
    await book.async_select_related()
    return BookOut.of(book)


@router.patch("/books/{book_id}")
async def change_book(book: OneBook, change: BookChange) -> BookOut:
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(book, name, value)
    await book.async_save()  # sends what changed, and only that
    await book.async_select_related()
    return BookOut.of(book)


@router.delete("/books/{book_id}", status_code=204)
async def remove_book(book: OneBook) -> None:
    await book.async_delete()  # its text and its loans go with it


# The text of a book


@router.put("/books/{book_id}/text", status_code=202)
async def upload_text(town: Town, book: OneBook, text: UploadFile) -> JobOut:
    """Store the text piece by piece, and leave the counting of its words to the worker."""
    await book.text.async_replace(
        pieces_of(text),
        filename=text.filename or "text",
        content_type=text.content_type or "application/octet-stream",
    )
    await book.async_save()
    return JobOut.of(await Job(town=town, book=book.pk).async_save())


async def pieces_of(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(PIECE):
        yield piece


@router.get("/books/{book_id}/text")
async def download_text(book: OneBook) -> StreamingResponse:
    """Send the text as it is read from the database, chunk by chunk."""
    stored = await book.text.async_get()
    if stored is None:
        raise HTTPException(404, "This book has no text.")
    return StreamingResponse(
        book.text.async_chunks(),
        media_type=book.text.content_type,
        headers={
            "Content-Length": str(stored.length),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.filename)}",
        },
    )


# Loans


@router.post("/books/{book_id}/loans", status_code=201)
async def lend(book: OneBook, to: LoanIn) -> LoanOut:
    """Take a copy off the shelf and write down who has it: both, or neither."""

    async def take_one_copy() -> Loan:
        shelf = Book.objects(pk=book.pk, copies__gt=0)
        if not await shelf.async_update_one(dec__copies=1):
            raise HTTPException(409, "All copies are lent.")
        return await Loan(book=book, member=to.member).async_save()

    # Two that take the last copy at once meet on the server: one of them is run again.
    return LoanOut.of(await async_with_transaction(take_one_copy))


@router.get("/loans")
async def list_loans(part: SomePart, member: str | None = None) -> Page[LoanOut]:
    loans = Loan.objects(member=member) if member else Loan.objects
    found = part.of(loans.order_by("since", "id"))
    return Page(
        total=await loans.async_count(),
        items=[LoanOut.of(loan) async for loan in found],
    )


@router.get("/loans/{loan_id}/book")
async def show_lent_book(loan: OneLoan) -> BookOut:
    book = await loan.book.async_fetch()  # unloaded, it is a proxy: it has to be awaited
    await book.async_select_related()
    return BookOut.of(book)


@router.delete("/loans/{loan_id}", status_code=204)
async def give_back(loan: OneLoan) -> None:
    async def put_copy_back() -> None:
        # Whoever gives back twice at once counts once.
        if await Loan.objects(pk=loan.pk).async_delete():
            await Book.objects(pk=loan.book.pk).async_update_one(inc__copies=1)

    await async_with_transaction(put_copy_back)
