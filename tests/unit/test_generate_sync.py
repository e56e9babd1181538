"""The generator of the sync twins, on throw-away source trees."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from tokenize_rt import Token, src_to_tokens, tokens_to_src

from tools import generate_sync
from tools.generate_sync import Refusal, build_twins, main
from tools.twin import refusals
from tools.twin.names import NAMES, row_location
from tools.twin.prose import reworded
from tools.twin.refusals import translate
from tools.twin.translation import TwinRule

SOURCE_PATH = "mongoengine/_async/document.py"
TWIN_PATH = "mongoengine/_sync/document.py"

# One source with everything in it, and its twin byte for byte. Every supported Python runs this
# test, so all of them agree.
SOURCE = '''\
"""Async I/O of documents.

An async iterator. Use `await doc.async_save()` on an async connection.
"""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
)
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from pymongo.asynchronous.cursor import AsyncCursor

from mongoengine._async.query import AsyncThing, _async_helper

T = TypeVar("T")
fixtures = [pytest.fixture, pytest_asyncio.fixture]


class AsyncDocumentIO:
    """The async verbs."""

    __slots__ = ()

    async def async_save(self, **options: Any) -> str:
        # await self.async_check() first, as an async call
        value = (await self.async_get(options)).name
        if (await self.a) and (await self.b)[0] or not (await (self.c or T)):
            return await(value)
        if (await value) and print((await value), (await value).x, await value):
            return f"async_save {{await x}} é {await value!r:>{10}} {self.async_name} {AsyncThing}"
        return await _async_helper(
            value, key=r"\\basync_save\\b" "\\nasync_save() of mongoengine._async.x"
        )

    async def __aiter__(self) -> AsyncGenerator[T, None]:
        async with aclosing(self._async_all()) as documents, AsyncExitStack() as stack:
            await stack.enter_async_context(documents)
            async for document in documents:
                yield document
        yield [d async for d in documents if await d.async_is_new()]

    async def __anext__(self) -> T:
        found: list[AsyncCursor] = []
        await anext(aiter(found))
        raise StopAsyncIteration

    @asynccontextmanager
    async def _async_entered(
        self, one: Callable[[], Awaitable[T]], other: Callable[..., Coroutine[Any, Any, list[T]]]
    ) -> AsyncIterator[Iterator[T]]:
        getattr(self, "async_call")()
        yield self
'''.replace("{{await x}}", "{{x}}")

TWIN = '''\
# Generated from mongoengine/_async/document.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Sync I/O of documents.

An iterator. Use `doc.save()` on a sync connection.
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    Generator,
    Iterator,
)
from contextlib import ExitStack, closing, contextmanager
from typing import Any, TypeVar

import pytest
from pymongo.synchronous.cursor import Cursor

from mongoengine._sync.query import SyncThing, _helper

T = TypeVar("T")
fixtures = [pytest.fixture, pytest.fixture]


class SyncDocumentIO:
    """The sync verbs."""

    __slots__ = ()

    def save(self, **options: Any) -> str:
        # self.check() first, as a sync call
        value = self.get(options).name
        if self.a and self.b[0] or not (self.c or T):
            return value
        if value and print(value, value.x, value):
            return f"save {{x}} é {value!r:>{10}} {self.name} {SyncThing}"
        return _helper(value, key=r"\\bsave\\b" "\\nsave() of mongoengine._sync.x")

    def __iter__(self) -> Generator[T, None, None]:
        with closing(self._all()) as documents, ExitStack() as stack:
            stack.enter_context(documents)
            for document in documents:
                yield document
        yield [d for d in documents if d.is_new()]

    def __next__(self) -> T:
        found: list[Cursor] = []
        next(iter(found))
        raise StopIteration

    @contextmanager
    def _entered(
        self, one: Callable[[], T], other: Callable[..., list[T]]
    ) -> Iterator[Iterator[T]]:
        getattr(self, "call")()
        yield self
'''

ROWS = {
    "AsyncCursor": "Cursor",
    "_async": "_sync",
    "asynchronous": "synchronous",
    "pytest_asyncio": "pytest",
}


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path, "pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    write(tmp_path, SOURCE_PATH, '"""Nothing yet."""\n')
    write(tmp_path, "tests/_async/__init__.py", "")
    return tmp_path


def problems(root: Path, text: str, names: Mapping[str, str] | None = None) -> list[str]:
    write(root, SOURCE_PATH, textwrap.dedent(text))
    with pytest.raises(Refusal) as caught:
        build_twins(root, names or {})
    return caught.value.problems


def twin_of(text: str, names: Mapping[str, str] | None = None) -> str:
    twin = translate(textwrap.dedent(text), TwinRule(names or {}))
    assert twin.problems == []
    return twin.text


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*.py")
    }


# What is translated


def test_a_source_becomes_the_same_twin_on_every_python(tree: Path) -> None:
    write(tree, SOURCE_PATH, SOURCE)
    assert build_twins(tree, ROWS)[TWIN_PATH] == TWIN


def test_a_finished_twin_is_left_alone_by_formatter_and_import_sorter(tree: Path) -> None:
    write(tree, SOURCE_PATH, SOURCE)
    write(tree, "mongoengine/__init__.py", "")
    write(tree, "mongoengine/_async/query.py", "def f(): ...\n")
    write(tree, "tests/_async/test_it.py", "import b\n\nfrom mongoengine import a\n\na(b)\n")
    assert main([], tree, ROWS) == 0
    twins = ["mongoengine/_sync", "tests/_sync"]
    for command in (["format", "--check"], ["check", "--select", "I"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", *twins],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_an_f_string_in_one_token_or_in_many_translates_the_same() -> None:
    many = [
        Token("NAME", "x", 1),
        Token("OP", "=", 1),
        Token("FSTRING_START", 'f"', 1),
        Token("FSTRING_MIDDLE", "async", 1),
        Token("OP", "{", 1),
        Token("NAME", "await", 1),
        Token("UNIMPORTANT_WS", " ", 1),
        Token("NAME", "y", 1),
        Token("OP", ":", 1),
        Token("FSTRING_START", "f'", 1),
        Token("FSTRING_MIDDLE", "{{_async_a}} ", 1),
        Token("FSTRING_END", "'", 1),
        Token("OP", "}", 1),
        Token("FSTRING_MIDDLE", " async_b", 1),
        Token("FSTRING_END", '"', 1),
        Token("NEWLINE", "\n", 1),
        Token("ENDMARKER", "", 2),
    ]
    one = [*many[:2], Token("STRING", tokens_to_src(many[2:-2]), 1), *many[-2:]]
    expected = """x=f"async{y:f'{{_a}} '} b"\n"""
    assert tokens_to_src(TwinRule({}).translated(many)) == expected
    assert tokens_to_src(TwinRule({}).translated(one)) == expected


@pytest.mark.parametrize(
    "source",
    [
        'x = f"{{a}} {b!r:>{w}} \\N{BULLET} {c=}"\n',
        'x = rf"\\d{{2}}{x:%Y-%m}" "é" f"{{{x}}}"\n',
        'x = f"""a {\n y} {{}}\n"""\n',
        "x = f\"{d['a']:{{}}}\"\n",
    ],
)
def test_an_f_string_without_async_names_is_kept_to_the_letter(source: str) -> None:
    assert tokens_to_src(TwinRule({}).translated(src_to_tokens(source))) == source


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("async_save", "save"),
        ("_async_save", "_save"),
        ("AsyncQuerySet", "SyncQuerySet"),
        ("_AsyncQuerySet", "_SyncQuerySet"),
        ("__aexit__", "__exit__"),
        ("connect_async", "connect"),
        ("async_", "async_"),
        ("async_for", "async_for"),
        ("Asyncify", "Asyncify"),
        ("is_async_connection", "is_async_connection"),
    ],
)
def test_a_name_is_translated_by_its_prefix_or_its_row(name: str, twin: str) -> None:
    assert TwinRule({"connect_async": "connect"}).translated_name(name) == twin


@pytest.mark.parametrize(
    ("source", "twin"),
    [
        ("return await(x)", "return (x)"),
        ("return (await x)", "return x"),
        ("return (await f(\n  1\n)).y", "return f(\n  1\n).y"),
        ("return (await (x or y)).z", "return (x or y).z"),
        ("return f(await x)", "return f(x)"),
        ("return f((await x), [await y])", "return f(x, [y])"),
        ("return (await x or y)", "return (x or y)"),
        ("return (\n    await x\n)", "return (\n    x\n)"),
        ("return not(await x)", "return not(x)"),
        ("return await(await x)", "return (x)"),
    ],
)
def test_dropping_await_keeps_the_parentheses_that_still_bind(source: str, twin: str) -> None:
    indented = textwrap.indent(source, "    ")
    assert twin_of(f"async def f(x, y):\n{indented}\n") == (
        f"def f(x, y):\n{textwrap.indent(twin, '    ')}\n"
    )


@pytest.mark.parametrize(
    ("annotation", "twin"),
    [
        ("AsyncGenerator[int]", "Generator[int, None, None]"),
        ("AsyncGenerator[int, None]", "Generator[int, None, None]"),
        ("AsyncGenerator[int, str,]", "Generator[int, str, None,]"),
        ("AsyncGenerator[dict[str, int], None]", "Generator[dict[str, int], None, None]"),
        ("Awaitable[int]", "int"),
        ("Awaitable[int,]", "int"),
        ("Callable[[], Awaitable[Awaitable[int]]]", "Callable[[], int]"),
        ("Coroutine[Any, Any, list[int]]", "list[int]"),
        ("Coroutine[None, Awaitable[str], AsyncIterator[int]]", "Iterator[int]"),
    ],
)
def test_an_async_type_becomes_the_type_of_the_sync_result(annotation: str, twin: str) -> None:
    assert twin_of(f"x: {annotation}\n") == f"x: {twin}\n"


@pytest.mark.parametrize(
    ("source", "twin"),
    [
        ("from abc import Awaitable, Callable\n", "from abc import Callable\n"),
        ("from abc import Callable, Coroutine\n", "from abc import Callable\n"),
        ("from abc import A, Awaitable, B, Coroutine, C\n", "from abc import A, B, C\n"),
        ("from abc import Awaitable, Coroutine\nx = 1\n", "\nx = 1\n"),
        ("from abc import (\n    Awaitable,\n)\n", "\n"),
        ("from abc import (\n    Awaitable,\n    B,\n)\n", "from abc import (\n    \n    B,\n)\n"),
        ("from abc import (A, Awaitable)\n", "from abc import (A)\n"),
    ],
)
def test_imports_of_types_the_twin_does_not_need_go(source: str, twin: str) -> None:
    assert twin_of(source) == twin


@pytest.mark.parametrize(
    ("prose", "twin"),
    [
        ("await doc.author.fetch first", "doc.author.fetch first"),
        ("``await proxy`` and `await x`", "``proxy`` and `x`"),
        (">>> await proxy", ">>> proxy"),
        ("users = await find(1)", "users = find(1)"),
        ("Callers await results.", "Callers await results."),
        ("``async with`` or ``async for``", "``with`` or ``for``"),
        ("An async client, an asynchronous one", "A sync client, a synchronous one"),
        ("Async clients run asynchronously", "Sync clients run synchronously"),
        ("an async function is an async iterator", "a function is an iterator"),
        ("Async iterators of async-only code", "Iterators of sync-only code"),
        ("A coroutine is awaited; Coroutines", "A function is called; Functions"),
    ],
)
def test_prose_about_async_code_is_reworded(prose: str, twin: str) -> None:
    assert reworded(prose) == twin


def test_only_strings_that_stand_alone_are_reworded_as_docstrings() -> None:
    source = '"""An async module."""\nclass A:\n    x = 1\n    "An async x."\n\n    y = "async_x"\n'
    twin = '"""A sync module."""\nclass A:\n    x = 1\n    "A sync x."\n\n    y = "x"\n'
    assert twin_of(source) == twin


# Writing and checking


def test_writing_creates_twins_in_subfolders_and_says_so(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "mongoengine/_async/fields/files.py", "async def async_put(): ...\n")
    write(tree, "tests/_async/data.json", "{}")
    assert main([], tree, {}) == 0
    assert capsys.readouterr().out == "generate_sync: 3 twins, 3 written, 0 orphans removed\n"
    assert files(tree)["mongoengine/_sync/fields/files.py"] == (
        "# Generated from mongoengine/_async/fields/files.py; do not edit.\n"
        "# To write it again: python tools/generate_sync.py\n"
        "\n\n"
        "def put(): ...\n"
    )
    assert not (tree / "tests/_sync/data.json").exists()


def test_writing_again_touches_no_file(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([], tree, {})
    before = (tree / TWIN_PATH).stat().st_mtime_ns
    capsys.readouterr()
    assert main([], tree, {}) == 0
    assert "0 written" in capsys.readouterr().out
    assert (tree / TWIN_PATH).stat().st_mtime_ns == before


def test_writing_removes_orphans(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tree, "tests/_async/test_old.py", "")
    main([], tree, {})
    assert (tree / "tests/_sync/test_old.py").exists()
    (tree / "tests/_async/test_old.py").unlink()
    capsys.readouterr()
    assert main([], tree, {}) == 0
    assert "1 orphans removed" in capsys.readouterr().out
    assert not (tree / "tests/_sync/test_old.py").exists()


def test_the_check_passes_on_what_was_just_written(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([], tree, {})
    capsys.readouterr()
    assert main(["--check"], tree, {}) == 0
    assert capsys.readouterr().out == "generate_sync: 2 twins, up to date\n"


def test_the_check_names_stale_missing_and_orphaned_twins_and_writes_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "tests/_async/test_old.py", "")
    main([], tree, {})
    (tree / "tests/_async/test_old.py").unlink()
    write(tree, "tests/_async/test_new.py", "")
    write(tree, SOURCE_PATH, '"""Something else."""\n')
    before = files(tree)
    capsys.readouterr()
    assert main(["--check"], tree, {}) == 1
    out = capsys.readouterr().out
    assert f"stale: {TWIN_PATH}\n--- {TWIN_PATH}\n" in out
    assert '-"""Nothing yet."""\n+"""Something else."""\n' in out
    assert "missing: tests/_sync/test_new.py\n" in out
    assert "orphaned: tests/_sync/test_old.py\n" in out
    assert out.endswith("generate_sync: 3 twins, 3 differ; run: python tools/generate_sync.py\n")
    assert files(tree) == before


def test_the_check_notices_line_ends_of_another_system(tree: Path) -> None:
    main([], tree, {})
    path = tree / TWIN_PATH
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["--check"], tree, {}) == 1


def test_the_imports_are_sorted_as_if_the_twins_were_already_there(tree: Path) -> None:
    write(tree, SOURCE_PATH, "import pymongo\n\nfrom mongoengine._async import a\n\na(pymongo)\n")
    first = build_twins(tree, {"_async": "_sync"})
    main([], tree, {"_async": "_sync"})
    assert build_twins(tree, {"_async": "_sync"}) == first


# Refusals


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_a_refusal_exits_with_2_names_the_line_and_writes_nothing(
    tree: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "tests/_async/test_good.py", "")
    write(tree, SOURCE_PATH, "x = 1\nimport asyncio\n")
    before = files(tree)
    assert main(arguments, tree, {}) == 2
    captured = capsys.readouterr()
    assert captured.err == (
        f"refused: {SOURCE_PATH}:2: async code is left in its twin: asyncio\n"
        "generate_sync: refused, nothing written\n"
    )
    assert captured.out == ""
    assert files(tree) == before


@pytest.mark.parametrize("folder", ["mongoengine/_async", "tests/_async"])
def test_a_folder_without_sources_is_refused(tree: Path, folder: str) -> None:
    main([], tree, {})
    for path in (tree / folder).iterdir():
        path.unlink()
    before = files(tree)
    with pytest.raises(Refusal) as caught:
        build_twins(tree, {})
    assert caught.value.problems == [f"{folder}: there is no Python file to translate"]
    assert main([], tree, {}) == 2
    assert files(tree) == before


def test_a_row_that_no_source_uses_is_refused(tree: Path) -> None:
    rows = {"find_async": "find", "get_async": "get"}
    assert problems(tree, "async def find_async(): ...\n", rows) == [
        "tools/twin/names.py: no source uses the row 'get_async'; delete it"
    ]


def test_a_row_is_located_in_the_table() -> None:
    file, line = row_location("_async").split(":")
    text = (Path(generate_sync.ROOT) / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert text == f'    "_async": "{NAMES["_async"]}",'


def test_a_source_that_does_not_compile_is_refused(tree: Path) -> None:
    assert problems(tree, "x = 1\ny = (\n") == [
        f"{SOURCE_PATH}:2: the source does not compile: '(' was never closed"
    ]


def test_a_twin_that_does_not_compile_is_refused(tree: Path) -> None:
    source = """\
        if True:
            from collections.abc import Awaitable
        x = 1
        """
    message = "expected an indented block after 'if' statement on line 1"
    assert problems(tree, source) == [f"{SOURCE_PATH}:3: its twin does not compile: {message}"]


def test_tokens_that_do_not_give_the_source_back_are_refused(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "src_to_tokens", lambda source: src_to_tokens(source)[1:])
    assert problems(tree, "x = 1\n") == [
        f"{SOURCE_PATH}:1: the tokenizer does not give the source back unchanged"
    ]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("asyncio.run(main())", "async code is left in its twin: asyncio"),
        ("get_async_db()", "async code is left in its twin: get_async_db"),
        ("def __await__(): ...", "async code is left in its twin: __await__"),
        ("def f(x: Awaitable): ...", "async code is left in its twin: Awaitable"),
        ("from abc import (Awaitable as A, B)", "async code is left in its twin: Awaitable"),
        ("x: abc.Awaitable[int]", "async code is left in its twin: Awaitable"),
        ("async_for = 1", "async code is left in its twin: async_for"),
        ("inspect.iscoroutine(x)", "async code is left in its twin: iscoroutine"),
        ("x = 'async_'", "async wording is left in a string of its twin, reword it: async_"),
        ("x = 'get_async_db'", "left in a string of its twin, reword it: get_async_db"),
        ("x = 'first await it'", "left in a string of its twin, reword it: await"),
        ("x = f'{asyncio}'", "left in a string of its twin, reword it: asyncio"),
        ("def f():\n    'Awaitable.'", "left in a docstring of its twin, reword it: Awaitable"),
        ("x = 1  # await it", "left in a comment of its twin, reword it: await"),
    ],
)
def test_whatever_stays_async_in_a_twin_is_refused(tree: Path, source: str, left: str) -> None:
    found = problems(tree, f"x = 1\n{source}\n")
    line = 2 + source.count("\n")
    assert [(p.startswith(f"{SOURCE_PATH}:{line}: "), p.endswith(left)) for p in found] == [
        (True, True)
    ]


def test_the_line_of_a_leftover_is_found_inside_a_long_docstring(tree: Path) -> None:
    found = problems(tree, '"""One.\n\nTwo.\nUse asyncio.\n"""\n')
    assert [problem.split(": ")[0] for problem in found] == [f"{SOURCE_PATH}:4"]


@pytest.mark.parametrize("word", ["awaiting", "asynchronous", "a coroutine"])
def test_a_plain_string_may_hold_english_words_as_data(word: str) -> None:
    assert twin_of(f"status = '{word}'\n") == f"status = '{word}'\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "def get_db(): ...\n\n\nasync def async_get_db(): ...\n",
            "4: async_get_db and get_db of the module collide in its twin: both become get_db",
        ),
        (
            "class A:\n    x = 1\n    def save(self): ...\n    async def async_save(self): ...\n",
            "4: async_save and save of A collide in its twin: both become save",
        ),
        (
            "class A:\n    def __iter__(self): ...\n    def __aiter__(self): ...\n",
            "3: __aiter__ and __iter__ of A collide in its twin: both become __iter__",
        ),
        (
            "from a import async_count\nasync def f(count):\n    await async_count(count)\n",
            "3: async_count and count of f collide in its twin: both become count",
        ),
        (
            "from a import async_get\nasync def f():\n    get = await async_get()\n    get()\n",
            "3: async_get and get of f collide in its twin: both become get",
        ),
        (
            "from a import async_get\nfrom b import get\n",
            "1: async_get and get of the module collide in its twin: both become get",
        ),
        (
            "from a import async_get\nasync def f(get):\n    return f'{async_get} {get}'\n",
            ": async_get and get of f collide in its twin: both become get",
        ),
    ],
)
def test_names_that_become_one_in_a_scope_are_refused(
    tree: Path, source: str, message: str
) -> None:
    found = problems(tree, source)
    assert len(found) == 1
    assert found[0].startswith(f"{SOURCE_PATH}:")
    assert found[0].endswith(f":{message}" if message[0].isdigit() else message)


def test_two_spellings_of_one_import_or_builtin_do_not_collide() -> None:
    source = """\
        from typing import AsyncIterator, Iterator
        from state import async_get_db, get_db
        async def f(x: Iterator[int], y: AsyncIterator[int]):
            return next(x), await anext(y), get_db(), async_get_db()
        """
    assert "def f(x: Iterator[int], y: Iterator[int]):" in twin_of(source)


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ("def f(): ...\ndef f(): ...\n", 2, "F811"),
        ("x = undefined\n", 1, "F821"),
        ("x = 1\ndef f():\n    print(x)\n    x = 2\n", 3, "F823"),
    ],
)
def test_names_ruff_finds_wrong_in_a_twin_are_refused(
    tree: Path, source: str, line: int, code: str
) -> None:
    found = problems(tree, source)
    assert len(found) == 1
    assert found[0].startswith(f"{SOURCE_PATH}: in its twin, line {line}:")
    assert f" {code} " in found[0]


def test_a_failing_ruff_is_a_refusal_and_not_an_unfinished_twin(tree: Path) -> None:
    write(tree, "pyproject.toml", "[tool.ruff]\nline-length = 'long'\n")
    found = problems(tree, "x = 1\n")
    assert found
    assert all("in its twin, " in problem for problem in found)


def test_an_async_class_of_another_project_needs_a_row(tree: Path) -> None:
    source = "from pymongo import AsyncMongoClient\nAsyncMongoClient()\n"
    assert problems(tree, source) == [
        f"{SOURCE_PATH}:1: AsyncMongoClient of pymongo needs a row among the names"
    ]
    rows = {"AsyncMongoClient": "MongoClient"}
    assert twin_of(source, rows) == "from pymongo import MongoClient\nMongoClient()\n"


def test_a_file_whose_name_would_be_translated_in_imports_is_refused(tree: Path) -> None:
    write(tree, "mongoengine/_async/async_utils.py", "")
    assert problems(tree, "x = 1\n") == [
        "mongoengine/_async/async_utils.py:1: twins keep their file names, and this one is async"
    ]


def test_a_file_written_by_hand_among_the_twins_is_neither_removed_nor_ignored(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "mongoengine/_sync/mine.py", "x = 1\n")
    for arguments in ([], ["--check"]):
        assert main(arguments, tree, {}) == 2
        assert "refused: mongoengine/_sync/mine.py:1: a file written by hand" in (
            capsys.readouterr().err
        )
    assert "mongoengine/_sync/mine.py" in files(tree)
    assert TWIN_PATH not in files(tree)


def test_all_problems_are_told_at_once(tree: Path) -> None:
    write(tree, "tests/_async/test_it.py", "import asyncio\n")
    found = problems(tree, "x = await_\nasyncio\n")
    assert [problem.split(": ")[0] for problem in found] == [
        f"{SOURCE_PATH}:1",
        f"{SOURCE_PATH}:2",
        "tests/_async/test_it.py:1",
    ]


# The project itself


def test_the_twins_of_this_project_are_up_to_date(tmp_path: Path) -> None:
    script = generate_sync.ROOT / "tools" / "generate_sync.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
