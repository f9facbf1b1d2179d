"""Queries without what another server's schema lacks, so that a server with a part of a vendor's schema can execute them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import graphql
import httpx2
from graphql import REMOVE, TypeInfo, TypeInfoVisitor, Visitor, visit


class _Reduction(Visitor):
    """Removes fields and arguments that a schema lacks, and gives variables the types of their arguments."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.lacks: set[str] = set()
        self.types: dict[str, graphql.GraphQLInputType] = {}

    def enter_field(self, node: graphql.FieldNode, *_: Any) -> Any:
        if self._info.get_field_def() is not None:
            return None
        self.lacks.add(f"{self._info.get_parent_type()}.{node.name.value}")
        return REMOVE

    def enter_argument(self, node: graphql.ArgumentNode, *_: Any) -> Any:
        found = self._info.get_argument()
        if found is None:
            self.lacks.add(f"{self._info.get_parent_type()}.{self._named()}({node.name.value})")
            return REMOVE
        if isinstance(node.value, graphql.VariableNode):
            self.types[node.value.name.value] = found.type
        return None

    def _named(self) -> str:
        called = self._info.get_field_def()
        return called.ast_node.name.value if called is not None and called.ast_node is not None else ""


class Reducing(httpx2.BaseTransport):
    """Transport to a server that has a part of a schema. `lacks` has the fields, arguments and inputs that were left out."""

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        self._http = httpx2.Client(trust_env=False, headers=headers)
        self._address = address
        self.lacks: set[str] = set()
        found = self._sent({"query": graphql.get_introspection_query()}).json()["data"]
        self._schema = graphql.build_schema(graphql.print_schema(graphql.build_client_schema(found)))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        sent = json.loads(request.read())
        query, types = self._reduced(sent["query"])
        variables = {name: self._value(types[name], value) for name, value in (sent.get("variables") or {}).items() if name in types}
        response = self._sent({"query": query, "variables": variables})
        return httpx2.Response(response.status_code, content=response.content, headers={"Content-Type": "application/json"})

    def _sent(self, body: Mapping[str, Any]) -> httpx2.Response:
        return self._http.post(self._address, json=body)

    def _reduced(self, text: str) -> tuple[str, Mapping[str, graphql.GraphQLInputType]]:
        info = TypeInfo(self._schema)
        reduction = _Reduction(info)
        document = visit(graphql.parse(text, no_location=True), TypeInfoVisitor(info, reduction))
        self.lacks |= reduction.lacks
        (operation,) = (one for one in document.definitions if isinstance(one, graphql.OperationDefinitionNode))
        declared = ", ".join(f"${name}: {type}" for name, type in reduction.types.items())
        _, _, rest = graphql.print_ast(document).partition("{")
        named = operation.name.value if operation.name is not None else "q"
        return f"{operation.operation.value} {named}{f'({declared})' if declared else ''} {{{rest}", reduction.types

    def _value(self, type: graphql.GraphQLInputType, value: Any) -> Any:
        found = graphql.get_named_type(type)
        if not isinstance(found, graphql.GraphQLInputObjectType) or not isinstance(value, dict):
            return value
        self.lacks |= {f"{found.name}.{name}" for name in value if name not in found.fields}
        return {name: self._value(found.fields[name].type, inner) for name, inner in value.items() if name in found.fields}
