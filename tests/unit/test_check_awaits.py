"""The await checker, on small sources."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tools import check_awaits
from tools.check_awaits import ADVICE, Kind, collect_kinds, find_problems, main, parse

DEFINITIONS = """
from contextlib import asynccontextmanager

async def async_save(): ...
async def async_find():
    yield 1
async def outer():
    def inner():
        yield 1
    return [x for x in inner()]
@asynccontextmanager
async def async_session():
    yield 1
async def ping(): ...
async def load(): ...
def load_all(load): ...
class async_switch_db: ...
def async_settings(): ...
"""


def messages(body: str, *, header: str = "async def test(self, xs):") -> list[str]:
    """Check a function with this body; return `line: message`, the first line being 1."""
    text = f"{header}\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    found = find_problems([parse(DEFINITIONS, "definitions.py"), parse(text, "uses.py")])
    assert {problem.path for problem in found} <= {"uses.py"}
    return [f"{problem.line - 1}: {problem.message}" for problem in found]


def test_each_async_def_is_collected_with_what_its_call_gives() -> None:
    kinds = collect_kinds([parse(DEFINITIONS, "definitions.py")])
    assert kinds["async_save"] == Kind.COROUTINE
    assert kinds["outer"] == Kind.COROUTINE
    assert kinds["async_find"] == Kind.GENERATOR
    assert kinds["async_session"] == Kind.MANAGER
    assert kinds["ping"] == Kind.COROUTINE


def test_a_prefixed_name_that_is_never_async_gives_nothing_to_await() -> None:
    kinds = collect_kinds([parse(DEFINITIONS, "definitions.py")])
    assert kinds["async_settings"] == Kind(0)
    assert kinds["async_switch_db"] == Kind(0)


def test_an_unprefixed_name_that_also_means_something_else_is_left_out() -> None:
    assert "load" not in collect_kinds([parse(DEFINITIONS, "definitions.py")])


def test_a_name_that_is_async_in_one_class_and_plain_in_another_counts_if_it_has_the_prefix() -> (
    None
):
    text = "class A:\n    async def async_x(self): ...\nclass B:\n    def async_x(self): ...\n"
    assert collect_kinds([parse(text, "a.py")])["async_x"] == Kind.COROUTINE


@pytest.mark.parametrize(
    "use",
    [
        "self.async_save()",
        "async_save()",
        "_async_elsewhere()",
        "self.a.b.ping()",
        "x = self.async_save()",
        "print(self.async_save())",
        "if self.async_save(): pass",
        "[x.async_save() for x in xs]",
        "(await self.async_save()) + self.async_save()",
        "await self.a(self.async_save())",
        "self.async_save().name",
        "await (self.async_save() and self.ok)",
        "await (1 if self.async_save() else self.ok)",
        "async with self.a: self.async_save()",
        "with self.async_elsewhere() as x: pass",
        "for x in self.async_elsewhere(): pass",
        "self.run(*xs).then(self.async_save())",
    ],
)
def test_a_coroutine_that_nobody_awaits_is_found(use: str) -> None:
    found = messages(use)
    assert len(found) == 1
    assert found[0].startswith("1: ")
    assert "await it" in found[0]


@pytest.mark.parametrize(
    "use",
    [
        "save = self.async_save\nsave()",
        "save: Any = self.async_save\nsave()",
        "if save := self.async_save:\n    save()",
        "save = self.async_save if self else self.save\nsave()",
        "save = partial(self.async_save, 1)\nsave()",
        "save = getattr(self, 'async_save')\nsave()",
        "save = self._async_store\ndef inner():\n    save()",
        "getattr(self, 'async_save')()",
        "verb(self, 'async_save')(1)",
        "partial(self.async_save, 1)()",
    ],
)
def test_a_coroutine_called_by_another_name_is_found(use: str) -> None:
    *before, last = use.splitlines()
    indent = last[: len(last) - len(last.lstrip())]
    awaited = "\n".join([*before, f"{indent}await {last.lstrip()}"]).replace("def", "async def")

    assert len(messages(use)) == 1
    assert not messages(awaited)


@pytest.mark.parametrize(
    "use",
    [
        "save = self.save\nsave()",
        "def one():\n    save = self.async_save\n    return save\nsave()",
        "verb(self, 'save')()",
        "log(self, 'async save failed')()",
        "save = await self.async_save()\nsave()",
    ],
)
def test_other_calls_of_local_names_are_left_alone(use: str) -> None:
    assert not messages(use)


def test_the_message_names_the_call_and_the_way_out() -> None:
    assert messages("x = 1\nself.doc.async_save()") == [
        "2: self.doc.async_save() is a coroutine; await it"
    ]
    assert messages("doc.async_elsewhere()") == [
        "1: doc.async_elsewhere() is used as if it were not async; await it"
    ]


@pytest.mark.parametrize(
    "use",
    [
        "await self.async_save()",
        "x = (await self.async_save()).name",
        "await (self.async_save() if self else async_save())",
        "await (self.a or self.async_save())",
        "await cast('Any', self.async_save())",
        "x = [await x.async_save() for x in xs]",
        "return await self.async_save()",
        "await asyncio.wait_for(self.async_save(), 1)",
        "group.create_task(self.async_save(), name='x')",
        "await asyncio.gather(*[x.async_save() for x in xs], ping())",
        "await asyncio.gather(*(x.async_save() for x in xs))",
        "async with self.async_elsewhere() as x: pass",
        "async for x in self.async_elsewhere(): pass",
        "await self.async_elsewhere()",
        "retry(lambda: self.async_save())",
        "retry(self.async_save)",
        "def handed_on(): return self.async_save()",
        "def handed_on(): yield self.async_save()",
        "self.load()",
        "self.other()",
        "self.async_settings()",
        "x = async_switch_db()",
        "f'{await self.async_save()}'",
        "self.factories[0]()",
    ],
)
def test_proper_uses_are_left_alone(use: str) -> None:
    assert messages(use) == []


@pytest.mark.parametrize("statement", ["return", "yield"])
def test_an_async_function_must_not_hand_on_a_coroutine_unawaited(statement: str) -> None:
    caller = "its caller, awaiting an async function, would get it unused"
    assert messages(f"{statement} self.async_save()") == [
        f"1: self.async_save() is a coroutine; await it here: {caller}"
    ]


@pytest.mark.parametrize(
    "use",
    [
        "async for x in self.async_find(): pass",
        "xs = [x async for x in self.async_find()]",
        "async with aclosing(self.async_find()) as found: pass",
        "async with contextlib.aclosing(self.async_find()) as found: pass",
        "await anext(aiter(self.async_find()))",
        "found = self.async_find()",
        "self.found: Any = cast('Any', self.async_find())",
        "def handed_on(): return self.async_find()",
    ],
)
def test_an_async_generator_is_iterated_closed_or_kept(use: str) -> None:
    assert messages(use) == []


@pytest.mark.parametrize(
    "use",
    [
        "self.async_find()",
        "for x in self.async_find(): pass",
        "xs = [x for x in self.async_find()]",
        "xs = list(self.async_find())",
        "async with self.async_find() as x: pass",
        "await asyncio.gather(self.async_find())",
    ],
)
def test_an_async_generator_used_as_something_else_is_found(use: str) -> None:
    assert messages(use) == [f"1: self.async_find() {ADVICE[Kind.GENERATOR]}"]


def test_an_awaited_async_generator_is_found() -> None:
    assert messages("await self.async_find()") == [
        f"1: self.async_find() {ADVICE[Kind.GENERATOR]}; it cannot be awaited"
    ]


def test_a_coroutine_is_not_iterated_or_entered() -> None:
    expected = ["1: self.async_save() is a coroutine; await it"]
    assert messages("async for x in self.async_save(): pass") == expected
    assert messages("async with self.async_save(): pass") == expected


@pytest.mark.parametrize(
    "use",
    [
        "async with self.async_session() as s, self.async_session(): pass",
        "await stack.enter_async_context(self.async_session())",
        "def handed_on(): return self.async_session()",
    ],
)
def test_an_async_context_manager_is_entered(use: str) -> None:
    assert messages(use) == []


@pytest.mark.parametrize(
    "use", ["self.async_session()", "with self.async_session(): pass", "x = self.async_session()"]
)
def test_an_async_context_manager_used_as_something_else_is_found(use: str) -> None:
    assert messages(use) == [
        "1: self.async_session() is an async context manager; enter it with `async with`"
    ]


def test_a_name_with_two_meanings_may_be_used_as_either() -> None:
    sources = [
        parse("class A:\n    async def async_x(self): ...\n", "a.py"),
        parse("class B:\n    async def async_x(self):\n        yield\n", "b.py"),
        parse(
            "async def f(a):\n    await a.async_x()\n    async for _ in a.async_x(): pass\n", "c"
        ),
        parse("async def g(a):\n    a.async_x()\n", "d.py"),
    ]
    assert [(problem.path, problem.line) for problem in find_problems(sources)] == [("d.py", 2)]


def test_an_overload_does_not_tell_what_its_implementation_gives() -> None:
    declared = parse("@overload\nasync def async_x(): ...\n", "a.py")
    used = parse("async def f(a):\n    async for _ in a.async_x(): pass\n", "b.py")
    assert find_problems([declared, used]) == []


def test_problems_come_in_the_order_of_files_and_lines() -> None:
    text = "async_a()\nif x:\n    async_b()\nasync_c()\n"
    found = find_problems([parse(text, "b.py"), parse(text, "a.py")])
    assert [(problem.path, problem.line) for problem in found] == [
        (path, line) for path in ("a.py", "b.py") for line in (1, 3, 4)
    ]


# The command


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in check_awaits.FOLDERS:
        write(tmp_path, f"{folder}/__init__.py", "")
    return tmp_path


def test_clean_sources_exit_with_0(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], tree) == 0
    assert capsys.readouterr().out == "check_awaits: 3 files, 0 problems\n"


def test_problems_exit_with_1_and_are_listed_with_file_and_line(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "mongoengine/state/ping.py", "async def ping(): ...\n")
    write(tree, "tests/_async/test_ping.py", "async def test():\n    ping()\n")
    assert main([], tree) == 1
    assert capsys.readouterr().out == (
        "tests/_async/test_ping.py:2: ping() is a coroutine; await it\n"
        "check_awaits: 5 files, 1 problems\n"
    )


def test_paths_narrow_the_check(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tree, "tests/_async/test_bad.py", "async_save()\n")
    write(tree, "tests/_async/test_good.py", "")
    assert main(["tests/_async/test_good.py", "mongoengine/state"], tree) == 0
    assert main([str(tree / "tests/_async")], tree) == 1
    assert "tests/_async/test_bad.py:1: " in capsys.readouterr().out


def test_a_file_outside_the_project_is_shown_by_its_full_path(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path_factory.mktemp("other")
    write(other, "a.py", "async_save()\n")
    assert main([str(other / "a.py")], tree) == 1
    assert capsys.readouterr().out.startswith(f"{other / 'a.py'}:1: ")


@pytest.mark.parametrize("path", ["nowhere", "tests/_async"])
def test_having_nothing_to_read_exits_with_2(
    tree: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "tests/_async/__init__.py").unlink()
    assert main([path], tree) == 2
    assert capsys.readouterr().err == f"check_awaits: {path}: there is no Python file to check\n"


def test_a_file_that_does_not_parse_exits_with_2(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tree, "mongoengine/state/bad.py", "x = 1\ny = (\n")
    assert main([], tree) == 2
    assert capsys.readouterr().err == (
        "check_awaits: mongoengine/state/bad.py:2: '(' was never closed\n"
    )


def test_this_project_awaits_its_coroutines(tmp_path: Path) -> None:
    script = check_awaits.ROOT / "tools" / "check_awaits.py"
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
