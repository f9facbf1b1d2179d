"""Operations on resources that the fields of a GraphQL schema are."""

from __future__ import annotations

from unified_openapi.documents import parse_document
from unified_openapi.schemas.graphql_resources import Route, resources

SCHEMA = """
type Query { product(id: ID!): Product products: [Product!] }
type Mutation {
  productSet(id: ID, input: ProductUpdateInput!): Product
  productUpdate(identifier: Key, input: Old @deprecated, product: ProductUpdateInput): Product
  productDelete(input: ProductDeleteInput!): Product
  productRename(id: ID!, title: String): Product
}
type Product { id: ID! title: String }
input Key { handle: String }
input Old { id: ID title: String tags: [String] note: String }
input ProductUpdateInput { id: ID title: String tags: [String] }
input ProductDeleteInput { id: ID! }
"""


def test_an_id_may_be_in_the_largest_argument_that_is_not_deprecated() -> None:
    _, routes = resources(parse_document(SCHEMA.encode(), "shop.graphql", "shop.graphql"))
    assert routes["mutation", "productUpdate"] == Route("productUpdate", "PATCH", "/product/{id}", "product.id", "product")
    assert routes["mutation", "productSet"].method == "OPTIONS"  # of two, the one that is named an update
    assert routes["mutation", "productDelete"] == Route("productDelete", "DELETE", "/product/{id}", "input.id", "input")
    assert routes["query", "product"] == Route("product", "GET", "/product/{id}", "id")
