"""The exceptions MongoEngine raises.

Ground floor: imports nothing of the package. Two classes stand outside the common
root on purpose: ``ValidationError`` is an ``AssertionError`` and ``LookUpError`` an
``AttributeError``, because existing code catches them under those names.
"""

# What a test finds out about an `Any` is unknown to pyright.
# pyright: reportUnknownVariableType=false

from __future__ import annotations

from typing import Any

__all__ = (
    "NotRegistered",
    "InvalidDocumentError",
    "LookUpError",
    "DoesNotExist",
    "MultipleObjectsReturned",
    "InvalidQueryError",
    "OperationError",
    "NotUniqueError",
    "BulkWriteError",
    "FieldDoesNotExist",
    "ValidationError",
    "SaveConditionError",
    "DeprecatedError",
)


class MongoEngineException(Exception):
    """Root of the errors of this library, save ``ValidationError`` and ``LookUpError``."""


class NotRegistered(MongoEngineException):
    """No document class is known under the name asked for."""


class InvalidDocumentError(MongoEngineException):
    """The definition of a document class contradicts itself."""


class LookUpError(AttributeError):
    """A path of field names leads nowhere."""


class DoesNotExist(MongoEngineException):
    """No document matches where exactly one was wanted."""


class MultipleObjectsReturned(MongoEngineException):
    """Several documents match where exactly one was wanted."""


class InvalidQueryError(MongoEngineException):
    """A query or an update cannot be understood."""


class OperationError(MongoEngineException):
    """The server, or a rule of the model, refused an operation."""


class NotUniqueError(OperationError):
    """A write would break a unique index."""


class BulkWriteError(OperationError):
    """A write of many documents failed for some of them."""


class SaveConditionError(OperationError):
    """The stored document does not meet the ``save_condition`` of a save."""


class FieldDoesNotExist(MongoEngineException):
    """A strict document was given a name that none of its fields has."""


class DeprecatedError(MongoEngineException):
    """A feature was used that is no longer there."""


class ValidationError(AssertionError):
    """A value does not fit its field, or a document does not fit its definition.

    Args:
        message: What is wrong, as text.
        errors: The errors of the parts: a dict from field name, list index or dict key to
            a ``ValidationError``, another exception, a text, or a dict of the same kind.
        field_name: The name of the field at fault.

    Any other keyword is accepted and ignored.
    """

    # On the class too: a subclass may leave out super().__init__().
    errors: dict[Any, Any] | None = {}  # noqa: RUF012 - never written to
    field_name: str | None = None
    _message: Any = None

    def __init__(self, message: Any = "", **kwargs: Any) -> None:
        super().__init__(message)
        self.errors = kwargs.get("errors", {})
        self.field_name = kwargs.get("field_name")
        self.message = message

    def __str__(self) -> str:
        return str(self.message)

    def __repr__(self) -> str:
        # The comma is part of the text that existing code and its tests know.
        return f"{type(self).__name__}({self.message},)"

    def _get_message(self) -> Any:
        return self._message

    def _set_message(self, message: Any) -> None:
        self._message = message

    @property
    def message(self) -> Any:
        """The message, followed by the errors of the parts in parentheses if there are any."""
        stored = self._get_message()
        return f"{stored}({self._format_errors()})" if self.errors else stored

    @message.setter
    def message(self, message: Any) -> None:
        self._set_message(message)

    def to_dict(self) -> dict[Any, Any]:
        """The errors of the parts as nested dicts whose leaves are texts.

        Returns:
            A dict keyed by field name, list index or dict key; empty when no part is at fault.
        """
        return _as_texts(self.errors) if self.errors else {}

    def _format_errors(self) -> str:
        """One line that lists, for every distinct text, the top-level keys it belongs to."""
        keys_by_text: dict[str, list[Any]] = {}
        for key, part in self.to_dict().items():
            keys_by_text.setdefault(_in_one_line(part), []).append(key)
        return " ".join(f"{text}: {keys}" for text, keys in keys_by_text.items())


def _as_texts(error: Any) -> Any:
    if isinstance(error, ValidationError) and error.errors:
        error = error.errors
    if isinstance(error, dict):
        return {key: _as_texts(part) for key, part in error.items()}
    return str(error)


def _in_one_line(part: Any) -> str:
    """The path and the text of every leaf below ``part``."""
    if not isinstance(part, dict):
        return str(part)
    # A falsy key is not shown, so index 0 of a list never is: messages are compared by users.
    return " ".join(
        f"{key}.{_in_one_line(child)}" if key else _in_one_line(child)
        for key, child in part.items()
    )


class InvalidCollectionError(Exception):
    """A collection exists, but not as its document class wants it."""


# Users meet it where upstream defines it.
InvalidCollectionError.__module__ = "mongoengine.document"
