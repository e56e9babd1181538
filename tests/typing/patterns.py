"""Patterns of larger programs: bases, dynamic documents, signals, transactions, files, loading."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator
from typing import Any, ClassVar, Generic, Self, TypeVar

from mongoengine import (
    CASCADE,
    DateTimeField,
    DictField,
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    FileField,
    GenericReferenceField,
    ImageField,
    IntField,
    LazyReferenceField,
    ListField,
    MapField,
    PointField,
    QuerySet,
    QuerySetManager,
    ReferenceField,
    StringField,
    ValidationError,
    queryset_manager,
    signals,
)
from mongoengine.context_managers import (
    async_run_in_transaction,
    query_counter,
    run_in_transaction,
    switch_collection,
    switch_db,
)
from mongoengine.errors import DoesNotExist, NotUniqueError

D = TypeVar("D", bound="Base")


class Base(Document):
    """What all collections have."""

    meta = {"abstract": True}

    created = DateTimeField(default=datetime.datetime.now)
    updated = DateTimeField()

    def touch(self) -> Self:
        self.updated = datetime.datetime.now()
        return self

    async def async_touch(self) -> Self:
        return await self.touch().async_save()

    @classmethod
    def recent(cls) -> QuerySet[Self]:
        return cls.objects.order_by("-created").limit(10)


class Address(EmbeddedDocument):
    street = StringField(required=True)
    where = PointField()


class Options(DynamicEmbeddedDocument):
    theme = StringField(default="dark")


class Shop(Base):
    name = StringField(required=True, unique=True)
    address = EmbeddedDocumentField(Address, required=True)
    options = EmbeddedDocumentField(Options, default=Options)
    branches = EmbeddedDocumentListField(Address)
    by_city = MapField(EmbeddedDocumentField(Address))
    counts = MapField(ListField(IntField()))
    extra = DictField()
    anything = GenericReferenceField()
    logo = ImageField(size=(100, 100, True))
    contract = FileField()


class Order(Base):
    shop = ReferenceField(Shop, required=True, reverse_delete_rule=CASCADE)
    seller = LazyReferenceField(Shop, required=True)
    parts = ListField(LazyReferenceField(Shop))
    total = IntField(min_value=0, required=True)

    @queryset_manager
    def large(cls, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return queryset.filter(total__gt=100)

    def clean(self) -> None:
        if self.total < 0:
            raise ValidationError("negative")


class EventQuerySet(QuerySet["Event"]):
    def of(self, kind: str) -> Self:
        return self.filter(kind=kind)

    async def async_newest(self) -> Event | None:
        return await self.order_by("-id").async_first()


class Event(DynamicDocument):
    kind = StringField(required=True)
    objects: ClassVar[QuerySetManager[EventQuerySet]]
    meta = {"queryset_class": EventQuerySet, "allow_inheritance": True}


class Click(Event):
    x = IntField(required=True)


class Repository(Generic[D]):
    """A repository over any of them."""

    def __init__(self, model: type[D]) -> None:
        self.model = model

    async def find(self, key: Any) -> D | None:
        return await self.model.objects(pk=key).async_first()

    async def add(self, document: D) -> D:
        return await document.async_save()

    async def all(self) -> AsyncIterator[D]:
        async for document in self.model.objects:
            yield document


def stamp(sender: type[Base], document: Base, **kwargs: Any) -> None:
    document.touch()


signals.pre_save.connect(stamp, sender=Shop)


async def use(shops: Repository[Shop]) -> None:
    shop = await shops.find(1)
    reveal_type(shop)  # R: Shop | None
    if shop is None:
        return
    reveal_type(await shop.async_touch())  # R: Shop
    reveal_type(shop.updated)  # R: datetime | None
    reveal_type(shop.address)  # R: Address
    reveal_type(shop.address.street)  # R: str
    reveal_type(shop.options.theme)  # R: str
    reveal_type(shop.options.whatever)  # R: Any
    reveal_type(shop.by_city)  # R: dict[str, Address]
    reveal_type(shop.counts)  # R: dict[str, list[int]]
    reveal_type(shop.anything)  # R: Any
    reveal_type(shop.logo)  # R: ImageGridFsProxy
    reveal_type(shop.contract)  # R: GridFSProxy
    reveal_type(await shop.contract.async_read())  # R: bytes | None
    reveal_type(shop.branches.create(street="x"))  # R: Address
    order = await Order.large.async_get()
    reveal_type(order)  # R: Order
    reveal_type(await order.seller.async_fetch())  # R: Shop
    reveal_type(await order.parts[0].async_fetch())  # R: Shop
    reveal_type([await part.async_fetch() for part in order.parts])  # R: list[Shop]
    reveal_type(await Order.objects.async_select_related())  # R: list[Order]
    reveal_type(Order.objects.prefetch("shop"))  # R: QuerySet[Order]
    reveal_type(Order.recent())  # R: QuerySet[Order]
    reveal_type(await Event.objects.of("a").async_newest())  # R: Event | None
    async for row in Order.objects.as_pymongo():
        reveal_type(row)  # R: dict[str, Any]
    async for name, _total in Order.objects.values_list("name", "total"):
        reveal_type(name)  # R: Any
    async for group in Order.objects.async_aggregate([{"$match": {}}]):
        reveal_type(group)  # R: dict[str, Any]
    cursor = await Order.objects.async_aggregate([{"$match": {}}])
    reveal_type(await cursor.to_list())  # R: list[dict[str, Any]]
    try:
        await shop.async_save()
    except (NotUniqueError, DoesNotExist, Shop.DoesNotExist, ValidationError):
        raise
    async with async_run_in_transaction():
        await order.async_delete()


def use_sync(order: Order) -> None:
    with run_in_transaction(), query_counter() as counter, switch_db(Order, "other") as switched:
        switched.objects.count()
        print(counter)
    with switch_collection(Order, "old"):
        order.save().reload()
    for found in Order.objects.aggregate([{"$match": {}}]):
        reveal_type(found)  # R: dict[str, Any]
    reveal_type(Order.objects.distinct("shop"))  # R: list[Any]
    reveal_type(Order.objects.update(set__total=1))  # R: Any
    reveal_type(Order.objects.delete())  # R: int | None
    reveal_type(order.to_json())  # R: str
    reveal_type(Order.from_json("{}"))  # R: Order
    reveal_type(order.modify(set__total=3))  # R: bool
    reveal_type(Click(x=1, kind="c", other=3).x)  # R: int
    reveal_type(Click.objects.of("c"))  # R: EventQuerySet


def mistakes(shop: Shop, order: Order) -> None:
    shop.updated.year  # E: may be None
    shop.address = order  # E: wrong type
    shop.branches = [order]  # E: wrong type
    shop.counts = {"a": 1}  # E: wrong type
    shop.counts["a"].append("b")  # E: wrong type
    order.shop = None  # E: may not be None
    order.shop.nope  # E: unknown attribute
    order.total = order.total + "1"  # E: wrong type
    order.clean(3)  # E: too many arguments
    shop.address.nope = 3  # E: unknown attribute
    Shop.recent().get().nope  # E: unknown attribute
    for found in Order.objects:
        found.seller.fetch().nope  # E: unknown attribute
