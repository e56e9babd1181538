"""Top-level documents on the model floor: key, identity, references, delete rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.dbref import DBRef

from mongoengine.base.delete_rules import register
from mongoengine.base.document import BaseDocument
from mongoengine.base.rebinding import rebind
from mongoengine.base.state import own_state
from mongoengine.errors import InvalidDocumentError, OperationError

__all__ = ("BaseTopLevelDocument", "require_plain_key")


class BaseTopLevelDocument(BaseDocument):
    """A document that lives in a collection of its own."""

    __slots__ = ()

    @property
    def pk(self) -> ObjectId | Any:
        """The value of the primary key, whatever its field is called."""
        id_field = self._meta.get("id_field")
        return getattr(self, id_field) if id_field else None

    @pk.setter
    def pk(self, value: Any) -> None:
        setattr(self, self._meta["id_field"], value)

    def __hash__(self) -> int:  # type: ignore[override]
        """Hash by key; by object while there is none, so saving changes the hash."""
        if getattr(self, "pk", None) is None:
            return object.__hash__(self)
        return hash(self.pk)

    def to_dbref(self) -> DBRef:
        """Return a reference to the document.

        Raises:
            OperationError: it has not been saved.
        """
        if self.pk is None:
            raise OperationError("Only saved documents can have a valid dbref")
        return DBRef(self._get_collection_name(), self.pk)  # type: ignore[arg-type]

    @classmethod
    def register_delete_rule(cls, document_cls: Any, field_name: str, rule: int) -> None:
        """Say what happens to documents that refer to one of this class when it is deleted.

        Args:
            document_cls: the class that refers.
            field_name: its field.
            rule: DO_NOTHING, NULLIFY, CASCADE, DENY or PULL.
        """
        register(cls, document_cls, field_name, rule)

    @property
    def _object_key(self) -> dict[str, Any]:
        """Query keywords that find exactly this document, shard keys included."""
        require_plain_key(self, self.pk)
        key: dict[str, Any] = {"pk": self.pk}
        for path in _shard_key(self._meta):
            value: Any = self
            for name in path.split("."):
                # Nothing where a part is missing: to the server, too, that is null.
                value = None if value is None else getattr(value, name)
            key[path.replace(".", "__")] = value
        return key

    def _integrate_shard_key(self, doc: Mapping[str, Any], select_dict: dict[str, Any]) -> Any:
        """Add the stored values of the shard key to a by-id filter.

        Args:
            doc: stored form of the document.
            select_dict: the filter.

        Returns:
            The filter, for a sharded class a changed copy.

        Raises:
            OperationError: a value is missing. It may be one that was not loaded: a filter
                without it could store the document once more, in another shard.
        """
        shard_key = _shard_key(self._meta)
        if not shard_key:
            return select_dict
        select_dict = dict(select_dict)
        for path in shard_key:
            database_path = self._translate_field_name(path)
            value: Any = doc
            for name in database_path.split("."):
                if not isinstance(value, Mapping) or name not in value:
                    raise OperationError(
                        f"{type(self).__name__}.{path} is part of the shard key and has no "
                        "value. Give it one, or load it with the document."
                    )
                value = value[name]
            select_dict[database_path] = value
        return select_dict

    def _reload(self, key: str, value: Any) -> Any:
        """Take over one value of a freshly loaded copy, as it is kept there."""
        rebind(value, self)
        own_state(self).pending.discard(key)
        self.__dict__[key] = value
        return value

    def _get_update_doc(self) -> dict[str, Any]:
        """Return the update that stores the changes; empty when there are none."""
        to_set, to_unset = self._delta()
        update: dict[str, Any] = {}
        if to_set:
            update["$set"] = to_set
        if to_unset:
            update["$unset"] = to_unset
        return update


def require_plain_key(document: BaseDocument, key: Any) -> None:
    """Refuse a key that would find other documents than the one that has it.

    The server stores no such key, so it comes from data of another source.

    Raises:
        InvalidDocumentError: the key is a dict of MongoDB operators.
    """
    if isinstance(key, Mapping) and any(str(name).startswith("$") for name in key):
        raise InvalidDocumentError(
            f"The primary key of this {document._class_name} holds MongoDB operators ({key!r}): "
            "it would find other documents."
        )


def _shard_key(meta: Mapping[str, Any]) -> tuple[str, ...]:
    key = meta.get("shard_key") or ()
    return (key,) if isinstance(key, str) else tuple(key)
