"""A web application with a sync connection."""

from __future__ import annotations

import enum
from typing import TypeVar

from mongoengine import Document, Q, QuerySet, StringField, connect
from mongoengine.context_managers import run_in_transaction
from tests.typing.models import Admin, Note, Post, Status, User

connect("blog")

user = User(name="Ann")
post = Post(title="One", author=user)

reveal_type(User.name)  # R: StringField[str]
reveal_type(user.name)  # R: str
reveal_type(user.email)  # R: str | None
reveal_type(user.score)  # R: int
reveal_type(user.weight)  # R: float | None
reveal_type(user.active)  # R: bool
reveal_type(user.born)  # R: date | None
reveal_type(user.seen)  # R: datetime | None
reveal_type(user.balance)  # R: Decimal | None
reveal_type(user.created)  # R: datetime
reveal_type(user.age())  # R: timedelta
reveal_type(user.id)  # R: ObjectId | Any
reveal_type(user.pk)  # R: ObjectId | Any
reveal_type(Admin().level)  # R: int
reveal_type(Admin().name)  # R: str

reveal_type(post.id)  # R: UUID
reveal_type(post.slug)  # R: str
reveal_type(post.status)  # R: Status
reveal_type(post.author)  # R: User
reveal_type(post.author.name)  # R: str
reveal_type(post.editor)  # R: User | None
reveal_type(post.source)  # R: Post | None
reveal_type(post.cached)  # R: User | None
reveal_type(post.reviewer)  # R: LazyReference[User] | None
reveal_type(post.tags)  # R: list[str]
reveal_type(post.lines)  # R: list[int]
reveal_type(post.grid)  # R: list[list[float]]
reveal_type(post.votes)  # R: dict[str, int]
reveal_type(post.extra)  # R: dict[str, Any]
reveal_type(post.pinned)  # R: Comment | None
reveal_type(post.comments)  # R: EmbeddedDocumentList[Comment]
reveal_type(post.comments.first())  # R: Comment | None
reveal_type(post.comments.filter(text="x").get().text)  # R: str
reveal_type([comment for comment in post.comments])  # R: list[Comment]
reveal_type(post.others)  # R: list[Comment]
reveal_type(post.readers[0].email)  # R: str | None
reveal_type(post.statuses)  # R: list[Status]
reveal_type(post.maybe)  # R: list[str] | None
reveal_type(post.temperature)  # R: float
reveal_type(post.number)  # R: int
reveal_type(post.image)  # R: GridFSProxy
if post.reviewer is not None:
    reveal_type(post.reviewer.fetch())  # R: User

reveal_type(User.objects)  # R: QuerySet[User]
reveal_type(User.objects(name="Ann").order_by("-score").limit(3))  # R: QuerySet[User]
reveal_type(User.objects.filter(Q(name="Ann") | Q(score__gt=3)).get())  # R: User
reveal_type(User.objects.first())  # R: User | None
reveal_type(User.objects[0])  # R: User
reveal_type(User.objects[:3])  # R: QuerySet[User]
reveal_type(User.objects.to_list())  # R: list[User]
reveal_type(User.objects.in_bulk([1]))  # R: dict[Any, User]
reveal_type(User.objects.create(name="Bob"))  # R: User
reveal_type(User.objects.insert(user))  # R: User
reveal_type(User.objects.insert([user]))  # R: list[User]
reveal_type(User.objects.modify(set__score=3))  # R: User | None
reveal_type(User.objects.with_id(3))  # R: User | None
reveal_type(User.objects.count())  # R: int
reveal_type(User.objects.no_cache())  # R: QuerySetNoCache[User]
reveal_type(User.objects.scalar("name"))  # R: QuerySet[Any]
reveal_type(User.objects.scalar("name", "score").first())  # R: tuple[Any, Any] | None
reveal_type(User.objects.values_list("name", "score").to_list())  # R: list[tuple[Any, Any]]
reveal_type(User.objects.as_pymongo().get())  # R: dict[str, Any]
reveal_type([found for found in User.objects])  # R: list[User]
reveal_type(Admin.objects.get())  # R: Admin

reveal_type(Post.objects)  # R: PostQuerySet
reveal_type(Post.objects.live().order_by("title").live().get())  # R: Post
reveal_type(Post.drafts)  # R: PostQuerySet
reveal_type(user.save())  # R: User
reveal_type(user.reload())  # R: User
reveal_type(Admin(level=3).save())  # R: Admin

D = TypeVar("D", bound=Document)


def newest(cls: type[D]) -> D | None:
    return cls.objects.order_by("-id").first()


def names(users: QuerySet[User]) -> list[str]:
    return [found.name for found in users]


reveal_type(newest(Admin))  # R: Admin | None
names(Admin.objects)
try:
    User.objects.get()
except User.DoesNotExist:
    pass
with run_in_transaction():
    user.save()

note = Note(text="x", colour="red")
reveal_type(note.colour)  # R: Any
note.whatever = 3

user.born = "2020-01-01"
user.name = "Cid"
post.status = "live"
post.author = user.to_dbref()
post.tags = ["a"]
post.comments = []
post.image = b"text"
user.id = 3

user.name = 3  # E: wrong type
user.name = None  # E: wrong type
user.score = "3"  # E: wrong type
post.tags = [1]  # E: wrong type
post.author = post  # E: wrong type
post.editor.name  # E: may be None
user.nope  # E: unknown attribute
user.nope = 3  # E: unknown attribute
User.objects.nope()  # E: unknown attribute
Post.objects.get().nope  # E: unknown attribute
User.objects.first().name  # E: may be None
names(Post.objects)  # E: another class


class Wrong(Document):
    size = StringField(max_length="3")  # E: wrong type
    kind = StringField(default=3)  # E: wrong type


class Colour(enum.Enum):
    RED = 1


post.status = Colour.RED  # E: wrong type
post.status = Status.LIVE
