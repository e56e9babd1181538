"""Who takes part, as data. The modules beside this one are imported in their own environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ("CONTENDERS", "MASTER", "Contender", "baseline_of")

Colour = Literal["sync", "async"]


@dataclass(frozen=True)
class Contender:
    """One column of the table.

    Attributes:
        name: what it is called.
        module: its module in this package.
        environment: name of its virtual environment; two may share one.
        requirements: what is installed there besides the driver; ``.`` is this project.
        colour: whether it awaits the server.
        in_memory: False for a second colour of what is measured already without a server.
    """

    name: str
    module: str
    environment: str
    requirements: tuple[str, ...]
    colour: Colour
    in_memory: bool = True


CONTENDERS: tuple[Contender, ...] = (
    Contender("PyMongo sync", "pymongo_sync", "pymongo", (), "sync"),
    Contender("PyMongo async", "pymongo_async", "pymongo", (), "async", in_memory=False),
    Contender("ours sync", "ours_sync", "ours", (".",), "sync"),
    Contender("ours async", "ours_async", "ours", (".",), "async", in_memory=False),
    Contender("MongoEngine", "mongoengine_sync", "mongoengine", ("mongoengine==0.29.*",), "sync"),
    Contender("Beanie", "beanie_async", "beanie", ("beanie>=2,<3",), "async"),
    Contender("ODMantic", "odmantic_async", "odmantic", ("odmantic>=1.1,<2",), "async"),
)

#: Name of the contender made of a checkout of MongoEngine.
MASTER = "MongoEngine checkout"


def baseline_of(contender: Contender, *, in_memory: bool) -> str:
    """Return the name of the raw driver a contender is compared with.

    Decoding has no colour, so what happens in memory is compared with one column.
    """
    return f"PyMongo {'sync' if in_memory else contender.colour}"
