"""Building a queryset: what to find and how, without asking the server anything.

Every chain method returns a changed copy. What the twins do with a queryset they read
from here: the filter (`_query`) and the options of a find (`find_options`).
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from pymongo.common import validate_read_preference
from pymongo.read_concern import ReadConcern

from mongoengine.base import schema
from mongoengine.base.dereferencing import class_keeps_references
from mongoengine.base.state import own_state, set_loaded
from mongoengine.errors import InvalidQueryError, LookUpError, OperationError
from mongoengine.queryset import javascript
from mongoengine.queryset.field_list import QueryFieldList
from mongoengine.queryset.visitor import Q, QNode

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("QuerySetBuilder",)

# Attributes a copy takes over; result caches and cursors are not among them.
_COPIED = (
    "_alias",
    "_allow_disk_use",
    "_as_pymongo",
    "_batch_size",
    "_cls_query",
    "_collation",
    "_collection_name",
    "_comment",
    "_dereferences",
    "_empty",
    "_hint",
    "_home",
    "_limit",
    "_loaded_fields",
    "_max_time_ms",
    "_mongo_query",
    "_none",
    "_ordering",
    "_prefetched",
    "_query_obj",
    "_read_concern",
    "_read_preference",
    "_scalar",
    "_search_text",
    "_search_text_score",
    "_skip",
    "_snapshot",
    "_text_filter",
    "_timeout",
    "_where_clause",
)


class QuerySetBuilder:
    """The pure half of a queryset.

    Args:
        document: class of the documents to find.
        collection: a driver's collection to look in; None for the one of the class.
    """

    def __init__(self, document: type[BaseDocument], collection: Any = None) -> None:
        self._document: Any = document
        self._collection_obj = collection
        self._alias: str | None = None
        self._collection_name: str | None = None
        #: Alias and collection of the class when the queryset was begun.
        self._home: Any = None
        self._mongo_query: dict[str, Any] | None = None
        self._query_obj: QNode = Q()
        self._cls_query: dict[str, Any] = {}
        self._where_clause: str | None = None
        self._loaded_fields = QueryFieldList()
        self._ordering: list[tuple[str, Any]] | None = None
        self._snapshot = False
        self._timeout = True
        self._allow_disk_use = False
        self._read_preference: Any = None
        self._read_concern: ReadConcern | None = None
        self._scalar: list[str] = []
        self._none = False
        self._as_pymongo = False
        self._search_text: str | None = None
        self._text_filter: dict[str, Any] | None = None
        self._search_text_score: dict[str, Any] | None = None
        self._limit: int | None = None
        self._skip: int | None = None
        self._empty = False
        self._hint: Any = -1  # None is a value: it takes a hint back
        self._collation: Any = None
        self._batch_size: int | None = None
        self._max_time_ms: int | None = None
        self._comment: str | None = None
        self._prefetched: tuple[str, ...] = ()
        self._dereferences = True
        if document._meta.get("allow_inheritance"):
            self._cls_query = _class_filter(document)
            self._loaded_fields = QueryFieldList(always_include={"_cls"})

    # Copies

    def clone(self) -> Self:
        """Return a queryset that finds the same and shares nothing that changes."""
        return self._clone_into(type(self)(self._document, self._collection_obj))

    def all(self) -> Self:
        """Return a copy."""
        return self.clone()

    def _clone_into(self, new_qs: Any) -> Any:
        """Copy what is to be found into another queryset.

        Raises:
            OperationError: the target is no queryset.
        """
        if not isinstance(new_qs, QuerySetBuilder):
            raise OperationError(
                f"{getattr(new_qs, '__name__', new_qs)} is not a subclass of BaseQuerySet"
            )
        for name in _COPIED:
            value = getattr(self, name)
            setattr(new_qs, name, value)
        return new_qs

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.clone()

    def _with(self, **changes: Any) -> Self:
        queryset = self.clone()
        for name, value in changes.items():
            setattr(queryset, name, value)
        return queryset

    # Filtering

    def __call__(self, q_obj: QNode | None = None, **query: Any) -> Self:
        """Return a queryset that finds what matches these conditions too.

        Args:
            q_obj: a `Q` object.
            **query: conditions by field, with operators after ``__``.

        Raises:
            InvalidQueryError: the positional argument is no `Q`.
        """
        conditions: QNode = Q(**query)
        if q_obj is not None:
            if not isinstance(q_obj, QNode):
                raise InvalidQueryError(
                    f"Not a query object: {q_obj}. Did you intend to use key=value?"
                )
            conditions &= q_obj
        return self._with(_query_obj=self._query_obj & conditions, _mongo_query=None)

    def filter(self, *q_objs: QNode, **query: Any) -> Self:
        """Return a queryset that finds what matches these conditions too."""
        return self.__call__(*q_objs, **query)

    def where(self, where_clause: str) -> Self:
        """Add a JavaScript condition; ``[~field]`` in it stands for the stored name."""
        return self._with(_where_clause=self._sub_js_fields(where_clause), _mongo_query=None)

    def search_text(self, text: str, language: str | None = None, text_score: bool = True) -> Self:
        """Search the text index.

        Args:
            text: words to look for.
            language: language of the words.
            text_score: fetch how well each document matches (see `get_text_score`).

        Raises:
            OperationError: the queryset searches a text already.
        """
        if self._search_text is not None:
            raise OperationError("It is not possible to use search_text two times.")
        search = {"$search": text}
        if language is not None:
            search["$language"] = language
        queryset = self._with(_search_text=text, _text_filter={"$text": search}, _mongo_query=None)
        if text_score:
            queryset._search_text_score = {"_text_score": {"$meta": "textScore"}}
        return queryset

    def none(self) -> Self:
        """Return a queryset that finds nothing and changes nothing."""
        return self._with(_none=True)

    def no_sub_classes(self) -> Self:
        """Find documents of exactly this class."""
        if self._document._meta.get("allow_inheritance"):
            self._cls_query = {"_cls": self._document._class_name}
            self._mongo_query = None
        return self

    def clear_cls_query(self) -> Self:
        """Find documents of every class stored in the collection."""
        return self._with(_cls_query={}, _mongo_query=None)

    @property
    def _query(self) -> dict[str, Any]:
        """The filter, as it is sent."""
        if self._mongo_query is None:
            query = self._query_obj.to_query(self._document)
            self._mongo_query = self._complete(query)
        return self._mongo_query

    def _complete(self, query: dict[str, Any]) -> dict[str, Any]:
        """Add to the user's conditions those that come with the queryset."""
        if self._text_filter is not None:
            query = {**self._text_filter, **query}
        if not self._cls_query:
            return query
        if "_cls" in query:
            return {"$and": [self._cls_query, query]}
        return {**query, **self._cls_query}

    def _filter(self) -> dict[str, Any]:
        """Return the filter with the JavaScript condition, which is part of it to the server."""
        if self._where_clause is None:
            return self._query
        if "$where" in self._query:
            return {"$and": [self._query, {"$where": self._where_clause}]}
        return {**self._query, "$where": self._where_clause}

    # Window

    def skip(self, n: int | None) -> Self:
        """Leave out the first ``n`` documents; None leaves out none."""
        return self._with(_skip=n)

    def limit(self, n: int | None) -> Self:
        """Find at most ``n`` documents; 0 means all."""
        return self._with(_limit=n, _empty=False)

    def _slice(self, key: slice) -> Self:
        """Return the window of a slice; the last window given is the one that counts.

        Raises:
            IndexError: a negative bound, a step, or an end before the start.
        """
        if key.step is not None:
            raise IndexError("Cursor instances do not support slice steps")
        start, stop = key.start or 0, key.stop
        if start < 0:
            raise IndexError("Cursor instances do not support negative indices")
        if stop is not None and stop < start:
            raise IndexError(f"stop index must be greater than start index for slice {key!r}")
        window = None if stop is None else stop - start
        return self._with(_skip=key.start, _limit=window, _empty=window == 0)

    # Order

    def order_by(self, *keys: str, __raw__: list[tuple[str, Any]] | None = None) -> Self:
        """Sort by fields.

        Args:
            *keys: names, with ``-`` before them for descending order; none at all
                clears the order, the default one too.
            __raw__: the driver's own sort list, instead of names.

        Raises:
            OperationError: both were given.
        """
        if __raw__ and keys:
            raise OperationError("Can not use both keys and __raw__ with order_by() ")
        ordering = list(__raw__) if __raw__ else self._get_order_by(keys)
        return self._with(_ordering=ordering)

    def _get_order_by(self, keys: Iterable[str]) -> list[tuple[str, Any]]:
        """Translate sort keys to the driver's sort list."""
        ordering: list[tuple[str, Any]] = []
        for key in keys:
            if not key:
                continue
            if key == "$text_score":
                ordering.append(("_text_score", {"$meta": "textScore"}))
                continue
            direction = -1 if key[0] == "-" else 1
            name = key[1:] if key[0] in "+-" else key
            name = name.replace("__", ".")
            try:
                name = self._document._translate_field_name(name)
            except LookUpError:
                # Sorting by what is only in the data is allowed.
                name = name if name != "pk" else "_id"
            ordering.append((name, direction))
        return ordering

    def _sort(self) -> list[tuple[str, Any]] | None:
        """Return the order to send: the one asked for, else the default one."""
        if self._ordering is not None:
            return self._ordering or None
        default = self._document._meta.get("ordering")
        return self._get_order_by(default) or None if default else None

    # Projection

    def only(self, *fields: str) -> Self:
        """Load these fields only, and those of earlier calls."""
        wanted: dict[str, Any] = dict.fromkeys(fields, QueryFieldList.ONLY)
        return self.fields(True, **wanted)

    def exclude(self, *fields: str) -> Self:
        """Load all fields but these."""
        unwanted: dict[str, Any] = dict.fromkeys(fields, QueryFieldList.EXCLUDE)
        return self.fields(**unwanted)

    def fields(self, _only_called: bool = False, **kwargs: Any) -> Self:
        """Say what to load.

        Args:
            **kwargs: 1 or 0 by field to load it or not; ``slice__x`` and ``elemMatch__x``
                for part of a list.

        Raises:
            LookUpError: a name is no field.
        """
        projected = sorted((_projection(key, value) for key, value in kwargs.items()), key=_by_kind)
        loaded = copy.deepcopy(self._loaded_fields)
        for value, names in _grouped(projected):
            translated = self._fields_to_dbfields(names)
            loaded += QueryFieldList(translated, value=value, _only_called=_only_called)
        return self._with(_loaded_fields=loaded)

    def all_fields(self) -> Self:
        """Load everything; forget `only` and `exclude`."""
        include = set(self._loaded_fields.always_include)
        return self._with(_loaded_fields=QueryFieldList(always_include=include))

    def _fields_to_dbfields(self, fields: Iterable[str]) -> list[str]:
        """Translate names to paths; fields of subclasses are found as well."""
        translated = []
        for name in fields:
            path = name.replace("__", ".")
            translated.append("_id" if path == "pk" else self._document._translate_field_name(path))
        return translated

    def scalar(self, *fields: str) -> Self:
        """Give values instead of documents: of one field, or tuples of several."""
        queryset = self.only(*fields) if fields else self.all_fields()
        queryset._scalar = list(fields)
        return queryset

    def values_list(self, *fields: str) -> Self:
        """Give values instead of documents (another name of `scalar`)."""
        return self.scalar(*fields)

    def as_pymongo(self) -> Self:
        """Give the driver's dicts instead of documents."""
        return self._with(_as_pymongo=True)

    def no_dereference(self) -> Self:
        """Give documents that hand out references as they are stored."""
        return self._with(_dereferences=False)

    @property
    def _auto_dereference(self) -> bool:
        """True when the documents found now are to load what they refer to."""
        return self._dereferences and not class_keeps_references(self._document)

    def _projection(self) -> dict[str, Any] | None:
        """Return the projection to send; None for whole documents."""
        projection = self._loaded_fields.as_dict() if self._loaded_fields else {}
        if self._search_text_score:
            projection = {**projection, **self._search_text_score}
        return projection or None

    # Options

    def hint(self, index: Any = None) -> Self:
        """Use an index, given by name or keys; without argument, let the server choose again."""
        return self._with(_hint=index)

    def collation(self, collation: Any = None) -> Self:
        """Compare strings by a collation."""
        return self._with(_collation=collation)

    def comment(self, text: str) -> Self:
        """Send a text along that shows in the server's logs and profile."""
        return self._with(_comment=text)

    def batch_size(self, size: int) -> Self:
        """Fetch ``size`` documents at a time."""
        return self._with(_batch_size=size)

    def max_time_ms(self, ms: int | None) -> Self:
        """Let the server give up after so many milliseconds.

        Raises:
            TypeError: the time is no number.
        """
        if ms is not None and not isinstance(ms, int):
            raise TypeError(f"max_time_ms must be an integer or None, not {type(ms)}")
        return self._with(_max_time_ms=ms)

    def timeout(self, enabled: bool) -> Self:
        """Let the server close the cursor after a time without use, or not."""
        return self._with(_timeout=enabled)

    def snapshot(self, enabled: bool) -> Self:
        """Do nothing: servers have no such option any more."""
        warnings.warn(
            "snapshot is deprecated as it has no impact when using PyMongo 3+.",
            DeprecationWarning,
            stacklevel=2,
        )
        return self._with(_snapshot=enabled)

    def allow_disk_use(self, enabled: bool) -> Self:
        """Let the server write temporary files for a large sort."""
        return self._with(_allow_disk_use=enabled)

    def read_preference(self, read_preference: Any) -> Self:
        """Read from servers of this preference.

        Raises:
            TypeError: it is no read preference.
        """
        validate_read_preference("read_preference", read_preference)
        return self._with(_read_preference=read_preference)

    def read_concern(self, read_concern: Mapping[str, Any] | None) -> Self:
        """Read with a read concern, given as the keywords of pymongo's ``ReadConcern``.

        Raises:
            TypeError: it is no mapping.
        """
        if read_concern is not None and not isinstance(read_concern, Mapping):
            raise TypeError(f"{read_concern!r} is not a valid read concern.")
        concern = ReadConcern(**read_concern) if read_concern is not None else None
        return self._with(_read_concern=concern)

    def using(self, alias: str) -> Self:
        """Look in the database of another connection."""
        return self._with(_alias=alias, _collection_obj=None)

    # What the twins send

    @property
    def _cursor_args(self) -> dict[str, Any]:
        """The options of a find that go beyond the filter; none that are left at default."""
        if self._snapshot:
            warnings.warn(
                "The snapshot option is not anymore available with PyMongo 3+",
                DeprecationWarning,
                stacklevel=3,
            )
        options: dict[str, Any] = {}
        if not self._timeout:
            options["no_cursor_timeout"] = True
        if self._allow_disk_use:
            options["allow_disk_use"] = True
        projection = self._projection()
        if projection is not None:
            options["projection"] = projection
        return options

    def _find_options(self) -> dict[str, Any]:
        """Return all options of a find, for both drivers."""
        options = self._cursor_args
        given = {
            "sort": self._sort(),
            "skip": self._skip or None,
            "limit": self._limit,
            "collation": self._collation,
            "batch_size": self._batch_size,
            "comment": self._comment,
            "max_time_ms": self._max_time_ms,
            "hint": None if self._hint == -1 else self._hint,
        }
        options.update({name: value for name, value in given.items() if value is not None})
        return options

    def _write_options(self) -> dict[str, Any]:
        """Return the options an update or delete shares with a find."""
        given = {
            "collation": self._collation,
            "comment": self._comment,
            "hint": None if self._hint == -1 else self._hint,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _count_options(self, with_limit_and_skip: bool) -> dict[str, Any]:
        """Return the options of a count."""
        options = self._write_options()
        if self._max_time_ms is not None:
            options["maxTimeMS"] = self._max_time_ms
        if with_limit_and_skip:
            options.update({"limit": self._limit} if self._limit else {})
            options.update({"skip": self._skip} if self._skip else {})
        return options

    def _counts_none(self, with_limit_and_skip: bool) -> bool:
        return self._finds_nothing() or (self._limit == 0 and not with_limit_and_skip)

    def _one_from(self, index: int) -> Self:
        """Return a queryset that finds the one result at a position of this one."""
        if self._limit and index >= abs(self._limit):
            return self.none()
        return self._with(_skip=(self._skip or 0) + index, _limit=1)

    def _by_ids(self, ids: Iterable[Any]) -> Self:
        """Return a queryset over the same place that finds documents by their keys."""
        queryset = type(self)(self._document, self._collection_obj)
        queryset._alias, queryset._collection_name = self._alias, self._collection_name
        queryset._home = self._home
        queryset._query_obj = Q(__raw__={"_id": {"$in": list(ids)}})
        return queryset

    def _place(self, document: Any) -> Any:
        """Make a new document belong where the queryset looks."""
        if self._alias is not None or self._collection_name is not None:
            alias, name = document.__state__.home or self._home
            home = (self._alias or alias, self._collection_name or name)
            own_state(document).home = home
        return document

    def _finds_nothing(self) -> bool:
        """Tell whether the result is empty whatever the collection holds."""
        return self._none or self._empty

    def _is_filtered(self) -> bool:
        """Tell whether the user has asked for less than all documents."""
        return (
            bool(self._query_obj) or self._where_clause is not None or self._search_text is not None
        )

    # What comes back

    def _hydrate(self, batch: list[dict[str, Any]]) -> list[Any]:
        """Turn one batch of the driver's dicts into what the queryset gives."""
        return batch if self._as_pymongo else self._given(self._load(batch))

    def _load(self, batch: list[dict[str, Any]]) -> list[Any]:
        """Make documents of one batch of the driver's dicts."""
        cls = self._document
        if schema.overrides_library(cls, "_from_son"):
            load_refs = self._auto_dereference
            documents = [cls._from_son(raw, _auto_dereference=load_refs) for raw in batch]
        else:
            load = cls.__plan__().load
            documents = [load(raw) for raw in batch]
            if not self._auto_dereference:
                for document in documents:
                    set_loaded(document, dereference=False)
        return documents

    def _given(self, documents: list[Any]) -> list[Any]:
        """Return documents as the queryset gives them: themselves, or chosen values of each."""
        return [self._get_scalar(document) for document in documents] if self._scalar else documents

    def _get_scalar(self, doc: Any) -> Any:
        """Return the values of the chosen paths of a document, one alone or a tuple."""

        def value_at(path: str) -> Any:
            value = doc
            for name in path.split("__"):
                value = value[int(name)] if name.isdigit() else getattr(value, name)
            return value

        values = tuple(value_at(path) for path in self._scalar)
        return values[0] if len(values) == 1 else values

    def _only_match(self, found: list[Any]) -> Any:
        """Return the single result of `get`.

        Raises:
            DoesNotExist: there is none; the class's own exception.
            MultipleObjectsReturned: there are several; the class's own exception.
        """
        if not found:
            raise self._document.DoesNotExist(
                f"{self._document._class_name} matching query does not exist."
            )
        if len(found) > 1:
            raise self._document.MultipleObjectsReturned("2 or more items returned, instead of 1")
        return found[0]

    # JavaScript

    def _sub_js_fields(self, code: str) -> str:
        """Replace field names marked in JavaScript by stored names."""
        return javascript.substitute_fields(self._document, code)


def _class_filter(document: Any) -> dict[str, Any]:
    names = document._subclasses
    return {"_cls": names[0]} if len(names) == 1 else {"_cls": {"$in": names}}


def _projection(key: str, value: Any) -> tuple[str, Any]:
    """Return the name and the projection of one keyword of `QuerySetBuilder.fields`."""
    operator, _, name = key.partition("__")
    if name and operator in ("slice", "elemMatch"):
        return name, {f"${operator}": value}
    return key, value


def _by_kind(projected: tuple[str, Any]) -> str:
    # Plain inclusion and exclusion go first, in this order; what limits lists comes last.
    return str(projected[1])


def _grouped(projected: list[tuple[str, Any]]) -> list[tuple[Any, list[str]]]:
    groups: list[tuple[Any, list[str]]] = []
    for name, value in projected:
        if groups and groups[-1][0] == value:
            groups[-1][1].append(name)
        else:
            groups.append((value, [name]))
    return groups
