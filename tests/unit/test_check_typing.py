"""What compares the checkers with the comments in programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import check_typing
from tools.check_typing import Place, Said, differences, expected, said_by_mypy, said_by_pyright

LINE = Place("a.py", 1)


def test_a_comment_says_what_is_revealed() -> None:
    text = "reveal_type(x)  # R: dict[str, int | None]"
    assert expected("a.py", text, "mypy") == {LINE: Said(types=("dict[str, int | None]",))}


def test_a_comment_can_be_for_one_checker() -> None:
    text = "x = 1  # E mypy: wrong type"
    assert expected("a.py", text, "mypy") == {LINE: Said(errors=("wrong type",))}
    assert expected("a.py", text, "pyright") == {}


def test_a_line_can_have_a_comment_for_each_checker() -> None:
    text = "reveal_type(x)  # R mypy: int  # R pyright: str"
    assert expected("a.py", text, "mypy") == {LINE: Said(types=("int",))}
    assert expected("a.py", text, "pyright") == {LINE: Said(types=("str",))}


def test_mypy_names_types_with_their_modules() -> None:
    output = 'a.py:1: note: Revealed type is "pack.mod.Post | None"\nSuccess: no issues\n'
    assert said_by_mypy(output) == {LINE: Said(types=("Post | None",))}


def test_an_error_of_mypy_is_told_from_its_notes() -> None:
    output = "a.py:1: error: Wrong  [misc]\na.py:1: note: See the manual\n"
    assert said_by_mypy(output) == {LINE: Said(errors=("Wrong",))}


def test_pyright_counts_lines_from_zero(tmp_path: Path) -> None:
    def diagnostic(severity: str, message: str) -> dict[str, object]:
        place = {"start": {"line": 0}}
        file = str(tmp_path / "a.py")
        return {"file": file, "severity": severity, "message": message, "range": place}

    output = json.dumps(
        {
            "generalDiagnostics": [
                diagnostic("information", 'Type of "x" is "Post | None"'),
                diagnostic("error", "Wrong"),
                diagnostic("warning", "Odd"),
            ]
        }
    )
    assert said_by_pyright(output, tmp_path) == {LINE: Said(("Post | None",), ("Wrong",))}


@pytest.mark.parametrize(
    ("wanted", "said", "problem"),
    [
        (Said(types=("int",)), Said(types=("str",)), "reveals str, not int"),
        (Said(types=("int",)), Said(), "reveals nothing, not int"),
        (Said(), Said(types=("int",)), "reveals int, not nothing"),
        (Said(errors=("not awaited",)), Said(), "reports no error, but should: not awaited"),
        (Said(), Said(errors=("Wrong",)), "reports Wrong"),
    ],
)
def test_every_difference_is_reported(wanted: Said, said: Said, problem: str) -> None:
    assert differences("mypy", {LINE: wanted}, {LINE: said}) == [f"a.py:1: mypy {problem}"]


def test_the_words_of_an_expected_error_are_for_readers() -> None:
    said = {LINE: Said(errors=("Incompatible types",))}
    assert differences("mypy", {LINE: Said(errors=("wrong type",))}, said) == []


def test_a_checker_that_cannot_work_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="failed"):
        check_typing.run(("mypy", "--no-such-option"), tmp_path)
