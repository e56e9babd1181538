"""Run mypy and pyright over `tests/typing` and compare what they say with its comments.

`# R: TYPE` after a `reveal_type` is the type both must reveal, written as people read it:
without modules. `# E: reason` marks a line on which both must report an error; anywhere
else neither may. A comment can be for one of them: `# R mypy: TYPE`, `# E pyright: reason`.

Exit codes: 0 they say what is expected, 1 they do not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = "tests/typing"

_COMMENT = re.compile(r"# (?P<kind>[RE])(?: (?P<checker>mypy|pyright))?: (?P<text>.+?)(?=  # |$)")
_MYPY = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+): (?P<kind>error|note): (?P<text>.*)$")
_REVEALED = re.compile(r'^(?:Revealed type is|Type of ".*" is) "(?P<type>.*)"$', re.DOTALL)
_MODULE = re.compile(r"\b(?:\w+\.)+(?=\w)")


class Place(NamedTuple):
    """A line of a program."""

    file: str
    line: int


class Said(NamedTuple):
    """What is said of a line: the types revealed there, and whether there is an error."""

    types: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def expected(file: str, text: str, checker: str) -> dict[Place, Said]:
    """Return what the comments of a program expect of a checker."""
    found: dict[Place, Said] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for comment in _COMMENT.finditer(line):
            if comment["checker"] in (None, checker):
                _add(found, Place(file, number), comment["kind"] == "R", comment["text"].strip())
    return found


def said_by_mypy(output: str) -> dict[Place, Said]:
    """Return what mypy's output says by line."""
    found: dict[Place, Said] = {}
    for line in output.splitlines():
        if message := _MYPY.match(line):
            place = Place(Path(message["file"]).as_posix(), int(message["line"]))
            _take(found, place, message["text"].partition("  [")[0], message["kind"] == "error")
    return found


def said_by_pyright(output: str, root: Path) -> dict[Place, Said]:
    """Return what pyright's JSON output says by line."""
    found: dict[Place, Said] = {}
    for message in json.loads(output)["generalDiagnostics"]:
        file = Path(message["file"]).relative_to(root).as_posix()
        place = Place(file, message["range"]["start"]["line"] + 1)
        _take(found, place, message["message"], message["severity"] == "error")
    return found


def _take(found: dict[Place, Said], place: Place, text: str, error: bool) -> None:
    if revealed := _REVEALED.match(text):
        _add(found, place, True, _MODULE.sub("", revealed["type"]))
    elif error:
        _add(found, place, False, text)


def _add(found: dict[Place, Said], place: Place, reveals: bool, text: str) -> None:
    before = found.get(place, Said())
    if reveals:
        found[place] = before._replace(types=(*before.types, text))
    else:
        found[place] = before._replace(errors=(*before.errors, text))


def differences(
    checker: str, wanted: Mapping[Place, Said], said: Mapping[Place, Said]
) -> list[str]:
    """Say where a checker and the comments differ."""
    problems = []
    for place in sorted({*wanted, *said}):
        want, have = wanted.get(place, Said()), said.get(place, Said())
        where = f"{place.file}:{place.line}: {checker}"
        if want.types != have.types:
            problems.append(f"{where} reveals {_listed(have.types)}, not {_listed(want.types)}")
        if want.errors and not have.errors:
            problems.append(f"{where} reports no error, but should: {_listed(want.errors)}")
        if have.errors and not want.errors:
            problems.append(f"{where} reports {_listed(have.errors)}")
    return problems


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or "nothing"


def run(command: Sequence[str], root: Path) -> str:
    """Return what a checker prints.

    Raises:
        RuntimeError: it could not do its work.
    """
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=root, capture_output=True, encoding="utf-8"
    )
    # One that is not installed ends with 1 as well, and finds nothing.
    if done.returncode not in (0, 1) or (done.returncode and not done.stdout):
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(root: Path = ROOT, programs: str = PROGRAMS) -> int:
    """Run both checkers; return the exit code."""
    files = [path.relative_to(root).as_posix() for path in sorted((root / programs).glob("*.py"))]
    texts = {file: (root / file).read_text(encoding="utf-8") for file in files}
    config = f"{programs}/pyrightconfig.json"
    said = {
        "mypy": said_by_mypy(run(("mypy", "--strict", *files), root)),
        "pyright": said_by_pyright(run(("pyright", "--outputjson", "-p", config), root), root),
    }
    problems: list[str] = []
    for checker, found in said.items():
        wanted: dict[Place, Said] = {}
        for file, text in texts.items():
            wanted.update(expected(file, text, checker))
        problems += differences(checker, wanted, found)
    print("\n".join([*problems, f"check_typing: {len(files)} programs, {len(problems)} problems"]))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
