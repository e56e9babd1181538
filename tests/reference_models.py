"""Documents that refer to each other, for the tests of references in both colours."""

from __future__ import annotations

from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.fields import (
    CachedReferenceField,
    DictField,
    DynamicField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    GenericLazyReferenceField,
    GenericReferenceField,
    IntField,
    LazyReferenceField,
    ListField,
    MapField,
    ReferenceField,
    StringField,
)
from mongoengine.queryset import CASCADE, DENY, NULLIFY, PULL


class RefUser(Document):
    """What nearly everything here refers to, itself too."""

    name = StringField()
    friend = ReferenceField("self")
    friends = ListField(ReferenceField("self"))


class RefTag(Document):
    """A key that is no ObjectId."""

    name = StringField(primary_key=True)


class RefComment(EmbeddedDocument):
    """References inside embedded documents."""

    text = StringField()
    user = ReferenceField(RefUser)
    likers = ListField(ReferenceField(RefUser))


class RefPost(Document):
    """References of every shape."""

    title = StringField()
    author = ReferenceField(RefUser, db_field="a")
    by_dbref = ReferenceField(RefUser, dbref=True)
    tags = ListField(ReferenceField(RefTag))
    comment = EmbeddedDocumentField(RefComment)
    comments = EmbeddedDocumentListField(RefComment)
    by_role = MapField(ReferenceField(RefUser))
    nested = ListField(ListField(ReferenceField(RefUser)))
    about = GenericReferenceField()
    mentions = ListField(GenericReferenceField())
    lazy = LazyReferenceField(RefUser)
    lazies = ListField(LazyReferenceField(RefUser))
    through = LazyReferenceField(RefUser, passthrough=True)
    lazy_about = GenericLazyReferenceField()
    anything = DynamicField()
    items = ListField()
    notes = DictField()


class RefAnimal(Document):
    """The top of a hierarchy."""

    meta = {"allow_inheritance": True}

    name = StringField()


class RefDog(RefAnimal):
    """A class below it."""

    trick = StringField()


class RefThing(Document):
    """An abstract class to refer to."""

    meta = {"abstract": True}

    name = StringField()


class RefChair(RefThing):
    """One class below the abstract one."""


class RefTable(RefThing):
    """Another one, in a collection of its own."""


class RefRoom(Document):
    """Refers to a hierarchy and to an abstract class."""

    animal = ReferenceField(RefAnimal)
    thing = ReferenceField(RefThing)


class RefSketch(DynamicDocument):
    """References in attributes without a field."""


# Cached references


class RefOwner(EmbeddedDocument):
    """Copied in part."""

    name = StringField()
    kind = StringField(db_field="k")


class RefPet(Document):
    """What is copied."""

    meta = {"allow_inheritance": True}

    name = StringField()
    tag = StringField(db_field="t")
    owner = EmbeddedDocumentField(RefOwner)


class RefCat(RefPet):
    """A class below it."""


class RefSighting(Document):
    """Keeps a copy."""

    place = StringField()
    pet = CachedReferenceField(RefPet, fields=["name", "tag", "owner.kind"], db_field="p")


class RefUnsynced(Document):
    """Keeps a copy that nothing updates."""

    pet = CachedReferenceField(RefPet, fields=["name"], auto_sync=False)


# Delete rules


class RuleTarget(Document):
    """What is deleted."""

    name = StringField()


class RuleKeyed(Document):
    """The same with a number for a key."""

    number = IntField(primary_key=True)


class RuleBase(Document):
    """A hierarchy whose members are deleted through the top."""

    meta = {"allow_inheritance": True}


class RuleLeaf(RuleBase):
    """Below it; rules are for this class only."""


class RuleOwner(Document):
    """Refers to targets under rules that change nothing but itself."""

    name = StringField()
    nullify = ReferenceField(RuleTarget, reverse_delete_rule=NULLIFY)
    nullify_dbref = ReferenceField(RuleTarget, dbref=True, reverse_delete_rule=NULLIFY)
    nullify_lazy = LazyReferenceField(RuleTarget, reverse_delete_rule=NULLIFY)
    nullify_list = ListField(ReferenceField(RuleTarget, reverse_delete_rule=NULLIFY))
    pull = ListField(ReferenceField(RuleTarget, reverse_delete_rule=PULL))
    pull_dbref = ListField(ReferenceField(RuleTarget, dbref=True, reverse_delete_rule=PULL))
    keyed = ReferenceField(RuleKeyed, reverse_delete_rule=NULLIFY)
    nothing = ReferenceField(RuleTarget)


class RuleCascading(Document):
    """Goes with its target."""

    name = StringField()
    target = ReferenceField(RuleTarget, reverse_delete_rule=CASCADE)
    keyed = ReferenceField(RuleKeyed, reverse_delete_rule=CASCADE)
    leaf = ReferenceField(RuleLeaf, reverse_delete_rule=CASCADE)


class RuleFurther(Document):
    """Goes with what goes with a target."""

    name = StringField()
    cascading = ReferenceField(RuleCascading, reverse_delete_rule=CASCADE)


class RuleDenying(Document):
    """Keeps its target, and what goes with one, from being deleted."""

    target = ReferenceField(RuleTarget, reverse_delete_rule=DENY)
    further = ReferenceField(RuleFurther, reverse_delete_rule=DENY)


class RuleNode(Document):
    """A cycle within one collection."""

    name = StringField()
    next = ReferenceField("self", reverse_delete_rule=CASCADE)


class RuleHen(Document):
    """A cycle through two collections."""

    egg = ReferenceField("RuleEgg")


class RuleEgg(Document):
    """The other half of it."""

    hen = ReferenceField(RuleHen, reverse_delete_rule=CASCADE)


RuleEgg.register_delete_rule(RuleHen, "egg", CASCADE)
