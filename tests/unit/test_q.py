"""Q objects: building, comparing, compiling."""

from __future__ import annotations

import copy
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset import visitor
from mongoengine.queryset.visitor import Q, QCombination, QNode

a, b, c = Q(a=1), Q(b=2), Q(c=3)


def test_an_empty_q_leaves_the_other_operand_itself():
    assert a & Q() is a
    assert Q() & a is a
    assert a | Q() is a
    assert Q() | a is a
    assert Q() & Q() == Q()
    assert a & QCombination(QNode.AND, []) is a


def test_truth_means_that_there_is_a_condition():
    assert a
    assert not Q()
    assert a & b
    assert not QCombination(QNode.OR, [])
    assert not Q() | Q()


def test_combinations_of_one_operation_are_flat():
    assert ((a & b) & c).children == [a, b, c]
    assert (a & (b & c)).children == [a, b, c]
    assert ((a | b) | c).children == [a, b, c]
    assert ((a | b) & c).children == [a | b, c]


def test_any_node_or_value_may_stand_in_a_combination():
    node = QNode()
    assert (a & node).children == [a, node]
    assert (node | a).children == [node, a]
    assert (a & 5).children == [a, 5]
    assert (a & None) is a


def test_equality_is_structural_and_minds_the_order():
    assert Q(a=1) == a
    assert Q(a=2) != a
    assert (a & b) == (Q(a=1) & Q(b=2))
    assert (a & b) != (b & a)
    assert (a & b) != (a | b)
    assert a != (a & b)
    assert (a & b) != 5
    assert a != 5


@pytest.mark.parametrize("node", [a, a & b])
def test_nodes_are_unhashable(node):
    with pytest.raises(TypeError, match="unhashable"):
        hash(node)


def test_repr_reads_like_the_expression():
    assert repr(Q()) == "Q(**{})"
    assert repr(a & b) == "(Q(**{'a': 1}) & Q(**{'b': 2}))"
    assert repr((a & b) | c) == "((Q(**{'a': 1}) & Q(**{'b': 2})) | Q(**{'c': 3}))"


def test_there_is_no_negation():
    with pytest.raises(TypeError):
        operator.invert(a)


@pytest.mark.parametrize(
    ("node", "empty"), [(a, False), (Q(), True), (a & b, False), (QNode(), False)]
)
def test_empty_is_deprecated_and_points_at_its_reader(node, empty):
    with pytest.warns(DeprecationWarning, match="'empty' property is deprecated") as warned:
        assert node.empty is empty
    assert warned[0].filename == __file__


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Q(), {}),
        (a & b, {"a": 1, "b": 2}),
        (a | b, {"$or": [{"a": 1}, {"b": 2}]}),
        (Q(x__lt=7) & Q(x__lt=3), {"$and": [{"x": {"$lt": 7}}, {"x": {"$lt": 3}}]}),
        (Q(x__lt=7) & Q(x__gt=3), {"x": {"$lt": 7, "$gt": 3}}),
        ((a & b) | c, {"$or": [{"a": 1, "b": 2}, {"c": 3}]}),
        ((a | b) & c, {"$and": [{"$or": [{"a": 1}, {"b": 2}]}, {"c": 3}]}),
        (Q(__raw__={"$or": [1]}) & a, {"$or": [1], "a": 1}),
        (Q(__raw__={"x": 1}) & Q(__raw__={"y": 1}), {"$and": [{"x": 1}, {"y": 1}]}),
        (QCombination(QNode.AND, []), {}),
        (QCombination(QNode.AND, [Q(), a]), {"a": 1}),
        (QCombination(QNode.OR, [Q(), a]), {"$or": [{}, {"a": 1}]}),
    ],
)
def test_a_tree_compiles(node, expected):
    assert node.to_query(None) == expected


def test_a_wrong_keyword_shows_when_the_query_is_compiled():
    class Nothing:
        _fields: dict = {}

        @classmethod
        def _lookup_field(cls, names):
            raise LookupError("no such field")

    with pytest.raises(InvalidQueryError, match="no such field"):
        (a & b).to_query(Nothing)


def test_compiling_leaves_the_tree_as_it_was():
    tree = ((a & b) | (c & Q(d=[1, {"x": 2}]))) & Q(e=5)
    before, shape = copy.deepcopy(tree), repr(tree)
    inner = tree.children[0]
    first = tree.to_query(None)
    assert tree == before
    assert repr(tree) == shape
    assert tree.children[0] is inner
    assert tree.to_query(None) == first


def test_visitors_see_leaves_first_and_may_replace_nodes():
    class Renamer(visitor.QNodeVisitor):
        def visit_query(self, query):
            return Q(**{key.upper(): value for key, value in query.query.items()})

    tree = (a & b) | c
    assert tree.accept(Renamer()) == ((Q(A=1) & Q(B=2)) | Q(C=3))
    assert tree == ((a & b) | c)
    assert tree.accept(visitor.QNodeVisitor()) is tree


def test_simplification_unites_an_and_of_plain_conditions():
    simplify = visitor.SimplificationVisitor()
    assert simplify.visit_combination(a & b) == Q(a=1, b=2)
    for untouched in (a | b, a & Q(a=3), (a | b) & c):
        assert simplify.visit_combination(untouched) is untouched
    with pytest.raises(visitor.DuplicateQueryConditionsError):
        simplify._query_conjunction([{"a": 1}, {"a": 1}])


def test_a_bare_node_cannot_be_compiled():
    with pytest.raises(NotImplementedError):
        QNode().to_query(None)


# The algebra: a compiled tree finds what the tree says.

COMPARE = {
    "ne": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
    "nin": lambda value, options: value not in options,
}


def says(node, document):
    """Tell whether a tree of Q objects holds for a document, without compiling it."""
    if isinstance(node, QCombination):
        join = all if node.operation == QNode.AND else any
        return join(says(child, document) for child in node.children)
    for key, operand in node.query.items():
        name, _, op = key.partition("__")
        compare = COMPARE[op] if op else operator.eq
        if not compare(document[name], operand):
            return False
    return True


def finds(query, document):
    """Tell whether a MongoDB filter finds a document of numbers."""
    for key, condition in query.items():
        if key in ("$and", "$or"):
            join = all if key == "$and" else any
            if not join(finds(clause, document) for clause in condition):
                return False
        elif isinstance(condition, dict):
            for op, operand in condition.items():
                if not COMPARE[op[1:]](document[key], operand):
                    return False
        elif document[key] != condition:
            return False
    return True


numbers = st.integers(0, 3)
names = st.sampled_from("xyz")


@st.composite
def conditions(draw):
    chosen = {}
    for _ in range(draw(st.integers(0, 3))):
        name, op = draw(names), draw(st.sampled_from([None, *COMPARE]))
        operand = draw(st.lists(numbers, max_size=3) if op in ("in", "nin") else numbers)
        chosen[f"{name}__{op}" if op else name] = operand
    return Q(**chosen)


trees = st.recursive(
    conditions(),
    lambda children: st.builds(
        lambda left, right, join: join(left, right),
        children,
        children,
        st.sampled_from([operator.and_, operator.or_]),
    ),
    max_leaves=8,
)


@given(trees, st.fixed_dictionaries({"x": numbers, "y": numbers, "z": numbers}))
def test_a_compiled_tree_finds_what_the_tree_says(tree, document):
    assert finds(tree.to_query(None), document) == says(tree, document)


@given(trees)
def test_compiling_twice_gives_the_same_and_changes_nothing(tree):
    before = copy.deepcopy(tree)
    assert tree.to_query(None) == tree.to_query(None)
    assert tree == before


@given(trees, trees, st.fixed_dictionaries({"x": numbers, "y": numbers, "z": numbers}))
def test_operators_join_what_their_operands_say(left, right, document):
    # An empty side says nothing at all, rather than "everything".
    both = finds((left & right).to_query(None), document)
    assert both == (says(left, document) and says(right, document))
    if left and right:
        either = finds((left | right).to_query(None), document)
        assert either == (says(left, document) or says(right, document))
