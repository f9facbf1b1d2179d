"""The rules of ADF for the nodes that the codec writes, as JSON Schema.

Written from Atlassian's published rules (ADF JSON schema version 1; the structure pages for each node). If the two differ, the
narrower rule is used: a list item begins with a paragraph or a code block and holds only these and lists.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs


def _node(
    kind: str, *, content: Any = None, attrs: dict[str, Any] | None = None, required: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    properties: dict[str, Any] = {"type": {"const": kind}, **more}
    if content is not None:
        properties["content"] = content
    if attrs is not None:
        properties["attrs"] = attrs
    return {"type": "object", "properties": properties, "required": ["type", *required], "additionalProperties": False}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _some(*names: str, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in names]}, "minItems": least}


_MARK = {name: _object(("type",), type={"const": name}) for name in ("strong", "em", "strike", "code")}
_LINK = _object(("type", "attrs"), type={"const": "link"}, attrs=_object(("href",), href={"type": "string", "minLength": 1}))
_WORDS = {"type": "string", "minLength": 1}


def _marks(*marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": {"anyOf": list(marks)}, "minItems": 1, "uniqueItems": True}


_BLOCKS = ("paragraph", "heading", "codeBlock", "rule", "blockquote", "bulletList", "orderedList", "taskList", "table")
_TASK_ATTRS = _object(("localId", "state"), localId=_WORDS, state={"enum": ["TODO", "DONE"]})
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "#/$defs/doc",
    "$defs": {
        "doc": {
            **_object(("version", "type", "content"), version={"const": 1}, type={"const": "doc"}),
            "properties": {
                "version": {"const": 1},
                "type": {"const": "doc"},
                "content": _some(
                    "paragraph", "heading", "codeBlock", "rule", "blockquote", "bulletList", "orderedList", "taskList", "table"
                ),
            },
        },
        "text": _node("text", required=("text",), text=_WORDS, marks=_marks(_MARK["strong"], _MARK["em"], _MARK["strike"], _LINK)),
        "code": _node("text", required=("text", "marks"), text=_WORDS, marks=_marks(_MARK["code"], _LINK)),
        "bare": _node("text", required=("text",), text=_WORDS),
        "hardBreak": _node("hardBreak"),
        "paragraph": _node("paragraph", content=_some("text", "code", "hardBreak")),
        "heading": _node(
            "heading", content=_some("text", "code"), attrs=_object(("level",), level={"enum": [1, 2, 3, 4, 5, 6]}), required=("attrs",)
        ),
        "codeBlock": _node("codeBlock", content=_some("bare"), attrs=_object(language=_WORDS)),
        "rule": _node("rule"),
        "blockquote": _node(
            "blockquote", content=_some("paragraph", "bulletList", "orderedList", "codeBlock", least=1), required=("content",)
        ),
        "bulletList": _node("bulletList", content=_some("listItem", least=1), required=("content",)),
        "orderedList": _node(
            "orderedList", content=_some("listItem", least=1), attrs=_object(order={"type": "integer", "minimum": 0}), required=("content",)
        ),
        "listItem": _node(
            "listItem",
            content={
                **_some("paragraph", "codeBlock", "bulletList", "orderedList", least=1),
                "prefixItems": [{"anyOf": [{"$ref": "#/$defs/paragraph"}, {"$ref": "#/$defs/codeBlock"}]}],
            },
            required=("content",),
        ),
        "taskList": _node(
            "taskList",
            content={**_some("taskItem", "taskList", least=1), "prefixItems": [{"$ref": "#/$defs/taskItem"}]},
            attrs=_object(("localId",), localId=_WORDS),
            required=("attrs", "content"),
        ),
        "taskItem": _node("taskItem", content=_some("text", "code", "hardBreak"), attrs=_TASK_ATTRS, required=("attrs",)),
        "table": _node("table", content=_some("tableRow", least=1), required=("content",)),
        "tableRow": _node("tableRow", content=_some("tableCell", "tableHeader", least=1), required=("content",)),
        "tableCell": _node("tableCell", content=_some("paragraph", least=1), required=("content",)),
        "tableHeader": _node("tableHeader", content=_some("paragraph", least=1), required=("content",)),
    },
}
VALID = jsonschema_rs.validator_for(SCHEMA)
