"""Swagger 2.0 as OpenAPI 3.0, for the second extractor: written from https://spec.openapis.org/oas/v2.0."""

from __future__ import annotations

from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
BOUNDS = ("format", "enum", "default", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
          "maxItems", "minItems", "uniqueItems", "multipleOf")  # fmt: skip
FORM = ("application/x-www-form-urlencoded", "multipart/form-data")


def converted(root: Any) -> Any:
    """Return a document in OpenAPI 3; one that is not Swagger stays as it is."""
    return _swagger(root) if "swagger" in root else root


def _swagger(root: Any) -> Any:
    base = root.get("basePath", "").rstrip("/")
    servers = [{"url": f"{scheme}://{root['host']}{base}"} for scheme in root.get("schemes", ("https",))] if "host" in root else []
    servers = servers or [{"url": base or "/"}]  # without a host, it is the one that serves the document
    paths = {}
    for path, item in root["paths"].items():
        paths[path] = {method: _swagger_operation(root, item, item[method]) for method in METHODS if method in item}
    schemes = {name: _swagger_scheme(scheme) for name, scheme in root.get("securityDefinitions", {}).items()}
    # References go on pointing to `definitions`, which stay in the document.
    return {**root, "openapi": "3.0.0", "servers": servers, "paths": paths, "components": {"securitySchemes": schemes}}


def _swagger_operation(root: Any, item: Any, operation: Any) -> Any:
    given = [_swagger_target(root, one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    consumes = operation.get("consumes", root.get("consumes", ()))
    made = {key: operation[key] for key in ("operationId", "tags", "deprecated", "security") if key in operation}
    made["parameters"] = [_swagger_parameter(one) for one in given if one["in"] not in ("body", "formData")]
    form = [one for one in given if one["in"] == "formData"]
    for body in given:
        if body["in"] == "body":
            content = {media_type: {"schema": body["schema"]} for media_type in consumes or ("application/json",)}
            made["requestBody"] = {"required": body.get("required", False), "content": content}
    if form:
        schema: dict[str, Any] = {"type": "object", "properties": {one["name"]: _swagger_schema(one) for one in form}}
        if required := [one["name"] for one in form if one.get("required")]:
            schema["required"] = required
        types = [media_type for media_type in consumes if media_type in FORM] or [FORM[0]]
        made["requestBody"] = {"required": bool(required), "content": {media_type: {"schema": schema} for media_type in types}}
    produces = operation.get("produces", root.get("produces")) or ("application/json",)
    made["responses"] = {status: _swagger_response(_swagger_target(root, one), produces) for status, one in operation["responses"].items()}
    return made


def _swagger_target(root: Any, value: Any) -> Any:
    if "$ref" in value:
        _, section, name = value["$ref"].split("/")
        return root[section][name]
    return value


def _swagger_parameter(one: Any) -> Any:
    made = {"name": one["name"], "in": one["in"], "required": one.get("required", False), "schema": _swagger_schema(one)}
    if one.get("type") == "array" and one["in"] == "query":
        made |= {"style": "form", "explode": one.get("collectionFormat") == "multi"}
    return made


def _swagger_schema(one: Any) -> Any:
    if one.get("type") == "file":
        return {"type": "string", "format": "binary"}
    made = {key: one[key] for key in ("type", *BOUNDS) if key in one}
    return made | ({"items": _swagger_schema(one["items"])} if "items" in one else {})


def _swagger_response(response: Any, produces: Any) -> Any:
    made: dict[str, Any] = {"headers": {name: {"schema": _swagger_schema(one)} for name, one in response.get("headers", {}).items()}}
    if "schema" in response:
        content = {"type": "string", "format": "binary"}
        schema = content if response["schema"].get("type") == "file" else response["schema"]
        made["content"] = {media_type: {"schema": schema} for media_type in produces}
    return made


def _swagger_scheme(scheme: Any) -> Any:
    if scheme["type"] == "basic":
        return {"type": "http", "scheme": "basic"}
    if scheme["type"] != "oauth2":
        return scheme
    flow = {"accessCode": "authorizationCode", "application": "clientCredentials"}.get(scheme["flow"], scheme["flow"])
    return {"type": "oauth2", "flows": {flow: scheme}}
