"""Verbs that have the server run JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from mongoengine.queryset import javascript, map_reduce
from mongoengine.state.clients import async_get_database
from mongoengine.state.cursors import async_take
from mongoengine.state.transactions import refuse_in_transaction, session_for, using_session

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection

__all__ = ("AsyncMapReduceResult", "AsyncQuerySetJavaScript")


class AsyncQuerySetJavaScript:
    """What a queryset computes by JavaScript on the server."""

    __slots__ = ()

    async def async_map_reduce(
        self: Any,
        map_f: Any,
        reduce_f: Any,
        output: Any,
        finalize_f: Any = None,
        limit: int | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> AsyncIterator[Any]:
        """Run a map/reduce over what the filter finds, and yield its results.

        Nothing runs before the first result is asked for. An explicit order sorts the results.

        Args:
            map_f: JavaScript function; ``[~field]`` in it stands for the stored name.
            reduce_f: JavaScript function.
            output: ``"inline"``, the name of a collection, or a dict that has such a name
                under ``replace``, ``merge`` or ``reduce``, and may have ``db_alias`` or ``db``.
            finalize_f: JavaScript function.
            limit: the most documents to look at.
            scope: values the functions see as variables.

        Yields:
            Results (`MapReduceDocument`).

        Raises:
            OperationError: the output names no action, or the queryset has a JavaScript
                condition.
        """
        database = None
        if isinstance(output, Mapping) and output.get("db_alias"):
            database = await async_get_database(output["db_alias"], "async_map_reduce")
        where = map_reduce.output_of(self, output, None if database is None else database.name)
        collection = await self._async_target("async_map_reduce")
        functions = {"map": map_f, "reduce": reduce_f, "finalize": finalize_f}
        answer = await self._async_run_map_reduce(
            collection, where.out, functions, limit, scope, "async_map_reduce"
        )
        if where.collection is None:
            for raw in answer["results"]:
                yield self._map_reduce_result(collection, raw)
            return
        if database is None:
            client = collection.database.client
            database = client[where.database] if where.database else collection.database
        results = self._async_map_reduce_output(database[where.collection], where.temporary)
        async with aclosing(results):
            async for raw in results:
                yield self._map_reduce_result(collection, raw)

    async def _async_run_map_reduce(
        self: Any,
        collection: AsyncCollection[dict[str, Any]],
        out: Any,
        functions: Mapping[str, Any],
        limit: int | None,
        scope: Mapping[str, Any] | None,
        call: str,
    ) -> Mapping[str, Any]:
        """Run a map/reduce (see `map_reduce.map_reduce_command`) and return the answer."""
        refuse_in_transaction(collection, call)
        command = map_reduce.map_reduce_command(
            self, collection.name, out, functions, limit, scope, call
        )
        with using_session(collection) as session:
            answer: Mapping[str, Any] = await collection.database.command(
                command,
                read_preference=map_reduce.read_preference_for(collection, out),
                session=session,
            )
        return answer

    async def _async_map_reduce_output(
        self: Any, collection: AsyncCollection[dict[str, Any]], temporary: bool
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield what a map/reduce has left in a collection, in the order asked for.

        Args:
            collection: the collection.
            temporary: drop it afterwards.
        """
        cursor = collection.find({}, sort=self._ordering or None, session=session_for(collection))
        try:
            while batch := await async_take(cursor, self._chunk_size()):
                for raw in batch:
                    yield raw
        finally:
            await cursor.close()
            if temporary:
                with using_session(collection) as session:
                    await collection.drop(session=session)

    async def async_exec_js(self: Any, code: str, *fields: str, **options: Any) -> Any:
        """Run a function in the server's shell; servers since MongoDB 4.2 have none.

        Args:
            code: JavaScript function; ``[~field]`` in it stands for the stored name. It sees
                ``collection``, ``query`` and ``options``.
            *fields: names of fields; it gets their stored names as arguments.
            **options: values it sees as ``options``.

        Returns:
            What the function returns.
        """
        arguments = self._fields_to_dbfields(fields)
        return await self._async_eval(
            self._sub_js_fields(code), arguments, options, "async_exec_js"
        )

    async def _async_eval(
        self: Any, code: str, arguments: Any, options: Mapping[str, Any], call: str
    ) -> Any:
        """Run a function that has stored names already."""
        collection = await self._async_target(call)
        refuse_in_transaction(collection, call)
        command = javascript.eval_command(self, collection.name, code, arguments, options)
        with using_session(collection) as session:
            answer = await collection.database.command(command, session=session)
        return answer.get("retval")

    async def async_item_frequencies(
        self: Any, field: str, normalize: bool = False, map_reduce: bool = True
    ) -> dict[Any, Any]:
        """Count the values of a field; those in lists one by one, a missing one as None.

        Args:
            field: path of the field.
            normalize: return each value's part of the total instead of its count.
            map_reduce: count by map/reduce; otherwise as `exec_js` does.

        Raises:
            LookUpError: there is no such field.
            OperationError: the queryset has a JavaScript condition.
        """
        if map_reduce:
            result: dict[Any, Any] = await self._async_item_frequencies_map_reduce(field, normalize)
            return result
        result = await self._async_item_frequencies_exec_js(field, normalize)
        return result

    async def _async_item_frequencies_map_reduce(
        self: Any, field: str, normalize: bool = False
    ) -> dict[Any, Any]:
        """Count by map/reduce."""
        (path,) = self._fields_to_dbfields([field])
        if self._finds_nothing():
            return {}
        call = "async_item_frequencies"
        collection = await self._async_target(call)
        functions = {"map": javascript.EMIT_ITEMS, "reduce": javascript.SUM_VALUES}
        scope = {"path": path.split(".")}
        answer = await self._async_run_map_reduce(
            collection, {"inline": 1}, functions, None, scope, call
        )
        counts = [(raw["_id"], raw["value"]) for raw in answer["results"]]
        return javascript.frequencies(counts, normalize)

    async def _async_item_frequencies_exec_js(
        self: Any, field: str, normalize: bool = False
    ) -> dict[Any, Any]:
        """Count in the server's shell."""
        (path,) = self._fields_to_dbfields([field])
        if self._finds_nothing():
            return {}
        counts = await self._async_eval(
            javascript.COUNT_ITEMS, [path.split(".")], {}, "async_item_frequencies"
        )
        return javascript.frequencies(counts, normalize)


class AsyncMapReduceResult:
    """What a result of a map/reduce has the server find."""

    __slots__ = ()

    async def async_fetch(self: Any) -> Any:
        """Return the document whose key is the key of the result; None when there is none."""
        if self._key_object is None:
            queryset = self._queryset().filter(pk=self._document_key())
            found = await queryset._async_fetch("async_fetch")
            self._key_object = found[0] if found else None
        return self._key_object
