"""What querysets send for pipelines, counts, find-and-modify, map/reduce; no server is needed."""

from __future__ import annotations

import pickle
import threading
from typing import Any

import pytest
from bson import DBRef
from bson.code import Code
from pymongo.read_concern import ReadConcern

from mongoengine.errors import LookUpError, OperationError
from mongoengine.queryset import QuerySet
from mongoengine.queryset.aggregation import pipeline_of, pipeline_options, total_pipeline
from mongoengine.queryset.counting import count_command, needs_count_command
from mongoengine.queryset.distinct import documents_wanted, resolve, with_documents
from mongoengine.queryset.javascript import eval_command, frequencies, substitute_fields
from mongoengine.queryset.map_reduce import MapReduceOutput, map_reduce_command, output_of
from mongoengine.queryset.modifying import modify_plan, upsert_plan
from mongoengine.queryset.plans import update_plan
from mongoengine.queryset.results import keys_of_results, shared, unseen
from mongoengine.state.cursors import take
from tests.verb_models import Animal, Dog, Maker, Ranked, Ware


def wares(**query: Any) -> QuerySet:
    return QuerySet(Ware, None).filter(**query)


# Pipelines


def test_a_queryset_without_conditions_adds_no_stage() -> None:
    assert pipeline_of(wares(), [{"$count": "n"}]) == [{"$count": "n"}]
    assert pipeline_of(QuerySet(Ranked, None), ()) == []


def test_the_stages_of_a_queryset_come_in_the_order_of_a_find() -> None:
    queryset = wares(price=1).order_by("name", "-price").skip(2).limit(3)

    assert pipeline_of(queryset, []) == [
        {"$match": {"p": 1}},
        {"$sort": {"n": 1, "p": -1}},
        {"$limit": 5},
        {"$skip": 2},
    ]


def test_the_class_filter_is_part_of_a_pipeline() -> None:
    assert pipeline_of(QuerySet(Dog, None), []) == [{"$match": {"_cls": "Animal.Dog"}}]


def test_stages_that_open_a_pipeline_stay_in_front_in_their_order() -> None:
    near, stats = {"$geoNear": {"near": [0, 0]}}, {"$collStats": {"count": {}}}
    stages = [{"$set": {"a": 1}}, near, stats]

    assert pipeline_of(wares(price=1), stages) == [
        near,
        stats,
        {"$match": {"p": 1}},
        {"$set": {"a": 1}},
    ]


def test_a_queryset_of_nothing_matches_nothing_in_a_pipeline() -> None:
    assert pipeline_of(wares().none(), [])[:2] == [{"$limit": 1}, {"$match": {"$expr": False}}]
    assert {"$match": {"$expr": False}} in pipeline_of(wares()[3:3], [])


def test_given_options_have_precedence_over_those_of_the_queryset() -> None:
    queryset = wares().hint("h").comment("c").batch_size(3).max_time_ms(4).allow_disk_use(True)

    assert pipeline_options(queryset, {"comment": "mine"}) == {
        "hint": "h",
        "comment": "mine",
        "batchSize": 3,
        "maxTimeMS": 4,
        "allowDiskUse": True,
    }
    assert pipeline_options(wares()) == {}


def test_every_list_on_the_way_is_taken_apart_by_its_stored_name() -> None:
    def stages(field: str) -> list[Any]:
        return total_pipeline(wares(), field, "$sum", "sum")[1:]

    assert stages("ratings") == [
        {"$unwind": "$r"},
        {"$group": {"_id": None, "total": {"$sum": "$r"}}},
    ]
    assert stages("parts.width") == [
        {"$unwind": "$ps"},
        {"$group": {"_id": None, "total": {"$sum": "$ps.w"}}},
    ]
    assert stages("size__height") == [{"$group": {"_id": None, "total": {"$sum": "$d.h"}}}]
    with pytest.raises(LookUpError):
        stages("weight")


# Counts


@pytest.mark.parametrize(
    ("query", "needed"),
    [
        ({}, False),
        ({"a": 1, "$or": [{"b": {"$gt": 2}}]}, False),
        ({"$where": "true"}, True),
        ({"$and": [{"a": 1}, {"$where": "true"}]}, True),
        ({"place": {"$near": [1, 2]}}, True),
        ({"$or": ({"place": {"$nearSphere": [1, 2]}},)}, True),
    ],
)
def test_conditions_that_no_pipeline_takes_are_recognised(query: Any, needed: bool) -> None:
    assert needs_count_command(query) is needed


class FakeCollection:
    name = "ware"
    read_concern = ReadConcern("majority")


class FakeSession:
    in_transaction = True


def test_a_count_command_has_the_filter_and_the_read_concern() -> None:
    queryset = wares(price=1).where("true")

    assert count_command(queryset, FakeCollection, {"limit": 3}, None) == {
        "count": "ware",
        "query": {"p": 1, "$where": "true"},
        "limit": 3,
        "readConcern": {"level": "majority"},
    }
    with pytest.raises(OperationError, match=r"^count\(\) of Ware cannot run in a transaction"):
        count_command(queryset, FakeCollection, {}, FakeSession())


# Find and modify


def test_a_plan_to_modify_has_filter_update_and_options() -> None:
    queryset = wares(price=1).order_by("-name").only("price").hint("h").max_time_ms(5)

    plan = modify_plan(queryset, False, False, True, None, {"set__name": "x"})

    assert plan is not None
    assert (plan.filter, plan.update) == ({"p": 1}, {"$set": {"n": "x"}})
    assert plan.options == {
        "sort": [("n", -1)],
        "projection": {"p": 1},
        "hint": "h",
        "maxTimeMS": 5,
        "upsert": False,
        "return_document": True,
    }


def test_a_plan_to_remove_has_no_update() -> None:
    plan = modify_plan(wares(), False, True, False, None, {})

    assert plan is not None
    assert (plan.filter, plan.update, plan.options) == ({}, None, {})


def test_a_made_document_is_of_the_class_and_one_that_is_there_stays_of_its_own() -> None:
    plan = upsert_plan(QuerySet(Animal, None), {"set__legs": 4})
    assert plan is not None
    assert plan.update == {"$set": {"legs": 4}, "$setOnInsert": {"_cls": "Animal"}}

    plan = upsert_plan(QuerySet(Animal, None), {"set_on_insert__legs": 4})
    assert plan is not None
    assert plan.update == {"$setOnInsert": {"_cls": "Animal", "legs": 4}}

    plan = upsert_plan(wares(), {"set__price": 4})
    assert plan is not None
    assert plan.update == {"$set": {"p": 4}}


@pytest.mark.parametrize(
    ("chain", "update", "sent"),
    [
        (lambda q: q, {"inc__legs": 1}, {"$inc": {"legs": 1}, "$setOnInsert": {"_cls": "Animal"}}),
        (lambda q: q, {}, {"$setOnInsert": {"_cls": "Animal"}}),
        (lambda q: q, {"set___cls": "Animal.Dog"}, {"$set": {"_cls": "Animal.Dog"}}),
        (lambda q: q, {"unset___cls": 1}, {"$unset": {"_cls": 1}}),
        (lambda q: q(_cls="Animal.Dog"), {}, {"$setOnInsert": {"_cls": "Animal.Dog"}}),
        (lambda q: q(__raw__={"_cls": "Animal.Dog"}), {}, {"$setOnInsert": {"_cls": "Animal.Dog"}}),
        (lambda q: q.clear_cls_query(), {}, {"$setOnInsert": {"_cls": "Animal"}}),
    ],
    ids=["class", "nothing", "explicit", "unset", "filter", "raw filter", "no class filter"],
)
def test_an_upsert_gives_the_class_to_what_it_makes_only(
    chain: Any, update: Any, sent: Any
) -> None:
    plan = update_plan(chain(QuerySet(Animal, None)), True, True, None, update)
    assert plan is not None
    assert plan.update == sent

    plan = update_plan(chain(QuerySet(Animal, None)), False, True, None, {"set__legs": 1})
    assert plan is not None
    assert plan.update == {"$set": {"legs": 1}}


def test_nothing_is_planned_for_a_queryset_of_nothing() -> None:
    assert upsert_plan(wares().none(), {"set__price": 1}) is None
    assert modify_plan(wares()[:0], False, True, False, None, {}) is None


# JavaScript


def test_marked_names_become_stored_names() -> None:
    def replaced(code: str) -> str:
        return substitute_fields(Ware, code)

    assert replaced("this[~name] + this[~price]") == 'this["n"] + this["p"]'
    assert replaced("doc[~size][~size.width]") == 'doc["d"]["w"]'
    assert replaced("{{~size.width}} {{~parts.height}}") == "d.w ps.h"
    assert replaced("this[~id] == {{~pk}}") == 'this["_id"] == _id'
    assert replaced("this[~x]") == 'this["y"]'
    assert replaced("{{~x}}") == "y"
    assert replaced("this.x[~1] [ ~name ] {{name}}") == "this.x[~1] [ ~name ] {{name}}"
    with pytest.raises(LookUpError, match=r'^Cannot resolve field "weight"$'):
        replaced("this[~weight]")


def test_conditions_in_javascript_must_be_text() -> None:
    with pytest.raises(TypeError):
        wares().where(5)  # type: ignore[arg-type]


def test_the_shell_sees_the_whole_filter() -> None:
    command = eval_command(wares(price=1).where("true"), "ware", "f()", ["n"], {"a": 1})

    assert command == {
        "eval": Code(
            "f()",
            {
                "collection": "ware",
                "options": {"a": 1},
                "query": {"p": 1, "$where": "true"},
            },
        ),
        "args": ["n"],
    }


def test_frequencies_are_whole_numbers_or_parts_of_the_total() -> None:
    counts = [("a", 3.0), (1.0, 1.0), (1.5, 4.0), (None, 2)]

    assert frequencies(counts, normalize=False) == {"a": 3, 1: 1, 1.5: 4, None: 2}
    assert frequencies(counts, normalize=True) == {"a": 0.3, 1: 0.1, 1.5: 0.4, None: 0.2}
    assert frequencies([], normalize=True) == {}


# Map/reduce


def test_an_output_says_where_the_results_are() -> None:
    plain = wares()

    assert output_of(plain, "inline") == MapReduceOutput({"inline": 1})
    assert output_of(plain, "kept") == MapReduceOutput("kept", "kept")
    assert output_of(plain, {"merge": "m", "sharded": True, "db": "other"}) == MapReduceOutput(
        {"merge": "m", "db": "other", "sharded": True}, "m", "other"
    )
    assert output_of(plain, {"reduce": "m", "db_alias": "x"}, "named") == MapReduceOutput(
        {"reduce": "m", "db": "named"}, "m", "named"
    )
    for wrong in ({}, {"sharded": True}, None, 5):
        with pytest.raises(OperationError, match=r"^actionData not specified for output$"):
            output_of(plain, wrong)


def test_sorted_results_go_through_a_collection_of_their_own() -> None:
    queryset = wares().order_by("value")
    first, second = output_of(queryset, "inline"), output_of(queryset, "inline")

    assert first.temporary
    assert first.out == {"replace": first.collection}
    assert first.collection != second.collection
    assert not output_of(queryset, "kept").temporary


def test_a_map_reduce_command_has_stored_names_and_every_variable() -> None:
    functions = {"map": Code("emit(this[~name], a)", {"a": 1, "b": 1}), "finalize": None}
    queryset = wares(price=1).comment("c").hint("h").max_time_ms(9)

    command = map_reduce_command(queryset, "ware", {"inline": 1}, functions, 5, {"b": 2}, "call")

    assert command == {
        "mapReduce": "ware",
        "map": Code('emit(this["n"], a)'),
        "query": {"p": 1},
        "out": {"inline": 1},
        "comment": "c",
        "maxTimeMS": 9,
        "scope": {"a": 1, "b": 2},
        "limit": 5,
    }
    with pytest.raises(OperationError, match=r"^call\(\) cannot honour where\(\)"):
        map_reduce_command(queryset.where("1"), "ware", {}, functions, None, None, "call")


# Distinct values


def test_a_path_is_resolved_to_its_stored_form_and_the_field_of_its_values() -> None:
    assert resolve(Ware, "size.width") == ("d.w", Ware.size.document_type.width)
    assert resolve(Ware, "tags")[0] == "t"
    assert resolve(Ware, "tags")[1] is Ware.tags.field
    assert resolve(Ware, "tags.0")[0] == "t.0"
    assert resolve(Ware, "pk")[0] == "_id"
    assert resolve(Ware, "no.such.path") == ("no.such.path", None)


def test_references_are_replaced_by_the_documents_found() -> None:
    one = Maker(name="one")
    place = (Maker, None)
    values = [1, 2, DBRef("maker", 3), None]

    assert documents_wanted(Ware.maker, values) == {place: {1, 2}, (Maker, "maker"): {3}}
    assert with_documents(Ware.maker, values, {place: {1: one}}) == [one, 2, values[2], None]
    generic = {"_cls": "Maker", "_ref": DBRef("makers", 4)}
    assert documents_wanted(Ware.made_of, [generic, {"_cls": "x"}]) == {(Maker, "makers"): {4}}
    assert documents_wanted(Ware.name, ["a"]) == {}
    assert documents_wanted(None, [{"_ref": DBRef("a", 1)}]) == {}


# Results seen already


def test_keys_of_results_are_told_where_there_are_keys() -> None:
    document = Ware(id="5f3c" * 6)

    assert keys_of_results(wares(), [document]) == {document.pk}
    assert keys_of_results(wares().as_pymongo(), [{"_id": 1}]) == {1}
    assert keys_of_results(wares(), [Ware()]) is None
    assert keys_of_results(wares().as_pymongo(), [{"n": 1}]) is None
    assert keys_of_results(wares().as_pymongo(), [{"_id": {"a": 1}}]) is None
    assert keys_of_results(wares().scalar("name"), ["x"]) is None
    assert keys_of_results(wares(), []) == frozenset()


def test_what_was_seen_is_left_out_and_the_window_stays() -> None:
    batch = [{"_id": 1}, {"_id": 2}, {"_id": 3}]

    assert unseen(batch, None, 1) == batch
    assert unseen(batch, {1}, None) == batch[1:]
    assert unseen(batch, {1}, 1) == batch[1:2]


# Snapshots


def test_a_snapshot_does_nothing_and_says_so() -> None:
    with pytest.deprecated_call(match=r"^snapshot is deprecated as it has no impact") as warned:
        queryset = wares().snapshot(True)
    assert warned[0].filename == __file__

    with pytest.deprecated_call(match=r"^The snapshot option is not anymore available"):
        assert queryset._cursor_args == {}
    with pytest.deprecated_call():
        assert wares().snapshot(False)._cursor_args == {}


# Pickles


def test_a_pickle_of_a_queryset_finds_the_same() -> None:
    queryset = wares(price=1).order_by("name").only("name")[1:3].hint("h").none()

    copied = pickle.loads(pickle.dumps(queryset))

    assert type(copied) is QuerySet
    assert copied._filter() == {"p": 1}
    assert copied._find_options() == queryset._find_options()
    assert copied._none
    assert copied.filter(stock=2)._filter() == {"p": 1, "stock": 2}


def test_a_pickle_keeps_results_and_leaves_the_drivers_objects_behind() -> None:
    queryset = QuerySet(Ware, FakeCollection)
    queryset._results().append(Ware(name="kept"))
    queryset._has_more = False
    shared(queryset, "_loops", set).add(object())
    shared(queryset, "_lock", threading.RLock)

    copied = pickle.loads(pickle.dumps(queryset))

    assert [ware.name for ware in copied._results()] == ["kept"]
    assert (len(copied), copied._iter) == (1, False)
    assert (copied._collection_obj, copied._collection_name) == (None, "ware")
    assert copied._cursor_obj is None
    assert "_lock" not in copied.__dict__


# Taking from cursors


def test_results_are_taken_from_cursors_that_are_not_the_drivers() -> None:
    cursor = iter([{"n": n} for n in range(5)])

    assert take(cursor, 2) == [{"n": 0}, {"n": 1}]
    assert take(cursor) == [{"n": 2}, {"n": 3}, {"n": 4}]
    assert take(cursor, 2) == []


def test_a_subclass_may_change_one_option_by_its_name() -> None:
    queryset = wares()

    assert queryset._chainable_method("limit", 4)._limit == 4
    assert queryset._limit is None
