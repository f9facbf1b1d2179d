"""GraphQL schemas as documents: their operations and types, and the schema that is built from the result again."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import graphql
import pytest

from unified_gen.pipeline.compiler import parse_models
from unified_gen.pipeline.inputs import read_inputs
from unified_gen.scaffold.project import scaffold
from unified_gen.specs.take import take_all
from unified_openapi.documents import Document, operations, parse_document
from unified_openapi.documents.reading import DocumentFault
from unified_openapi.facts.extraction import extract
from unified_openapi.schemas.graphql_types import schema_text
from unified_openapi.schemas.shapes import Schemas

SCHEMA = '''
"""A shop."""
schema { query: Root mutation: Mutation }
scalar DateTime
enum Kind { BOOK @deprecated(reason: "no") TOY }
interface Node { id: ID! }
type Product implements Node {
  id: ID!
  "Its title."
  title: String!
  kind: Kind
  price(currency: String! = "EUR", round: Boolean): Float
  tags: [String!]!
  made: DateTime
  reviews(first: Int = 10, after: String): Reviews!
  shop: Root!
}
type Person implements Node { id: ID!  name: String }
union Seller = Person | Product
type Reviews { nodes: [Review!]!  hasMore: Boolean! }
type Review { id: ID!  by: Seller  text: String @deprecated(reason: "gone") }
input ProductInput { title: String!  kind: Kind = TOY  sizes: [[Int!]!] }
input By @oneOf { id: ID  name: String }
type Payload { product: Product  errors: [String!]! }
type Root { product(id: ID!): Product  products(first: Int! = 5, by: By, kinds: [Kind!] = [TOY]): [Product!]  node(id: ID!): Node }
type Mutation { createProduct(product: ProductInput!, dry: Boolean = false): Payload!  product(id: ID!): Payload }
'''


@pytest.fixture(scope="module")
def document() -> Document:
    return parse_document(SCHEMA, "shop.graphql")


def test_each_field_is_an_operation_with_its_arguments_as_variables(document: Document) -> None:
    found = operations(document)
    assert list(found) == ["query.product", "products", "node", "createProduct", "mutation.product"], "names that both have are qualified"
    create = found["createProduct"]
    assert create.graphql is not None
    assert (create.method, create.path, create.graphql.reads, create.graphql.value_at) == (
        "POST",
        "/#createProduct",
        False,
        ("data", "createProduct"),
    )
    schemas = Schemas(document)
    body = schemas.shape(create.bodies["application/json"])
    variables = schemas.shape(body.properties["variables"])
    assert body.required == {"query", "variables"}
    assert (set(variables.properties), variables.required, variables.closed) == ({"product", "dry"}, {"product"}, True)
    given = schemas.shape(variables.properties["product"])
    assert given.required == {"title"}, "what has a default or may be null is optional"
    assert schemas.shape(given.properties["kind"]).enum_values == ("BOOK", "TOY")
    assert schemas.shape(given.properties["kind"]).takes_null


def test_values_have_types_null_and_alternatives(document: Document) -> None:
    schemas = Schemas(document)
    product = schemas.shape("/components/schemas/Product")
    assert product.required == {"id", "title", "tags", "reviews", "shop"}
    assert schemas.shape(product.properties["made"]).formats == {"date-time"}
    assert not schemas.shape(product.properties["tags"]).takes_null
    seller = schemas.shape("/components/schemas/Seller")
    assert [schemas.shape(arm.properties["__typename"]).enum_values for arm in seller.arms] == [("Person",), ("Product",)]
    assert schemas.shape(schemas.shape("/components/schemas/Review").properties["text"]).deprecated


def test_locations_are_those_of_the_schema_file(document: Document) -> None:
    lines = SCHEMA.split("\n")
    span = document.span("/components/schemas/Product/properties/title")
    assert lines[span.line - 1].strip() == "title: String!"
    assert document.span("/paths/~1#products/post/deprecated").line == next(
        number for number, line in enumerate(lines, 1) if line.startswith("type Root")
    )


def shown(schema: graphql.GraphQLSchema) -> str:
    """Return the types of a schema without descriptions, reasons and subscriptions, sorted."""
    plain = graphql.lexicographic_sort_schema(schema)
    types = [graphql.print_type(type) for type in plain.type_map.values() if type is not plain.subscription_type and type.name[:2] != "__"]
    text = "\n".join(types)
    text = re.sub(r'[ \t]*"""(?s:.*?)"""\n', "", text)
    text = re.sub(r'@deprecated\(reason: (?:"""(?s:.*?)"""|"(?:[^"\\]|\\.)*")\)', "@deprecated", text)
    text = re.sub(r"\s*@specifiedBy\([^)]*\)", "", text)
    return re.sub(r"\s+", " ", re.sub(r"([()])", r" \1 ", text.replace(",", " ")))


def rebuilt(document: Document) -> graphql.GraphQLSchema:
    """Return the schema that is built from the facts of a document, as they are stored."""
    facts = json.loads(json.dumps(take_all(document, "shop").root))
    schema = graphql.build_schema(schema_text(facts))
    assert graphql.validate_schema(schema) == []
    return schema


def test_the_facts_hold_the_complete_schema(document: Document) -> None:
    assert shown(rebuilt(document)) == shown(graphql.build_schema(SCHEMA))


def test_the_result_of_an_introspection_is_the_same_document() -> None:
    result = graphql.introspection_from_schema(graphql.build_schema(SCHEMA), input_value_deprecation=True)
    for root in (result, {"data": result}):
        document = parse_document(json.dumps(root), "shop.json")
        assert document.format == "GraphQL introspection JSON"
        assert take_all(document, "shop").root == take_all(parse_document(SCHEMA, "shop.graphql"), "shop").root


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("type Query { a: String", "this is not GraphQL"),
        ("type A { a: String }", "no query type"),
        ("type Query { a: Unknown }", "this is not a GraphQL schema"),
    ],
)
def test_other_texts_are_reported_with_a_location(text: str, words: str) -> None:
    with pytest.raises(DocumentFault, match=words) as raised:
        parse_document(text, "x.graphql")
    assert raised.value.diagnostic.span.file == "x.graphql"


def test_the_facts_of_linear_are_its_complete_schema() -> None:
    """Compare it with the vendor's own schema by graphql-core, if that is present."""
    facts = json.loads(gzip.decompress(Path("specs/linear/facts.json.gz").read_bytes()))["documents"][0]
    schema = graphql.build_schema(schema_text(facts["document"]))
    assert graphql.validate_schema(schema) == []
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    assert (len(schema.query_type.fields), len(schema.mutation_type.fields)) == (164, 371)
    file = Path(os.environ.get("UNIFIED_VENDOR_DOCUMENTS", "../shared/vendor-specs")) / facts["name"]
    if file.is_file():
        assert shown(schema) == shown(graphql.build_schema(file.read_text("utf-8"), assume_valid_sdl=True))


def test_a_slice_has_the_fields_of_a_type_without_plain_ones() -> None:
    text = """
    type Query { draft(id: ID!): Draft  drafts: [Draft!]! }
    type Draft { id: ID!  buyer: Buyer }
    union Buyer = Person | Purchaser
    type Person { id: ID!  name: String }
    type Purchaser { account: Account!  contact: Person }
    type Account { id: ID!  name: String }
    """
    facts = extract(parse_document(text, "shop.graphql"), ["draft"])
    schema = graphql.build_schema(schema_text(facts.root))
    assert graphql.validate_schema(schema) == []
    purchaser = schema.type_map["Purchaser"]
    assert isinstance(purchaser, graphql.GraphQLObjectType)
    assert list(purchaser.fields) == ["account", "contact"]
    without = extract(parse_document(text, "shop.graphql"), ["draft"], {"Purchaser": ["__typename"]})
    known = graphql.build_schema(schema_text(without.root), assume_valid=True)
    assert graphql.validate(known, graphql.parse('{ draft(id: "1") { buyer { __typename ... on Purchaser { __typename } } } }')) == []


def test_a_first_mapping_is_guessed_from_the_resources_behind_the_fields() -> None:
    text = """
    type Query { ticket(id: ID!): Ticket  tickets(first: Int, after: String): TicketConnection! }
    type Mutation { ticketCreate(input: TicketInput!): TicketPayload!  ticketDelete(id: ID!): TicketPayload! }
    type Ticket { id: ID!  title: String!  description: String  dueDate: Date }
    type TicketConnection { edges: [TicketEdge!]!  nodes: [Ticket!]!  pageInfo: PageInfo! }
    type TicketEdge { node: Ticket! }
    type PageInfo { endCursor: String  hasNextPage: Boolean! }
    type TicketPayload { ticket: Ticket  success: Boolean! }
    input TicketInput { title: String!  description: String  dueDate: Date }
    scalar Date
    """
    models = parse_models(read_inputs(Path()).models)
    found = scaffold("desk", parse_document(text, "desk.graphql"), [models.by_resource["tasks"]], requested=True)
    mapping, vendor = (re.sub(" +", " ", found.files[f"mappings/vendors/desk/{name}.yaml"]) for name in ("tasks", "vendor"))
    assert found.operations == ("ticket", "ticketCreate", "ticketDelete", "tickets")
    for line in (
        "schema: Ticket",
        "due_date: dueDate",
        "get: {operation: ticket, params: {id: id}}",
        "operation: ticketCreate, send: fields",
    ):
        assert line in mapping
    assert "items: nodes" in mapping
    assert "token_param: after, next_token: pageInfo.endCursor, page_size_param: first" in vendor
    assert 'failed_if: errors, message: "errors[0].message"' in vendor


def test_a_guess_leads_neither_back_to_the_record_nor_through_a_field_that_needs_an_argument() -> None:
    text = """
    type Query { ticket(id: ID!): Ticket  tickets(first: Int, after: String): TicketConnection! }
    type Ticket { id: ID!  title: String!  part: Part  extra(key: String!): Extra }
    type Part { id: ID!  of: Holder }
    union Holder = Ticket | Crate
    type Crate { id: ID!  assignee: Person }
    type Extra { assignee: Person }
    type Person { id: ID!  name: String! }
    type TicketConnection { nodes: [Ticket!]!  pageInfo: PageInfo! }
    type PageInfo { endCursor: String  hasNextPage: Boolean! }
    """
    tasks = [parse_models(read_inputs(Path()).models).by_resource["tasks"]]

    def guessed(schema: str) -> str:
        found = scaffold("desk", parse_document(schema, "desk.graphql"), tasks, requested=True)
        return found.files["mappings/vendors/desk/tasks.yaml"].partition("unsupported:")[0]

    assert "assignee" not in guessed(text)
    assert "extra.assignee.id" in guessed(text.replace("key: String!", "key: String"))
    assert "part.of.assignee.id" in guessed(text.replace("Holder = Ticket | Crate", "Holder = Crate"))
