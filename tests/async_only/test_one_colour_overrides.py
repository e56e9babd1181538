"""A class that overrides verbs in one colour only, in use with a server."""

from __future__ import annotations

import os
import warnings
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from mongoengine import (
    Document,
    QuerySet,
    StringField,
    connect,
    connect_async,
    disconnect,
    disconnect_async,
    get_async_connection,
)

DATABASE = f"one_colour_{os.getpid()}"


class OneColourQuerySet(QuerySet):
    def get(self, *args: Any, **kwargs: Any) -> Any:
        return super().get(*args, **kwargs)


@pytest_asyncio.fixture(autouse=True)
async def both(mongodb_uri: str) -> AsyncIterator[None]:
    """The default alias, in both colours."""
    options: dict[str, Any] = {"host": mongodb_uri, "uuidRepresentation": "standard"}
    await connect_async(DATABASE, **options)
    connect(DATABASE, **options)
    yield
    await get_async_connection().drop_database(DATABASE)
    disconnect()
    await disconnect_async()


async def test_the_verb_does_its_work_and_warns_once() -> None:
    class OneColourOrder(Document):
        name = StringField()

        def save(self, *args: Any, **kwargs: Any) -> Any:
            self.name = f"saved {self.name}"
            return super().save(*args, **kwargs)

    assert OneColourOrder(name="a").save().name == "saved a"
    with pytest.warns(UserWarning, match=r"OneColourOrder overrides save\(\)") as caught:
        order = await OneColourOrder(name="b").async_save()
    await OneColourOrder(name="c").async_save()  # another warning would be an error

    assert len(caught) == 1
    assert order.name == "b"
    found = await OneColourOrder.objects.order_by("name").async_to_list()
    assert [order.name for order in found] == ["b", "c", "saved a"]


async def test_a_queryset_is_silent_in_the_colour_it_overrides() -> None:
    class OneColourItem(Document):
        name = StringField()
        meta = {"queryset_class": OneColourQuerySet}

    item = OneColourItem(name="a").save()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert OneColourItem.objects.get(name="a") == item
        assert await OneColourItem.objects.async_first() == item
    with pytest.warns(UserWarning, match=r"OneColourQuerySet overrides get\(\)"):
        assert await OneColourItem.objects.async_get(name="a") == item
