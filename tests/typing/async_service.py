"""A service with an async connection, as FastAPI would call it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from mongoengine import connect_async, disconnect_async
from mongoengine.context_managers import async_run_in_transaction
from tests.typing.models import Admin, Post, User


async def startup() -> None:
    await connect_async("blog")


async def shutdown() -> None:
    await disconnect_async()


async def create(name: str) -> User:
    return await User(name=name).async_save()


async def titles() -> AsyncIterator[str]:
    async for post in Post.objects.live():
        reveal_type(post)  # R: Post
        yield post.title


async def read() -> None:
    user = await User.objects.async_get(name="Ann")
    reveal_type(user)  # R: User
    reveal_type(await User.objects.async_first())  # R: User | None
    reveal_type(await User.objects.filter(name="x").async_to_list())  # R: list[User]
    reveal_type(await User.objects.async_count())  # R: int
    reveal_type(await User.objects.async_in_bulk([]))  # R: dict[Any, User]
    reveal_type(await User.objects.async_create(name="x"))  # R: User
    reveal_type(await User.objects.async_insert([user]))  # R: list[User]
    reveal_type(await User.objects.async_modify(set__name="y"))  # R: User | None
    pairs = User.objects.scalar("name", "score")
    reveal_type(await pairs.async_first())  # R: tuple[Any, Any] | None
    reveal_type([found async for found in User.objects])  # R: list[User]
    reveal_type(await Admin.objects.async_get())  # R: Admin
    reveal_type(await user.async_save())  # R: User
    reveal_type(await user.async_reload())  # R: User
    post = await Post.objects.live().async_get()
    reveal_type(await post.author.async_fetch())  # R: User
    if post.reviewer is not None:
        reveal_type(await post.reviewer.async_fetch())  # R: User
    await post.image.async_put(b"bytes", filename="a.txt")


async def mistakes(user: User, post: Post) -> None:
    user.async_save()  # E: not awaited
    user.async_delete()  # E: not awaited
    User.objects.async_count()  # E: not awaited
    User.objects.async_get().name  # E: not awaited
    post.author.async_fetch()  # E: not awaited
    for found in User.objects.async_to_list():  # E: not awaited
        print(found)
    await user.save()  # E: not awaitable


async def transfer(giver: User, taker: User) -> None:
    async with async_run_in_transaction():
        giver.score -= 1
        taker.score += 1
        await giver.async_save()
        await taker.async_save()
