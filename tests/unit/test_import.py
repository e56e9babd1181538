"""What importing the library imports, and what it leaves until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mongoengine

_USES = {
    "gridfs": "from mongoengine.fields.files import GridFSProxy; GridFSProxy().fs",
    "mongoengine.context_managers": "mongoengine.context_managers.switch_db",
    "mongoengine.doctor": "import mongoengine.doctor",
    "PIL": "mongoengine.fields.LANCZOS",
}


@pytest.mark.parametrize("module", _USES)
def test_what_most_programs_never_use_is_imported_when_it_is_used(module: str) -> None:
    program = f"""
import sys, mongoengine
assert {module!r} not in sys.modules, "imported too early"
try:
    {_USES[module]}
except mongoengine.ConnectionFailure:
    ...  # no alias is defined; that is said after the import
assert {module!r} in sys.modules, "not imported"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_a_name_the_package_does_not_have_is_named_in_the_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'mongoengine' has no attribute 'nothing'"):
        _ = mongoengine.nothing  # type: ignore[attr-defined]
