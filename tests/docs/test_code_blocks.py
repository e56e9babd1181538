"""Every Python block of the documentation runs, and prints what it says it prints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest

from mongoengine import disconnect_all, disconnect_all_async
from mongoengine.base.common import _document_registry
from tests.docs.blocks import DOCS, Page, blocks_of, pages

PREFIX = f"docs_{os.getpid()}_"

# Blocks that are only shown, by page. A new one has to be entered here, with a look at its reason.
ONLY_SHOWN: dict[str, int] = {}

PAGES = [pytest.param(path, id=str(path.relative_to(DOCS))) for path in pages()]


@pytest.fixture
def page(request: pytest.FixtureRequest, mongodb_uri: str) -> Iterator[Page]:
    """A page that leaves nothing behind: no connection, database or class."""
    registered = dict(_document_registry)
    opened = Page(request.param, mongodb_uri, PREFIX)
    try:
        yield opened
    finally:
        opened.run_async(disconnect_all_async())
        disconnect_all()
        opened.close()
        _document_registry.clear()
        _document_registry.update(registered)
        with pymongo.MongoClient[dict[str, object]](mongodb_uri) as client:
            for name in client.list_database_names():
                if name.startswith(PREFIX):
                    client.drop_database(name)


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_the_blocks_of_a_page_run_and_print_what_they_say(page: Page) -> None:
    for block in blocks_of(page.path.read_text(encoding="utf-8")):
        if block.not_run:
            continue
        if block.missing():
            pytest.skip(f"needs {', '.join(block.missing())}, which the tests can do without")
        assert page.run(block) == block.promised, f"{page.path.name}:{block.line}"


def test_blocks_that_are_only_shown_are_counted() -> None:
    shown: dict[str, int] = {}
    for path in pages():
        reasons = [block.not_run for block in blocks_of(path.read_text(encoding="utf-8"))]
        if any(reasons):
            shown[str(path.relative_to(DOCS))] = sum(map(bool, reasons))
    assert shown == ONLY_SHOWN


def test_there_are_pages_to_run() -> None:
    assert (DOCS / "tutorial.md") in pages()


# What runs them


def blocks(*lines: str) -> list:  # type: ignore[type-arg]
    return blocks_of("\n".join(lines))


def test_blocks_are_found_with_their_lines_and_marks() -> None:
    first, second, third = blocks(
        "# Page",
        "```python",
        "a = 1",
        "```",
        "```sh",
        "ls",
        "```",
        "% not run: it takes a broker",
        "% needs: celery, kombu",
        "```python",
        "b = 2",
        "```",
        "   ```python",
        "   if a:",
        "       c = 3",
        "   ```",
    )

    assert (first.code, first.line, first.not_run, first.needs) == ("a = 1\n", 3, "", ())
    assert (second.not_run, second.needs) == ("it takes a broker", ("celery", "kombu"))
    assert third.code == "if a:\n    c = 3\n"


def test_a_block_may_await_and_shares_names_and_loop_with_the_others() -> None:
    page = Page(Path("page.md"), "mongodb://there", "prefix_")
    first, second, third = blocks(
        "```python",
        "import asyncio",
        "first = asyncio.get_running_loop() if await asyncio.sleep(0, True) else None",
        "```",
        "```python",
        "async def same():",
        "    return asyncio.get_running_loop() is first",
        "```",
        "```python",
        "print(await same())  # prints True",
        "```",
    )

    assert page.run(first) == []
    assert page.run(second) == []
    assert page.run(third) == third.promised == ["True"]
    page.close()


def test_a_block_that_awaits_nothing_runs_without_a_loop() -> None:
    page = Page(Path("page.md"), "mongodb://there", "prefix_")
    (block,) = blocks("```python", "import asyncio", "asyncio.get_running_loop()", "```")

    with pytest.raises(RuntimeError, match="no running event loop"):
        page.run(block)
    page.close()


def test_servers_and_databases_are_replaced() -> None:
    page = Page(Path("page.md"), "mongodb://there", "prefix_")
    (block,) = blocks(
        "```python",
        "def connect(*args, **kwargs):",
        "    print(args, kwargs)",
        "register_connection = connect",
        'connect("shop", host="mongodb://localhost:27017")',
        'connect(alias="b", db="shop")',
        'register_connection("a", f"shop_{1}")',
        "```",
    )

    assert page.run(block) == [
        "('prefix_shop',) {'host': 'mongodb://there'}",
        "() {'alias': 'b', 'db': 'prefix_shop'}",
        "('a', 'prefix_shop_1') {}",
    ]
    page.close()


def test_a_connection_that_names_no_database_is_refused() -> None:
    page = Page(Path("page.md"), "mongodb://there", "prefix_")
    (block,) = blocks("```python", "connect()", "```")

    with pytest.raises(ValueError, match="names no database"):
        page.run(block)
    page.close()
