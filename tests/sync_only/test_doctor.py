"""The doctor as a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pymongo import MongoClient

DATABASE = "doctor_tests"
MODELS = """
from mongoengine import Document, EmbeddedDocument, IntField, StringField

class Ward(Document):
    number = IntField(unique=True)

class Bed(EmbeddedDocument):
    number = IntField()

class Log(Document):
    text = StringField()
    meta = {"db_alias": "logs"}
"""


def doctor(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mongoengine.doctor", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ward_models.py").write_text(MODELS)
    return tmp_path


@pytest.fixture
def uri(mongodb_uri: str) -> str:
    return mongodb_uri.replace("/?", f"/{DATABASE}?") + "&uuidRepresentation=standard"


def test_it_shows_the_server_and_exits_with_0(folder: Path, uri: str) -> None:
    result = doctor(folder, uri)
    assert result.returncode == 0, result.stderr
    assert "transactions        yes" in result.stdout
    assert "uuidRepresentation  standard" in result.stdout
    assert "No document classes are registered" in result.stdout


def test_it_shows_models_that_agree_and_their_aliases(folder: Path, uri: str) -> None:
    result = doctor(folder, uri, "ward_models", "--alias", f"logs={uri}")
    assert result.returncode == 0, result.stderr
    assert f"{DATABASE}.ward" in result.stdout
    assert f"{DATABASE}.log" in result.stdout
    assert "no collection yet" in result.stdout
    assert "Bed" not in result.stdout


def test_it_exits_with_1_when_indexes_differ(folder: Path, uri: str) -> None:
    with MongoClient[dict[str, int]](uri) as client:
        client[DATABASE]["ward"].create_index("beds")
        try:
            result = doctor(folder, uri, "ward_models", "--alias", f"logs={uri}")
        finally:
            client.drop_database(DATABASE)
    assert result.returncode == 1
    assert "Ward: lacks the index number 1: Ward.ensure_indexes() creates it" in result.stdout
    assert "Ward: has an index no class wants: beds 1" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=200",), "ServerSelectionTimeoutError"),
        (("{uri}", "no_such_module"), "No module named 'no_such_module'"),
        (("{uri}", "ward_models"), "--alias NAME=URI"),
        (("{uri}", "--alias", "logs"), "'logs' is not NAME=URI"),
        (("postgres://x",), "Invalid URI scheme"),
    ],
)
def test_it_exits_with_2_when_nothing_can_be_examined(
    folder: Path, uri: str, arguments: tuple[str, ...], said: str
) -> None:
    result = doctor(folder, *(argument.format(uri=uri) for argument in arguments))
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
