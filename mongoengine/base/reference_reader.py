"""What reading references does: the seam between the model and the floors that load.

On the model floor references read as they are stored. The facades put a reader here that
loads documents, or hands out proxies where it cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bson import DBRef

__all__ = ("ReferenceReader",)


class ReferenceReader:
    """Reads references as they are stored."""

    __slots__ = ()

    def read_one(
        self, owner: Any, name: str, document_type: Any, reference: DBRef, stored: Any
    ) -> Any:
        """Return what one reference reads as.

        Args:
            owner: the document that is read.
            name: its field.
            document_type: class of the document referred to.
            reference: names its collection and its key.
            stored: what the document holds; stays where the reference cannot be replaced.
        """
        return stored

    def read_items(self, owner: Any, name: str, container: Any, max_depth: int) -> Any:
        """Return a container with what the references in it read as.

        Args:
            owner: the document that is read.
            name: its field.
            container: a list or dict, bound to the document.
            max_depth: how many references to follow, one behind the other.
        """
        return container


#: The reader in use.
current: ReferenceReader = ReferenceReader()


def use(reader: ReferenceReader) -> None:
    """Have references read by another reader from now on."""
    global current
    current = reader
