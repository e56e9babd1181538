"""A class that overrides a verb in one colour only is warned of: once, where it matters."""

from __future__ import annotations

import gc
import inspect
import itertools
import warnings
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from mongoengine import Document, EmbeddedDocument, QuerySet, StringField
from mongoengine.base.one_colour import sync_name
from mongoengine.connection import ConnectionFailure
from mongoengine.errors import OperationError
from tests.unit.test_mixin_parity import mixins, own_names, twin_name

_numbers = itertools.count()

#: What the library's own verbs raise here, since nothing is connected.
NO_CONNECTION = "You have not defined a default connection"


def made(*bases: type, **attributes: Any) -> Any:
    """Make a document class of a name of its own."""
    return type(bases[0])(f"OneColour{next(_numbers)}", bases, attributes)


def saves(self: Any, *args: Any, **kwargs: Any) -> Any:
    return "saved"


async def async_saves(self: Any, *args: Any, **kwargs: Any) -> Any:
    return "saved"


async def warned(call: Any) -> list[str]:
    """Return what a call of the library's verb warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # It goes on to the library's verb, which has no server here, or no owner.
        with suppress(ConnectionFailure, OperationError):
            result = call()
            if inspect.isawaitable(result):
                await result
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize("mixin", mixins(), ids=lambda cls: cls.__name__)
def test_names_of_verbs_pair_as_the_twins_are_generated(mixin: type[Any]) -> None:
    for name in own_names(mixin):
        assert sync_name(name) == twin_name(name)


async def test_the_first_use_of_the_other_colour_warns_and_no_later_one() -> None:
    Order = made(Document, save=saves)

    assert Order().save() == "saved"
    (message,) = await warned(Order().async_save)
    assert message == (
        f"{Order.__name__} overrides save() but not async_save(): async_save() runs without "
        "that code. Override async_save() as well, or set "
        'meta = {"warn_one_colour_overrides": False}.'
    )
    assert await warned(Order().async_save) == []


async def test_nothing_is_left_on_the_class_after_the_warning() -> None:
    Order = made(Document, save=saves)
    assert Order.async_save is not Document.async_save
    assert inspect.signature(Order.async_save) == inspect.signature(Document.async_save)
    assert inspect.iscoroutinefunction(Order.async_save)

    await warned(Order().async_save)

    assert Order.async_save is Document.async_save


def test_a_class_that_overrides_nothing_is_as_it_was() -> None:
    assert made(Document, name=StringField()).async_save is Document.async_save


async def test_async_code_that_is_not_run_in_sync_calls_is_told_of_too() -> None:
    Order = made(Document, async_delete=async_saves)

    (message,) = await warned(Order().delete)

    assert "overrides async_delete() but not delete()" in message


@pytest.mark.parametrize(
    ("name", "called"),
    [("drop_collection", "async_drop_collection"), ("ensure_indexes", "async_ensure_indexes")],
)
async def test_class_methods_are_verbs_as_well(name: str, called: str) -> None:
    Order = made(Document, **{name: classmethod(saves)})

    (message,) = await warned(getattr(Order, called))

    assert f"overrides {name}() but not {called}()" in message


async def test_overriding_both_is_silent() -> None:
    Order = made(Document, save=saves, async_save=async_saves)

    assert await warned(Order().save) == []
    assert await warned(Order().async_save) == []


async def test_a_subclass_that_overrides_the_rest_is_silent() -> None:
    async def calls_super(self: Any) -> Any:
        return await Order.async_save(self)

    Order = made(Document, save=saves, meta={"allow_inheritance": True})
    Special = made(Order, async_save=calls_super)

    assert await warned(Special().async_save) == []
    assert len(await warned(Order().async_save)) == 1


async def test_a_subclass_is_warned_of_what_it_inherits() -> None:
    Order = made(Document, save=saves, meta={"allow_inheritance": True})
    Special = made(Order)

    (message,) = await warned(Special().async_save)

    assert message.startswith(f"{Order.__name__} overrides save()")
    assert await warned(Order().async_save) == []
    assert await warned(made(Order)().async_save) == []


async def test_a_subclass_that_overrides_one_of_an_overridden_pair_is_warned_of() -> None:
    Order = made(Document, save=saves, async_save=async_saves, meta={"allow_inheritance": True})
    Special = made(Order, save=saves)

    (message,) = await warned(Special().async_save)

    assert message.startswith(f"{Special.__name__} overrides save()")
    assert await warned(Order().async_save) == []


async def test_overrides_of_a_mixin_count() -> None:
    class Audited:
        save = saves

    (message,) = await warned(made(Document, save=Audited.save)().async_save)
    assert "overrides save() but not async_save()" in message
    Order = type(Document)(f"OneColour{next(_numbers)}", (Audited, Document), {})
    (message,) = await warned(Order().async_save)  # type: ignore[attr-defined]
    assert message.startswith("Audited overrides save()")


async def test_two_mixins_may_have_one_half_each() -> None:
    class InSync:
        save = saves

    class InAsync:
        async_save = async_saves

    Order = type(Document)(f"OneColour{next(_numbers)}", (InSync, InAsync, Document), {})

    assert await warned(Order().async_save) == []  # type: ignore[attr-defined]


async def test_meta_silences_a_class_and_those_below_it() -> None:
    options = {"warn_one_colour_overrides": False, "allow_inheritance": True}
    Order = made(Document, save=saves, meta=options)
    Special = made(Order, delete=saves)
    Loud = made(Order, delete=saves, meta={"warn_one_colour_overrides": True})

    assert Order.async_save is Document.async_save
    assert await warned(Special().async_delete) == []
    assert len(await warned(Loud().async_delete)) == 1


async def test_a_silenced_subclass_does_not_use_the_warning_up() -> None:
    Order = made(Document, save=saves, meta={"allow_inheritance": True})
    Special = made(Order, meta={"warn_one_colour_overrides": False})

    assert await warned(Special().async_save) == []
    assert len(await warned(Order().async_save)) == 1


async def test_meta_of_an_abstract_class_counts() -> None:
    Base = made(Document, save=saves, meta={"abstract": True, "warn_one_colour_overrides": False})

    assert await warned(made(Base)().async_save) == []


async def test_embedded_documents_are_watched() -> None:
    Line = made(EmbeddedDocument, save=saves)
    Silent = made(EmbeddedDocument, save=saves, meta={"warn_one_colour_overrides": False})

    (message,) = await warned(Line().async_save)

    assert "overrides save() but not async_save()" in message
    assert await warned(Silent().async_save) == []


class DeletesSoftly(QuerySet):
    """Overrides one colour of one verb."""

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return "softly"


async def test_querysets_are_watched_and_ask_their_document_s_meta() -> None:
    silent = {"queryset_class": DeletesSoftly, "warn_one_colour_overrides": False}
    Silent, Loud = (
        made(Document, meta=meta) for meta in (silent, {"queryset_class": DeletesSoftly})
    )

    assert await warned(Silent.objects.async_delete) == []
    (message,) = await warned(Loud.objects.async_delete)
    assert message.startswith("DeletesSoftly overrides delete() but not async_delete()")
    assert DeletesSoftly.async_delete is QuerySet.async_delete


async def test_iterating_over_a_queryset_is_a_pair_as_well() -> None:
    class Iterating(QuerySet):
        def __iter__(self) -> Iterator[Any]:
            return iter(())

    Order = made(Document, meta={"queryset_class": Iterating})

    (message,) = await warned(lambda: aiter(Order.objects))

    assert message.startswith("Iterating overrides __iter__() but not __aiter__()")


async def test_a_field_of_a_verb_s_name_is_no_override() -> None:
    Line = made(EmbeddedDocument, save=StringField())

    assert Line.async_save is EmbeddedDocument.async_save


async def test_the_warning_points_at_the_call() -> None:
    Order = made(Document, save=saves)

    with (
        pytest.raises(Exception, match=NO_CONNECTION),
        pytest.warns(UserWarning, match="overrides save") as caught,
    ):
        await Order().async_save()

    assert caught[0].filename == __file__


def test_warned_classes_can_be_forgotten() -> None:
    class Passing(QuerySet):
        def delete(self, *args: Any, **kwargs: Any) -> Any:
            return None

    gone = weakref.ref(Passing)
    del Passing
    gc.collect()

    assert gone() is None
