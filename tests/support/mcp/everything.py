"""Tools, resources and prompts for the conformance suite's scenarios, served next to those of the server under test.

The description of each scenario lists what a server must offer for it. Everything else, including ours, goes to the server's own
handlers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import mcp_types as types

from mcp.server.lowlevel.server import Server

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
_SOUND = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="
_EMPTY: dict[str, Any] = {"type": "object", "properties": {}}

Context = Any
Reply = list[Any]


def _text(text: str) -> types.TextContent:
    return types.TextContent(text=text)


def _embedded(uri: str, text: str, kind: str = "text/plain") -> types.EmbeddedResource:
    return types.EmbeddedResource(resource=types.TextResourceContents(uri=uri, text=text, mime_type=kind))


def _image() -> types.ImageContent:
    return types.ImageContent(data=_PIXEL, mime_type="image/png")


async def _logging(ctx: Context, given: dict[str, Any]) -> Reply:
    for text in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.session.send_log_message("info", text, related_request_id=ctx.request_id)
        await asyncio.sleep(0.05)
    return [_text("done")]


async def _progress(ctx: Context, given: dict[str, Any]) -> Reply:
    for done in (0, 50, 100):
        await ctx.session.report_progress(done, 100)
        await asyncio.sleep(0.05)
    return [_text("done")]


async def _sampling(ctx: Context, given: dict[str, Any]) -> Reply:
    message = types.SamplingMessage(role="user", content=_text(given["prompt"]))
    result = await ctx.session.create_message([message], max_tokens=100, related_request_id=ctx.request_id)
    return [_text(f"LLM response: {result.content.text}")]


def _eliciting(properties: dict[str, Any], required: list[str], message: str | None = None) -> Callable[..., Awaitable[Reply]]:
    async def ask(ctx: Context, given: dict[str, Any]) -> Reply:
        schema = {"type": "object", "properties": properties, "required": required}
        found = await ctx.session.elicit_form(message or given["message"], schema, related_request_id=ctx.request_id)
        return [_text(f"Elicitation completed: action={found.action}, content={json.dumps(found.content)}")]

    return ask


def _saying(*content: Any) -> Callable[..., Awaitable[Reply]]:
    async def say(ctx: Context, given: dict[str, Any]) -> Reply:
        return list(content)

    return say


async def _failing(ctx: Context, given: dict[str, Any]) -> Reply:
    raise ValueError("This tool intentionally returns an error for testing")


_DEFAULTS = {
    "name": {"type": "string", "default": "John Doe"},
    "age": {"type": "integer", "default": 30},
    "score": {"type": "number", "default": 95.5},
    "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "default": True},
}
_ENUMS = {
    "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
    "titledSingle": {"type": "string", "oneOf": [{"const": f"value{n}", "title": f"Option {n}"} for n in (1, 2, 3)]},
    "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"]},
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
    "titledMulti": {"type": "array", "items": {"anyOf": [{"const": f"value{n}", "title": f"Choice {n}"} for n in (1, 2, 3)]}},
}
_DIALECT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {"address": {"type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
    "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"}},
    "additionalProperties": False,
}


def _needs(name: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"}}, "required": [name]}


_USER = {"username": {"type": "string"}, "email": {"type": "string"}}
TOOLS: dict[str, tuple[dict[str, Any], Callable[..., Awaitable[Reply]]]] = {
    "test_simple_text": (_EMPTY, _saying(_text("This is a simple text response for testing."))),
    "test_image_content": (_EMPTY, _saying(_image())),
    "test_audio_content": (_EMPTY, _saying(types.AudioContent(data=_SOUND, mime_type="audio/wav"))),
    "test_embedded_resource": (_EMPTY, _saying(_embedded("test://embedded-resource", "This is an embedded resource content."))),
    "test_multiple_content_types": (
        _EMPTY,
        _saying(_text("Multiple content types test:"), _image(), _embedded("test://mixed", '{"test":"data"}', "application/json")),
    ),
    "test_tool_with_logging": (_EMPTY, _logging),
    "test_tool_with_progress": (_EMPTY, _progress),
    "test_error_handling": (_EMPTY, _failing),
    "test_sampling": (_needs("prompt"), _sampling),
    "test_elicitation": (_needs("message"), _eliciting(_USER, list(_USER))),
    "test_elicitation_sep1034_defaults": (_EMPTY, _eliciting(_DEFAULTS, [], "Please confirm")),
    "test_elicitation_sep1330_enums": (_EMPTY, _eliciting(_ENUMS, [], "Please choose")),
    "json_schema_2020_12_tool": (_DIALECT, _saying(_text("done"))),
    "test_reconnection": (_EMPTY, _saying(_text("done"))),
}

RESOURCES: dict[str, Any] = {
    "test://static-text": types.TextResourceContents(
        uri="test://static-text", mime_type="text/plain", text="This is the content of the static text resource."
    ),
    "test://static-binary": types.BlobResourceContents(uri="test://static-binary", mime_type="image/png", blob=_PIXEL),
    "test://template/123/data": types.TextResourceContents(
        uri="test://template/123/data", mime_type="application/json", text='{"id":"123","templateTest":true,"data":"Data for ID: 123"}'
    ),
}

PROMPTS: dict[str, tuple[tuple[str, ...], Callable[[dict[str, str]], list[Any]]]] = {
    "test_simple_prompt": ((), lambda given: [_text("This is a simple prompt for testing.")]),
    "test_prompt_with_arguments": (
        ("arg1", "arg2"),
        lambda given: [_text(f"Prompt with arguments: arg1='{given['arg1']}', arg2='{given['arg2']}'")],
    ),
    "test_prompt_with_embedded_resource": (
        ("resourceUri",),
        lambda given: [_embedded(given["resourceUri"], "Embedded resource content for testing."), _text("Please process it.")],
    ),
    "test_prompt_with_image": ((), lambda given: [_image(), _text("Please analyze the image above.")]),
}


def with_everything(server: Server[Any]) -> Server[Any]:
    """Return the server with the parts that the scenarios call, next to its own."""

    def own(method: str) -> Callable[..., Awaitable[Any]]:
        entry = server.get_request_handler(method)
        assert entry is not None
        return entry.handler

    tools, calls, resources, reads = own("tools/list"), own("tools/call"), own("resources/list"), own("resources/read")
    prompts, gets = own("prompts/list"), own("prompts/get")

    async def list_tools(ctx: Context, params: Any) -> Any:
        found = await tools(ctx, params)
        more = [types.Tool(name=name, description="A fixture.", input_schema=schema) for name, (schema, _) in TOOLS.items()]
        return found.model_copy(update={"tools": [*found.tools, *more]})

    async def call_tool(ctx: Context, params: Any) -> Any:
        if params.name not in TOOLS:
            return await calls(ctx, params)
        try:
            return types.CallToolResult(content=await TOOLS[params.name][1](ctx, params.arguments or {}))
        except ValueError as error:
            return types.CallToolResult(content=[_text(str(error))], is_error=True)

    async def list_resources(ctx: Context, params: Any) -> Any:
        found = await resources(ctx, params)
        return found.model_copy(update={"resources": [*found.resources, *(types.Resource(uri=uri, name=uri) for uri in RESOURCES)]})

    async def read_resource(ctx: Context, params: Any) -> Any:
        known = RESOURCES.get(str(params.uri))
        return await reads(ctx, params) if known is None else types.ReadResourceResult(contents=[known])

    async def list_prompts(ctx: Context, params: Any) -> Any:
        found = await prompts(ctx, params)
        more = [
            types.Prompt(name=name, description="A fixture.", arguments=[types.PromptArgument(name=one, required=True) for one in needed])
            for name, (needed, _) in PROMPTS.items()
        ]
        return found.model_copy(update={"prompts": [*found.prompts, *more]})

    async def get_prompt(ctx: Context, params: Any) -> Any:
        if params.name not in PROMPTS:
            return await gets(ctx, params)
        content = PROMPTS[params.name][1](params.arguments or {})
        return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=one) for one in content])

    async def nothing(ctx: Context, params: Any) -> Any:
        return types.EmptyResult()

    server.add_request_handler("tools/list", types.PaginatedRequestParams, list_tools)
    server.add_request_handler("tools/call", types.CallToolRequestParams, call_tool)
    server.add_request_handler("resources/list", types.PaginatedRequestParams, list_resources)
    server.add_request_handler("resources/read", types.ReadResourceRequestParams, read_resource)
    server.add_request_handler("prompts/list", types.PaginatedRequestParams, list_prompts)
    server.add_request_handler("prompts/get", types.GetPromptRequestParams, get_prompt)
    server.add_request_handler("logging/setLevel", types.SetLevelRequestParams, nothing)
    server.add_request_handler("resources/subscribe", types.SubscribeRequestParams, nothing)
    server.add_request_handler("resources/unsubscribe", types.UnsubscribeRequestParams, nothing)
    return server
