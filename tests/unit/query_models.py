"""Stand-ins for documents and fields: just what the query language asks of them."""

from __future__ import annotations

import re
from typing import Any

from mongoengine.errors import LookUpError


class FakeField:
    """Converts with ``convert`` and remembers every ``prepare_query_value``."""

    query_kind = ""
    _geo_index: Any = False

    def __init__(self, db_field, convert=None, *, required=False, null=False):
        self.db_field = db_field
        self.required = required
        self.null = null
        self.convert = convert
        self.asked = []

    def prepare_query_value(self, op, value):
        self.asked.append((op, value))
        return value if self.convert is None or value is None else self.convert(value)

    def to_mongo(self, value):
        return value


class FakeText(FakeField):
    def prepare_query_value(self, op, value):
        self.asked.append((op, value))
        if op == "icontains":
            return re.compile(re.escape(value), re.IGNORECASE)
        return value


class FakeList(FakeField):
    query_kind = "list"

    def __init__(self, db_field, field=None, **kwargs):
        super().__init__(db_field, **kwargs)
        self.field = field

    def prepare_query_value(self, op, value):
        self.asked.append((op, value))
        if self.field is None:
            return value
        if isinstance(value, (list, tuple)):
            return [self.field.prepare_query_value(op, item) for item in value]
        return self.field.prepare_query_value(op, value)


class FakeMap(FakeField):
    def __init__(self, db_field, field=None, **kwargs):
        super().__init__(db_field, **kwargs)
        self.field = field


class FakeEmbedded(FakeField):
    query_kind = "embedded"

    def __init__(self, db_field, document_type, **kwargs):
        super().__init__(db_field, **kwargs)
        self.document_type = document_type


class FakeFlatPoint(FakeField):
    _geo_index = "2d"


class FakePoint(FakeField):
    query_kind = "geo_json"
    _geo_index = "2dsphere"
    _name = "PointField"

    def to_mongo(self, value):
        return value if isinstance(value, dict) else {"type": "Point", "coordinates": value}


class FakeGenericReference(FakeField):
    query_kind = "generic_reference"


class FakeCachedReference(FakeField):
    query_kind = "cached_reference"


class FakeDocument:
    _dynamic = False
    _fields: dict[str, FakeField] = {}
    look_ups = 0

    def __init_subclass__(cls):
        cls._class_name = cls.__name__
        cls._fields = {k: v for k, v in vars(cls).items() if isinstance(v, FakeField)}
        cls.look_ups = 0

    def __iter__(self):
        return iter(self._fields)

    @classmethod
    def _lookup_field(cls, names):
        cls.look_ups += 1
        steps: list[Any] = []
        fields = cls._fields
        for name in names:
            known = steps and not isinstance(steps[-1], str)
            if name in fields:
                step = fields[name]
            elif name == "pk" and not steps:
                step = fields["id"]
            elif cls._dynamic and not steps:
                step = FakeField(name)
            elif steps and (known is False or hasattr(steps[-1], "field")):
                step = name  # a position in a list or the key of a dict
            else:
                raise LookUpError(f'Cannot resolve field "{name}"')
            steps.append(step)
            if not isinstance(step, str):
                inner = step
                while getattr(inner, "field", None) is not None:
                    inner = inner.field
                fields = getattr(getattr(inner, "document_type", None), "_fields", {})
        return steps
