"""Texts of requests to a GraphQL endpoint that only read: in none of them graphql-core finds a mutation."""

from __future__ import annotations

import graphql
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unified_runtime.toolkits.graphql_text import mutation_arguments, mutation_fields, reads

QUERIES = (
    "{ viewer { id } }",
    "query { viewer { id } }",
    'query Q($id: ID! = "}", $f: F = {a: [1, {b: "mutation"}]}) @live { issue(id: $id, filter: $f) { ...F } } fragment F on I { id }',
    "# mutation\nquery { a }",
    'query { a(text: """ } mutation { b } \\""" """) }',
    "query A { a } query B { b }",
    "\ufeff,query{mutation:a}",
)
OTHERS = (
    "mutation { a }",
    "query A { a } mutation B { b }",
    "{ a } mutation { b }",
    "subscription { a }",
    "fragment F on T { a }",
    "query { a",
    "query { a } }",
    "query { a ) }",
    'query { a(b: "x) } mutation { c }',
    "extend type A { b: C }",
    "type A { b: C } query { a }",
    "query Q",
    "",
)


@pytest.mark.parametrize("text", QUERIES)
def test_queries_read(text: str) -> None:
    graphql.parse(text)
    assert reads({"query": text, "variables": {}})


@pytest.mark.parametrize("text", OTHERS)
def test_nothing_else_does(text: str) -> None:
    assert not reads({"query": text})


@pytest.mark.parametrize("body", [None, [], [{"query": "{ a }"}], {"query": 1}, {"mutation": "{ a }"}, "{ a }"])
def test_a_body_of_another_form_does_not_read(body: object) -> None:
    assert not reads(body)


PARTS = (
    "query", "mutation", "fragment F on T", "subscription", "{", "}", "(", ")", "a", "a:",
    '"', '"""', "\\", "#", "\n", "...", "$b: C", "@d", "\ufeff", "\x00", "é",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from((*PARTS, *QUERIES, *OTHERS)), max_size=9).map(" ".join))
def test_no_accepted_text_has_a_mutation(text: str) -> None:
    if not reads({"query": text}):
        return
    try:
        document = graphql.parse(text)
    except graphql.GraphQLSyntaxError:
        return
    definitions = [one for one in document.definitions if not isinstance(one, graphql.FragmentDefinitionNode)]
    assert all(isinstance(one, graphql.OperationDefinitionNode) and one.operation.value == "query" for one in definitions)


MUTATIONS = {
    "mutation { a }": ("a",),
    'mutation M($i: [I!] = [{x: ")"}]) @l(a: 1) { b: a(i: $i, t: "}") @skip(if: false) { ...F id } c } fragment F on T { x }': (
        "a",
        "c",
    ),
    "# query\nmutation{mutation:delete}": ("delete",),
    "mutation { a } query { b }": (),
    "mutation { a } mutation { b }": (),
    "mutation { ...F } fragment F on Mutation { a }": (),
    "mutation { ... on Mutation { a } }": (),
    "query { a }": (),
    "mutation { a": (),
    "mutation { a ) }": (),
    "mutation { a { b } } }": (),
    "mutation": (),
    "": (),
}


@pytest.mark.parametrize(("text", "fields"), MUTATIONS.items())
def test_the_fields_of_a_mutation(text: str, fields: tuple[str, ...]) -> None:
    assert mutation_fields({"query": text}) == fields


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.sampled_from((*PARTS, *QUERIES, *MUTATIONS, "mutation {", "a(b: 1) { c }", "a(b: $c)", "x: y")), max_size=9).map(" ".join)
)
def test_the_fields_are_those_that_graphql_core_finds(text: str) -> None:
    fields = mutation_fields({"query": text})
    try:
        document = graphql.parse(text)
    except graphql.GraphQLSyntaxError:
        return
    operations = [one for one in document.definitions if not isinstance(one, graphql.FragmentDefinitionNode)]
    selections = [one for each in operations for one in getattr(getattr(each, "selection_set", None), "selections", ())]
    if fields:
        assert [getattr(one, "operation", None) for one in operations] == [graphql.OperationType.MUTATION]
        assert tuple(one.name.value for one in selections) == fields
    if len(fields) == 1:
        expected = {
            one.name.value: one.value.name.value if isinstance(one.value, graphql.VariableNode) else None
            for one in selections[0].arguments or ()
        }
        assert mutation_arguments({"query": text}) == expected


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("mutation { a { b: c(d: $e) } }", {}),
        ("mutation M($x: T = {y: 1}) @d(z: 2) { a(b: $x, c: {d: $x}, e: [$x], f: 1) @g(h: $x) { i(j: $x) } }",
         {"b": "x", "c": None, "e": None, "f": None}),
        ("mutation { a(b: $c, b: $d) }", {"b": None}),
    ],
)  # fmt: skip
def test_the_arguments_of_a_mutation(text: str, arguments: dict[str, str | None]) -> None:
    assert mutation_arguments({"query": text}) == arguments
