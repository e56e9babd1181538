"""A listener that remembers what was sent to the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)


class CommandLog(CommandListener):
    """The commands sent through a client, in order."""

    def __init__(self) -> None:
        self._sent: list[tuple[str, Mapping[str, Any]]] = []

    def started(self, event: CommandStartedEvent) -> None:
        self._sent.append((event.command_name, event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to remember."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to remember."""

    def clear(self) -> None:
        """Forget what was sent so far."""
        self._sent.clear()

    @property
    def sent(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The commands, each with its name."""
        return list(self._sent)

    @property
    def names(self) -> list[str]:
        """The names of the commands."""
        return [name for name, _ in self._sent]

    def of(self, name: str) -> list[Mapping[str, Any]]:
        """Return the commands of one name."""
        return [command for sent, command in self._sent if sent == name]

    def only(self, name: str) -> Mapping[str, Any]:
        """Return the one command of a name."""
        (command,) = self.of(name)
        return command
