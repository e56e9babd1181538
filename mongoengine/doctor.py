"""`python -m mongoengine.doctor URI [MODULE ...]`: is everything as the models expect it?

Prints what stands behind the URI and how each document class of the named modules agrees with
its collection. Reads only. Exit codes: 0 all is well, 1 something differs, 2 the server cannot be
reached or the arguments are wrong. The same questions can be asked from code, in both colours:
`examine_connection`, `examine_model` and `async_examine_connection`, `async_examine_model`.
"""

# Private names are shared between floors.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pymongo.errors import PyMongoError

from mongoengine._async.diagnosis import async_examine_connection, async_examine_model
from mongoengine._sync.diagnosis import examine_connection, examine_model
from mongoengine.base.common import _document_registry
from mongoengine.base.diagnosis import ConnectionReport, ModelReport
from mongoengine.connection import (
    DEFAULT_CONNECTION_NAME,
    ConnectionFailure,
    connect,
    disconnect,
)
from mongoengine.errors import MongoEngineException

__all__ = (
    "ConnectionReport",
    "ModelReport",
    "async_examine_connection",
    "async_examine_model",
    "examine_connection",
    "examine_model",
    "main",
)

PATIENCE = 5000  # milliseconds to look for a server, unless the URI says otherwise


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(argv)
    try:
        models = _models_of(options.modules)
        aliases = dict(options.alias, **{DEFAULT_CONNECTION_NAME: options.uri})
        for alias, uri in aliases.items():
            _connect(alias, uri)
        connections = [examine_connection(alias) for alias in aliases]
        reports = [examine_model(model) for model in models]
    except (ConnectionFailure, PyMongoError, MongoEngineException, ImportError) as error:
        advice = ""
        if isinstance(error, ConnectionFailure):
            advice = "\ndoctor: --alias NAME=URI says where an alias of the models leads"
        sys.stderr.write(f"doctor: {type(error).__name__}: {error}{advice}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in _lines(connections, reports))
    return int(any(not report.agrees for report in reports))


def _connect(alias: str, uri: str) -> None:
    disconnect(alias)  # a module that connects on import does not decide here
    patience: dict[str, Any] = (
        {} if "serverSelectionTimeoutMS" in uri else {"serverSelectionTimeoutMS": PATIENCE}
    )
    with warnings.catch_warnings():
        # That no uuidRepresentation is named is a row of the table.
        warnings.simplefilter("ignore", DeprecationWarning)
        connect(alias=alias, host=uri, **patience)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mongoengine.doctor",
        description="Show what a MongoDB can do and how document classes agree with it.",
        epilog="Exit codes: 0 all is well, 1 indexes differ, 2 nothing could be examined.",
    )
    parser.add_argument("uri", metavar="URI", help="of the server, with the database's name")
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="module that defines document classes"
    )
    parser.add_argument(
        "--alias",
        action="append",
        default=[],
        type=_alias,
        metavar="NAME=URI",
        help="URI of another connection alias; may be given several times",
    )
    return parser


def _alias(text: str) -> tuple[str, str]:
    name, sign, uri = text.partition("=")
    if not (name and sign and uri):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=URI")
    return name, uri


def _models_of(modules: Iterable[str]) -> list[Any]:
    """Import the modules and return the document classes that have a collection, by name."""
    if modules and "" not in sys.path:
        sys.path.insert(0, os.getcwd())  # as `python -m` itself does, when called as a function
    for module in modules:
        importlib.import_module(module)
    stored = [
        model
        for model in _document_registry.values()
        if not model.__is_embedded_document__
        and not model._meta.get("abstract")
        and model._get_collection_name()
    ]
    return sorted(stored, key=lambda model: str(model._class_name))


def _lines(connections: Iterable[ConnectionReport], models: Sequence[ModelReport]) -> Iterator[str]:
    for connection in connections:
        yield from _table(
            [
                ("connection", f"{connection.alias} (database {connection.database})"),
                ("versions", connection.versions),
                ("topology", connection.topology),
                ("transactions", "yes" if connection.has_transactions else "no"),
                ("writable", "yes" if connection.writable else "no: read only member"),
                ("uuidRepresentation", connection.uuid_representation),
            ]
        )
        yield ""
    if not models:
        yield "No document classes are registered; name the modules that define them."
        return
    rows = [("model", "collection", "documents", "indexes")]
    rows += [(m.model, m.collection, _count(m), _verdict(m)) for m in models]
    yield from _table(rows)
    for model in models:
        for text in _differences(model):
            yield f"{model.model}: {text}"


def _count(model: ModelReport) -> str:
    return "-" if model.documents is None else str(model.documents)


def _verdict(model: ModelReport) -> str:
    if model.documents is None:
        return "no collection yet"
    found = {"missing": model.missing, "extra": model.extra, "differing": model.differing}
    return ", ".join(f"{len(what)} {how}" for how, what in found.items() if what) or "as wanted"


def _differences(model: ModelReport) -> Iterator[str]:
    for keys in model.missing:
        yield f"lacks the index {_shown(keys)}: {model.model}.ensure_indexes() creates it"
    for keys in model.extra:
        yield f"has an index no class wants: {_shown(keys)}"
    yield from model.differing


def _shown(keys: Iterable[Sequence[Any]]) -> str:
    return ", ".join(f"{name} {direction}" for name, direction in keys)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


if __name__ == "__main__":
    sys.exit(main())
