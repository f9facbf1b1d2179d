"""Execution of GraphQL queries by graphql-core against the complete schema, with the emulator's records behind its fields.

Each field of the query and mutation types is performed as an operation on a resource (`graphql_resources`); what is selected of its value
is resolved from the stored records. Values that no record has, although their type excludes null, are made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import graphql
from graphql.pyutils import is_awaitable

from unified_emulation.engine import graphql_lists
from unified_emulation.engine.account import Account
from unified_emulation.engine.behaviour.values import values_at
from unified_emulation.engine.notes import Refusal
from unified_emulation.engine.relations import Relations
from unified_emulation.engine.responses import Response
from unified_emulation.engine.routes import Call
from unified_openapi.documents import Document
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.schemas.graphql_resources import Route
from unified_openapi.schemas.graphql_types import schema_text
from unified_openapi.source.pointers import child

Perform = Callable[[Call], Response]
"""Perform an operation on a resource."""
ENDPOINTS = ("", "/")
_FAILURES = {400: "BAD_USER_INPUT", 404: "NOT_FOUND", 501: "NOT_IMPLEMENTED"}


class GraphQLEndpoint:
    """The endpoint of one vendor: a request with a query text and variables in, `data` and `errors` out."""

    def __init__(self, document: Document, routes: Mapping[tuple[str, str], Route], operations: Mapping[str, OperationFacts]) -> None:
        self.schema = graphql.build_schema(schema_text(document.root), assume_valid=True)
        self._routes = routes
        self._operations = operations

    def operation(self, body: bytes | None) -> OperationFacts | None:
        """Return the operation of the first field that a request selects; None if it has none."""
        found = self._parsed(body)
        if found is None:
            return None
        for definition in found.definitions:
            if isinstance(definition, graphql.OperationDefinitionNode):
                for each in definition.selection_set.selections:
                    route = self._routes.get((definition.operation.value, each.name.value)) if isinstance(each, graphql.FieldNode) else None
                    if route is not None:
                        return self._operations[route.name]
        return None

    @staticmethod
    def _parsed(body: bytes | None) -> graphql.DocumentNode | None:
        try:
            given = json.loads(body or b"null")
            text = given.get("query") if isinstance(given, dict) else None
            return graphql.parse(text, no_location=True) if isinstance(text, str) else None
        except (ValueError, graphql.GraphQLSyntaxError):
            return None

    def respond(self, body: bytes | None, perform: Perform, account: Account, refusals: list[Refusal]) -> Response:
        """Return the response to a request.

        Args:
            body: its body.
            perform: performs an operation on a resource.
            account: the records that values of objects are completed from.
            refusals: receives the reasons why a query is not valid.
        """
        given = json.loads(body or b"null")
        if not isinstance(given, dict) or not isinstance(given.get("query"), str):
            return Response(400, {"errors": [{"message": "the body has no `query`"}]})
        try:
            document = graphql.parse(given["query"])
        except graphql.GraphQLSyntaxError as error:
            return self._invalid([error], refusals)
        errors = graphql.validate(self.schema, document)
        if errors:
            return self._invalid(errors, refusals)
        resolver = _Resolver(self._routes, self._operations, perform, account)
        result = graphql.execute(
            self.schema,
            document,
            variable_values=given.get("variables"),
            operation_name=given.get("operationName"),
            field_resolver=resolver.resolve,
            type_resolver=_type_of,
        )
        assert not is_awaitable(result)
        assert isinstance(result, graphql.ExecutionResult)
        if result.data is None and not any(error.path for error in result.errors or ()):
            return self._invalid(result.errors or [], refusals)
        return Response(resolver.status, result.formatted)

    @staticmethod
    def _invalid(errors: list[graphql.GraphQLError], refusals: list[Refusal]) -> Response:
        refusals.append(Refusal("POST /", tuple(error.message for error in errors)))
        formatted: list[dict[str, Any]] = [
            {**error.formatted, "extensions": {**(error.extensions or {}), "code": "GRAPHQL_VALIDATION_FAILED"}} for error in errors
        ]
        return Response(400, {"errors": formatted})


class _Resolver:
    def __init__(
        self, routes: Mapping[tuple[str, str], Route], operations: Mapping[str, OperationFacts], perform: Perform, account: Account
    ) -> None:
        self._routes = routes
        self._operations = operations
        self._perform = perform
        self._account = account
        self._relations = Relations(account)
        self.status = 200
        """Status of the response: that of the last operation that failed, if a fact states it."""

    def resolve(self, source: Any, info: graphql.GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        """Return the value of a field."""
        route = self._routes.get((info.operation.operation.value, info.field_name)) if info.path.prev is None else None
        listed = graphql_lists.page_of(graphql.get_named_type(info.return_type))
        if route is not None:
            further = graphql_lists.continued(self._relations, listed, arguments) if listed is not None else None
            return self._performed(route, _decoded(info, arguments)) if further is None else further
        if not isinstance(source, Mapping):
            return None
        value = source.get(info.field_name)
        if info.field_name == "edges" and isinstance(nodes := source.get("nodes"), list):
            return [{"node": node, "cursor": str(number)} for number, node in enumerate(nodes)]
        if value is None and (found := self._relations.one(source, info.field_name) or self._page(source, info, arguments)) is not None:
            return found
        if value is None:
            value = self._list(source, info)
        if isinstance(value, list) and arguments:
            value = graphql_lists.selected(value, arguments)
        if value is None and graphql.is_non_null_type(info.return_type):
            value = self._made_up(info)
        return self._relations.complete(value)

    def _list(self, source: Mapping[str, Any], info: graphql.GraphQLResolveInfo[Any]) -> list[Any] | None:
        """Return a list of records inside a record, as `_page` does; None if the field is not a list of objects."""
        type = graphql.get_nullable_type(info.return_type)
        item = graphql.get_named_type(info.return_type)
        if not isinstance(type, graphql.GraphQLList) or not graphql.is_composite_type(item):
            return None
        found = self._relations.named(source, info.field_name)
        return self._relations.below(source, item.name) if found is None else found

    def _page(
        self, source: Mapping[str, Any], info: graphql.GraphQLResolveInfo[Any], arguments: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return a page of records inside a record: those whose ids it has, else those that refer to it."""
        type = graphql.get_named_type(info.return_type)
        listed = graphql_lists.page_of(type)
        if listed is None or not isinstance(type, graphql.GraphQLObjectType):
            return None
        item = graphql.get_named_type(type.fields[listed].type).name
        found = self._relations.named(source, info.field_name)
        return graphql_lists.page(listed, self._relations.below(source, item) if found is None else found, arguments)

    def _performed(self, route: Route, arguments: Mapping[str, Any]) -> Any:
        operation = self._operations[route.name]
        left = {name: value for name, value in arguments.items() if name != route.id}
        path = {} if route.id is None else {route.id.rpartition(".")[2]: next(values_at(dict(arguments), route.id))}
        if route.method in ("GET", "DELETE"):
            call = Call(operation, path, left)
        else:
            call = Call(operation, path, {}, left.get(route.body) if route.body is not None else left)
        response = self._perform(call)
        if response.status < 400 and not (response.stated and isinstance(response.body, dict) and "errors" in response.body):
            return self._relations.complete(response.body)
        if response.stated and isinstance(response.body, dict) and response.body.get("errors"):
            self.status = response.status
            stated = response.body["errors"][0]
            raise graphql.GraphQLError(stated["message"], extensions=stated.get("extensions"))
        if response.status in (404, 501):  # without a fact about the vendor's own response, as for other vendors
            self.status = response.status
        message = response.body.get("message", "") if isinstance(response.body, dict) else ""
        raise graphql.GraphQLError(str(message), extensions={"code": _FAILURES.get(response.status, "INTERNAL_SERVER_ERROR")})

    def _made_up(self, info: graphql.GraphQLResolveInfo[Any]) -> Any:
        pointer = child("/components/schemas", info.parent_type.name, "properties", info.field_name)
        return self._account.samples.value(pointer, 1, info.field_name, 1, required_only=True)


def _decoded(info: graphql.GraphQLResolveInfo[Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments in which a text of the scalar `JSON` is the value that it has as JSON."""
    known = info.parent_type.fields[info.field_name].args
    texts = {name for name, one in arguments.items() if isinstance(one, str) and graphql.get_named_type(known[name].type).name == "JSON"}
    try:
        return {name: json.loads(one) if name in texts else one for name, one in arguments.items()}
    except ValueError:
        raise graphql.GraphQLError(f"{', '.join(sorted(texts))}: not valid JSON") from None


def _type_of(value: Any, info: graphql.GraphQLResolveInfo[Any], abstract: graphql.GraphQLAbstractType) -> str:
    """Return the name of an object's type: its own, or the first possible one."""
    named = value.get("__typename") if isinstance(value, Mapping) else None
    return named if isinstance(named, str) else info.schema.get_possible_types(abstract)[0].name
