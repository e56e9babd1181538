"""Every route of the FastAPI application, through a real HTTP client, and its error answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from bson import ObjectId

from mongoengine.connection import ConnectionType, get_async_db, get_connection_type
from tests.examples.library import Library, library_databases, serving

NOBODY = str(ObjectId())


@pytest.fixture
def databases(mongodb_uri: str) -> Iterator[None]:
    with library_databases(mongodb_uri):
        yield


@pytest.fixture
async def client(databases: None) -> AsyncIterator[httpx.AsyncClient]:
    async with serving() as client:
        yield client


@pytest.fixture
def library(client: httpx.AsyncClient) -> Library:
    return Library(client)


def detail(answer: httpx.Response) -> Any:
    return answer.json()["detail"]


# Authors


async def test_authors_are_listed_by_name_and_in_parts(
    client: httpx.AsyncClient, library: Library
) -> None:
    for name in ("Woolf", "Austen", "Eliot"):
        await library.author(name)

    everyone = (await client.get("/authors")).json()
    second = (await client.get("/authors", params={"skip": 1, "limit": 1})).json()

    assert [author["name"] for author in everyone["items"]] == ["Austen", "Eliot", "Woolf"]
    assert (second["total"], second["items"]) == (3, [everyone["items"][1]])


@pytest.mark.parametrize("part", [{"skip": -1}, {"limit": 0}, {"limit": 101}, {"skip": "some"}])
async def test_parts_that_make_no_sense_are_refused(
    client: httpx.AsyncClient, part: dict[str, Any]
) -> None:
    assert (await client.get("/authors", params=part)).status_code == 422


async def test_a_name_is_taken_once(client: httpx.AsyncClient, library: Library) -> None:
    await library.author("Eliot")

    again = await client.post("/authors", json={"name": "Eliot"})

    assert (again.status_code, detail(again)) == (409, "There is one like this already.")


async def test_an_author_without_a_name_is_refused_at_the_edge(client: httpx.AsyncClient) -> None:
    assert (await client.post("/authors", json={"name": "  "})).status_code == 422


async def test_an_author_with_books_stays(client: httpx.AsyncClient, library: Library) -> None:
    author = await library.author()
    book = await library.book(author=author)

    refused = await client.delete(f"/authors/{author}")
    assert (refused.status_code, "Book.author" in detail(refused)) == (409, True)

    assert (await client.delete(f"/books/{book}")).status_code == 204
    assert (await client.delete(f"/authors/{author}")).status_code == 204
    assert (await client.delete(f"/authors/{author}")).status_code == 404


# Books


async def test_a_book_is_added_shown_changed_and_removed(
    client: httpx.AsyncClient, library: Library
) -> None:
    author = await library.author("Eliot")
    made = await client.post("/books", json={"title": "Romola", "author": author, "copies": 2})
    book = made.json()
    assert made.status_code == 201
    assert book["author"] == {"id": author, "name": "Eliot"}
    path = f"/books/{book['id']}"

    assert (await client.get(path)).json() == book

    changed = await client.patch(path, json={"copies": 5})
    assert changed.json() == {**book, "copies": 5}

    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_books_are_listed_with_their_authors(
    client: httpx.AsyncClient, library: Library
) -> None:
    eliot = await library.author("Eliot")
    await library.book("Romola", author=eliot)
    await library.book("Adam Bede", author=eliot)
    await library.book("Emma")

    everything = (await client.get("/books", params={"limit": 2})).json()
    of_eliot = (await client.get("/books", params={"author": eliot})).json()

    assert everything["total"] == 3
    assert [book["title"] for book in everything["items"]] == ["Adam Bede", "Emma"]
    assert [(book["title"], book["author"]["name"]) for book in of_eliot["items"]] == [
        ("Adam Bede", "Eliot"),
        ("Romola", "Eliot"),
    ]


@pytest.mark.parametrize(
    ("book", "status"),
    [
        ({"title": "Emma", "author": NOBODY}, 404),
        ({"title": "Emma", "author": "nobody"}, 422),
        ({"title": "", "author": NOBODY}, 422),
        ({"title": "Emma", "author": NOBODY, "copies": -1}, 422),
        ({"title": "Emma"}, 422),
    ],
)
async def test_a_book_that_cannot_be_is_refused(
    client: httpx.AsyncClient, book: dict[str, Any], status: int
) -> None:
    assert (await client.post("/books", json=book)).status_code == status


@pytest.mark.parametrize(("key", "status"), [(NOBODY, 404), ("nothing", 422)])
async def test_what_is_not_there_is_said_so(
    client: httpx.AsyncClient, key: str, status: int
) -> None:
    answers = [
        await client.delete(f"/authors/{key}"),
        await client.get(f"/books/{key}"),
        await client.patch(f"/books/{key}", json={"copies": 1}),
        await client.delete(f"/books/{key}"),
        await client.get(f"/books/{key}/text"),
        await client.put(f"/books/{key}/text", files={"text": b"words"}),
        await client.post(f"/books/{key}/loans", json={"member": "Ada"}),
        await client.get(f"/loans/{key}/book"),
        await client.delete(f"/loans/{key}"),
    ]

    assert [answer.status_code for answer in answers] == [status] * len(answers)
    assert all(detail(answer) for answer in answers)


# Texts


async def test_a_text_comes_back_as_it_was_sent_and_is_never_held_as_a_whole(
    databases: None,
) -> None:
    content = bytes(range(256)) * 4000
    sizes: list[int] = []
    async with serving(sizes) as client:
        path = f"/books/{await Library(client).book()}/text"
        stored = await client.put(path, files={"text": ("résumé.txt", content, "text/plain")})
        sizes.clear()
        answer = await client.get(path)

    assert (stored.status_code, stored.json()["status"]) == (202, "waiting")
    assert answer.content == content
    assert (sum(sizes), max(sizes)) == (len(content), 255 * 1024)  # GridFS' own chunks
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-length"] == str(len(content))
    assert "r%C3%A9sum%C3%A9.txt" in answer.headers["content-disposition"]


async def test_a_new_text_takes_the_place_of_the_old(
    client: httpx.AsyncClient, library: Library
) -> None:
    path = f"/books/{await library.book()}/text"
    for content in (b"first", b"second"):
        await client.put(path, files={"text": content})

    assert (await client.get(path)).content == b"second"
    assert await get_async_db().fs.files.count_documents({}) == 1


async def test_a_book_without_text_has_none_to_send(
    client: httpx.AsyncClient, library: Library
) -> None:
    answer = await client.get(f"/books/{await library.book()}/text")

    assert (answer.status_code, detail(answer)) == (404, "This book has no text.")


# Loans


async def test_a_copy_is_lent_shown_and_given_back_once(
    client: httpx.AsyncClient, library: Library
) -> None:
    book = await library.book("Romola", copies=1)
    loan = await library.loan(book, "Ada")
    assert (await client.get(f"/books/{book}")).json()["copies"] == 0

    lent = (await client.get(f"/loans/{loan}/book")).json()
    assert (lent["title"], lent["author"]["name"]) == ("Romola", "Author of Romola")

    listed = (await client.get("/loans", params={"member": "Ada"})).json()
    assert [(each["id"], each["book"]) for each in listed["items"]] == [(loan, book)]
    assert (await client.get("/loans", params={"member": "Grace"})).json()["total"] == 0

    assert (await client.delete(f"/loans/{loan}")).status_code == 204
    assert (await client.delete(f"/loans/{loan}")).status_code == 404
    assert (await client.get(f"/books/{book}")).json()["copies"] == 1


async def test_a_loan_that_fails_halfway_takes_no_copy(
    client: httpx.AsyncClient, library: Library
) -> None:
    book = await library.book(copies=3)
    await library.loan(book, "Ada")

    again = await client.post(f"/books/{book}/loans", json={"member": "Ada"})

    assert (again.status_code, detail(again)) == (409, "There is one like this already.")
    assert (await client.get(f"/books/{book}")).json()["copies"] == 2


async def test_of_many_that_want_the_last_copies_as_many_get_one(
    client: httpx.AsyncClient, library: Library
) -> None:
    book = await library.book(copies=3)

    answers = await asyncio.gather(
        *(client.post(f"/books/{book}/loans", json={"member": f"member {n}"}) for n in range(12))
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 9
    assert (await client.get(f"/books/{book}")).json()["copies"] == 0
    assert (await client.get("/loans")).json()["total"] == 3


async def test_the_loans_of_a_removed_book_go_with_it(
    client: httpx.AsyncClient, library: Library
) -> None:
    book = await library.book()
    await library.loan(book)

    await client.delete(f"/books/{book}")

    assert (await client.get("/loans")).json() == {"total": 0, "items": []}


# Towns


async def test_towns_know_nothing_of_each_other(
    client: httpx.AsyncClient, library: Library
) -> None:
    south = {"X-Town": "south"}
    book = await library.book("Romola")
    await library.author("Verga", headers=south)

    assert (await client.get(f"/books/{book}", headers=south)).status_code == 404
    in_the_south = (await client.get("/authors", headers=south)).json()
    assert [author["name"] for author in in_the_south["items"]] == ["Verga"]
    in_the_north = (await client.get("/authors")).json()
    assert [author["name"] for author in in_the_north["items"]] == ["Author of Romola"]


async def test_a_request_names_a_town_there_is(client: httpx.AsyncClient) -> None:
    unknown = await client.get("/books", headers={"X-Town": "west"})
    assert (unknown.status_code, detail(unknown)) == (404, "There is no library in 'west'.")

    del client.headers["X-Town"]
    assert (await client.get("/books")).status_code == 422


async def test_the_application_starts_and_ends_more_than_once(databases: None) -> None:
    for total in (0, 1):
        async with serving() as client:
            assert (await client.get("/authors")).json()["total"] == total
            await Library(client).author(f"author {total}")

    assert get_connection_type("north") is ConnectionType.NONE
