"""Queries of a small GraphQL vendor: what is read is selected, in one fragment, with type conditions and with what mutations report."""

from __future__ import annotations

import ast
from typing import Any

import graphql
import pytest

from unified_gen.pipeline.compiler import Models, compile_vendor, parse_models
from unified_gen.pipeline.inputs import VendorInputs
from unified_gen.specs.take import take
from unified_gen.specs.writing import write_yaml
from unified_openapi.documents import parse_document

SCHEMA = """
type Query { product(id: ID!): Product  products(first: Int! = 5, after: String, filter: Filter): Products! }
type Mutation {
  productCreate(product: ProductInput!, notify: Boolean): ProductResult!
  productUpdate(id: ID!, product: ProductInput!): ProductResult
  productDelete(id: ID!): DeleteResult!
}
type Product { id: ID!  title: String!  maker: Maker  made: DateTime  parts(first: Int, kind: String): Parts! }
union Maker = Person | Brand
type Person { id: ID!  first: String!  mail: String }
type Brand { id: ID!  called: String! }
type Products { nodes: [Product!]!  pageInfo: PageInfo! }
type Parts { nodes: [Part!]! }
type Part { id: ID!  label: String! }
type PageInfo { endCursor: String  hasNextPage: Boolean! }
type Problem { message: String!  field: [String!]  code: String }
type ProductResult { product: Product  userErrors: [Problem!]! }
type DeleteResult { deletedId: ID }
input ProductInput { title: String  made: DateTime }
input Filter { title: Words  and: [Filter!] }
input Words { contains: String }
scalar DateTime
"""
MODEL = """
resource: products
record: Product
summary: A thing.
fields:
  id: {type: id, summary: Its id., read_only: true}
  title: {type: text, summary: Its name., required: create}
  maker: {type: text, summary: Who made it., read_only: true}
  parts: {type: [text], summary: Its parts., read_only: true}
  made_at: {type: datetime, summary: When it was made.}
operations:
  get: {summary: Read a product.}
  create: {summary: Create a product.}
  update:
    summary: Change a product.
    inputs: {id: {type: id, summary: Its id., field: id, required: true}}
  delete: {summary: Delete a product.}
  list:
    summary: List products.
    inputs: {text: {type: text, summary: In its name., searched_fields: [title]}}
"""
VENDOR = """
name: Shop
base_url: https://shop.example/graphql
security: {token: {type: bearer}}
items: nodes
pagination: {default: {token_param: {after: pageInfo.endCursor}, more_if: pageInfo.hasNextPage, page_size_param: {first: 50}}}
errors:
  failed_if: errors
  message: "errors[0].message"
  payload: {failed_if: userErrors, message: "userErrors[0].message", fields: {names: "userErrors[0].field"}}
"""
MAPPING = """
fields:
  id: {read: id}
  title: title
  maker: {read: maker.first || maker.called}
  parts: {read: "parts.nodes[].label"}
  made_at: made
params: {id: id}
operations:
  get: product
  create: {productCreate: fields, record: product}
  update: {productUpdate: [fields, {id: id}], record: product}
  delete: productDelete
  list: {operation: products, params: {title.contains: text}}
"""
OPERATIONS = ("product", "products", "productCreate", "productUpdate", "productDelete")


def models() -> Models:
    return parse_models({"mappings/models/products.yaml": MODEL})


def compiled(mapping: str = MAPPING, vendor: str = VENDOR, schema: str = SCHEMA) -> Any:
    facts = take(parse_document(schema, "shop.graphql"), OPERATIONS, title="shop")
    mappings = {"mappings/vendors/shop/vendor.yaml": vendor, "mappings/vendors/shop/products.yaml": mapping}
    return compile_vendor(VendorInputs("shop", mappings, {"specs/shop/openapi.yaml": write_yaml(facts.root, "shop")}), models())


def constants(files: Any) -> dict[str, Any]:
    """Return the texts that a module assigns to constants."""
    (text,) = (text for name, text in files.items() if name.endswith("vendors/shop/products.py"))
    found: dict[str, Any] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.endswith(("_QUERY", "_FIELDS")):
            found[node.targets[0].id] = eval(compile(ast.Expression(node.value), "constants", "eval"), dict(found))
    return found


@pytest.fixture(scope="module")
def queries() -> dict[str, str]:
    result = compiled()
    assert [(one.code, one.message) for one in result.diagnostics if one.severity.value == "error"] == []
    return constants(result.files)


def test_each_query_is_valid(queries: dict[str, str]) -> None:
    schema = graphql.build_schema(SCHEMA)
    texts = {name: text for name, text in queries.items() if name.endswith("_QUERY")}
    assert len(texts) == len(OPERATIONS)
    assert [error.message for text in texts.values() for error in graphql.validate(schema, graphql.parse(text))] == []


def test_the_fields_of_a_record_are_one_fragment_with_type_conditions(queries: dict[str, str]) -> None:
    fragment = " ".join(queries["PRODUCT_FIELDS"].split())
    assert fragment == (
        "fragment ProductFields on Product { id title maker { ... on Person { first } ... on Brand { called } }"
        " parts { nodes { label } } made }"
    )
    assert all(text.count("fragment ") == (0 if name == "PRODUCT_DELETE_QUERY" else 1) for name, text in queries.items())


def test_arguments_are_variables_and_mutations_select_what_they_report(queries: dict[str, str]) -> None:
    def plain(name: str) -> str:
        return " ".join(queries[name].partition("\nfragment")[0].split())

    assert plain("PRODUCTS_QUERY") == (
        "query products($first: Int, $after: String, $filter: Filter) { products(first: $first, after: $after, filter: $filter) {"
        " nodes { ...ProductFields } pageInfo { hasNextPage endCursor } } }"
    )
    assert plain("PRODUCT_CREATE_QUERY") == (
        "mutation productCreate($product: ProductInput!, $notify: Boolean) { productCreate(product: $product, notify: $notify) {"
        " product { ...ProductFields } userErrors { message field } } }"
    )
    assert plain("PRODUCT_DELETE_QUERY") == "mutation productDelete($id: ID!) { productDelete(id: $id) { __typename } }"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: title", "title: titel", "MAP201"),
        ("maker.first ||", "maker.firts ||", "MAP201"),
        ("title.contains: text", "titel.contains: text", "MAP104"),
        ("productUpdate: [fields, {id: id}]", "productUpdate: [fields, {product.id: id}]", "MAP104"),
        ("record: product}\n  update", "record: product.id}\n  update", "MAP"),
        ("get: product", "get: produkt", "MAP101"),
    ],
)
def test_mistakes_are_found_in_the_schema(old: str, new: str, code: str) -> None:
    assert old in MAPPING
    found = [one.code for one in compiled(MAPPING.replace(old, new, 1)).diagnostics]
    assert any(one.startswith(code) for one in found), found


@pytest.mark.parametrize(
    ("path", "message", "help"),
    [
        ("total.shop.currency", "Money has no `currency`", "did you mean `total.shop.currencyCode`? if"),
        ("total.seller", "Total has no `seller`", "there is `total.buyer` or `total.shop`; if"),
        ("totl.shop", "Product has no `totl` here", "did you mean `total`?"),
    ],
)
def test_an_unknown_path_names_the_type_that_lacks_the_field(path: str, message: str, help: str) -> None:
    schema = SCHEMA.replace(
        "type Product { ",
        "type Total { buyer: Money! shop: Money! } type Money { amount: String currencyCode: String } type Product { total: Total ",
    )
    (found,) = (
        one
        for one in compiled(MAPPING.replace("made_at: made", f"made_at: {{read: {path}}}"), schema=schema).diagnostics
        if one.code == "MAP201"
    )
    assert found.message == f"`{path}`: {message}"
    assert found.help is not None
    assert found.help.startswith(help)
    assert ("--keep" in found.help) == ("here" not in message)


def test_errors_of_a_mutation_that_nothing_reads_are_reported() -> None:
    without = VENDOR.replace(next(line for line in VENDOR.splitlines() if "payload:" in line) + "\n", "")
    found = [one for one in compiled(vendor=without).diagnostics if one.code == "MAP257"]
    assert [one.message for one in found] == ["`productCreate` reports errors in `userErrors` of its value, which nothing reads"]
    assert not [one for one in compiled().diagnostics if one.code == "MAP257"]
    without_message = SCHEMA.replace("type Problem { message: String!  field", "type Problem { field")
    assert not [one for one in compiled(vendor=without, schema=without_message).diagnostics if one.code == "MAP257"]


def test_an_argument_of_a_replaced_type_is_reported() -> None:
    facts = take(parse_document(SCHEMA, "shop.graphql"), OPERATIONS, title="shop")
    body = facts.root["paths"]["/#product"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]["variables"]
    body["properties"]["id"] = {"type": "object"}
    mappings = {"mappings/vendors/shop/vendor.yaml": VENDOR, "mappings/vendors/shop/products.yaml": MAPPING}
    result = compile_vendor(VendorInputs("shop", mappings, {"specs/shop/openapi.yaml": write_yaml(facts.root, "shop")}), models())
    assert "MAP216" in [one.code for one in result.diagnostics]
