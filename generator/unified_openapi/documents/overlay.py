"""OpenAPI Overlay 1.0: facts that a vendor's document lacks or has wrong, each with its evidence.

Source: https://spec.openapis.org/overlay/v1.0.0.html. An action's `target` is a JSONPath (RFC 9535). `update` merges an object
into each selected object (objects merge, lists are appended to, anything else is replaced) or appends one element to each
selected list; `remove: true` removes the selected nodes. To replace a list, remove it first. Beyond the standard, every action
gives its evidence in `x-evidence`, and one that matches or changes nothing is a fault: overlays do not outlive their reason.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from unified_openapi.diagnostics import Code
from unified_openapi.diagnostics.codes import (
    OVERLAY_EVIDENCE,
    OVERLAY_IDLE,
    OVERLAY_MALFORMED,
    OVERLAY_MISFIT,
    OVERLAY_MISSED,
    OVERLAY_TARGET,
    UNREADABLE,
)
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.document import Document
from unified_openapi.documents.jsonpath import InvalidJsonPath, Location, locations, names
from unified_openapi.documents.normalization import check_references, fix_operations
from unified_openapi.documents.provenance import Edit
from unified_openapi.documents.reading import DocumentFault, yaml_node
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from unified_openapi.source.pointers import child
from unified_openapi.source.spans import Span, Text


class Action(Struct, frozen=True):
    """One change. `update` is what to merge or append, or None for a removal."""

    target: Text
    update: Node | None
    span: Span


class Overlay(Struct, frozen=True):
    """The well-formed actions of one file, and the faults of the others."""

    file: str
    actions: tuple[Action, ...]
    faults: tuple[Diagnostic, ...]


def load_overlay(path: Path, file: str | None = None) -> Overlay:
    """Read an overlay from a file.

    Raises:
        DocumentFault: the file cannot be read or is not YAML.
    """
    label = file or path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentFault(finding(UNREADABLE, f"cannot read the file: {reason}", Span(label, 1, 1, 1, 1))) from None
    return parse_overlay(data, label)


def parse_overlay(data: bytes, file: str) -> Overlay:
    """Read an overlay from bytes; pure.

    Raises:
        DocumentFault: the bytes are not YAML.
    """
    node = yaml_node(data, file)
    faults: list[Diagnostic] = []
    actions = tuple(_Parser(faults).overlay(node))
    return Overlay(file, actions, tuple(faults))


_TOP = ("overlay", "info", "extends", "actions")
_ACTION = ("target", "description", "update", "remove", "x-evidence")


class _Parser:
    def __init__(self, faults: list[Diagnostic]) -> None:
        self.faults = faults

    def _add(self, code: Code, span: Span, message: str, help: str | None = None) -> None:
        self.faults.append(finding(code, message, span, help=help))

    def overlay(self, node: Node) -> Iterator[Action]:
        top = self._entries(node, "an overlay", _TOP)
        if top is None:
            return
        version = top.get("overlay")
        if version is None or not (isinstance(version, ScalarNode) and version.text.startswith("1.0")):
            self._add(OVERLAY_MALFORMED, (version or node).span, "an overlay begins with `overlay: 1.0.0`")
        info = self._entries(top["info"], "`info`", ("title", "version")) if "info" in top else {}
        for name in ("title", "version"):
            if info is not None and name not in info:
                self._add(OVERLAY_MALFORMED, top.get("info", node).span, f"`info` of an overlay has a `{name}`")
        actions = top.get("actions")
        if not isinstance(actions, SequenceNode):
            self._add(OVERLAY_MALFORMED, (actions or node).span, "`actions` is a list of actions")
            return
        for item in actions.items:
            action = self._action(item)
            if action is not None:
                yield action

    def _action(self, node: Node) -> Action | None:
        entries = self._entries(node, "an action", _ACTION)
        if entries is None:
            return None
        target, update, remove = entries.get("target"), entries.get("update"), entries.get("remove")
        if not isinstance(target, ScalarNode) or not isinstance(target.value, str):
            self._add(OVERLAY_MALFORMED, (target or node).span, "an action has a `target`, a JSONPath such as `$.paths['/cards'].post`")
            return None
        removes = isinstance(remove, ScalarNode) and remove.value is True
        if remove is not None and not (isinstance(remove, ScalarNode) and isinstance(remove.value, bool)):
            self._add(OVERLAY_MALFORMED, remove.span, "`remove` is true or false")
            return None
        if removes == (update is not None):
            self._add(OVERLAY_MALFORMED, target.span, "an action has either `update` or `remove: true`")
            return None
        evidence = entries.get("x-evidence")
        if not isinstance(evidence, ScalarNode) or not isinstance(evidence.value, str) or not evidence.value.strip():
            self._add(
                OVERLAY_EVIDENCE, (evidence or target).span, "this action has no evidence",
                "add `x-evidence`: a page of the vendor, a response that was seen, another part of the same document",
            )  # fmt: skip
            return None
        return Action(Text(target.value, target.span), update, node.span)

    def _entries(self, node: Node, what: str, known: tuple[str, ...]) -> dict[str, Node] | None:
        if not isinstance(node, MappingNode):
            self._add(OVERLAY_MALFORMED, node.span, f"{what} is a mapping")
            return None
        for key, _ in node.entries:
            if key.text not in known:
                near = difflib.get_close_matches(key.text, known, 1)
                hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(f'`{name}`' for name in known)}"
                self._add(OVERLAY_MALFORMED, key.span, f"{what} has no `{key.text}`", hint)
        return {key.text: value for key, value in node.entries}


# -------------------------------------------------------------------------------------------- applying
def apply(document: Document, overlay: Overlay) -> Document:
    """Return the document with the overlay's changes; the given one is not changed.

    Faults of the overlay, and those that it causes, are added to the `faults` of the result.
    """
    root, edits, faults = document.root, list(document.edits), list(overlay.faults)
    for action in overlay.actions:
        try:
            found = locations(action.target.value, root)
        except InvalidJsonPath as fault:
            faults.append(finding(OVERLAY_TARGET, f"this is not JSONPath: {fault}", action.target.span))
            continue
        if not found:
            message = "this target matches nothing in the document"
            faults.append(finding(OVERLAY_MISSED, message, action.target.span, help=_near(root, action)))
            continue
        try:
            changed, made = _perform(root, found, action)
        except _Misfit as misfit:
            faults.append(finding(OVERLAY_MISFIT, str(misfit), action.target.span))
            continue
        if action.update is not None and not made:
            faults.append(finding(OVERLAY_IDLE, "this action changes nothing: the document has it already", action.target.span))
            continue
        root, edits = changed, [*edits, *made]
    known = {(fault.code, fault.message) for fault in document.faults}
    root = dict(root)
    remarks = [*check_references(root, document.name.rpartition("/")[2]), *fix_operations(root)]
    result = replace(document, root=root, edits=tuple(edits))
    faults += [finding(r.code, r.message, result.span(r.pointer)) for r in remarks if (r.code.code, r.message) not in known]
    return replace(result, faults=(*document.faults, *faults))


class _Misfit(Exception):
    """An action that cannot be performed on a node that it selects."""


def _perform(root: Any, found: list[Location], action: Action) -> tuple[Any, list[Edit]]:
    """Return the changed tree and the edits. Nodes are processed in reverse, so that removing one does not move the next."""
    edits: list[Edit] = []
    for location in reversed(found) if action.update is None else found:
        pointer = child("", *location)
        if action.update is None:
            if not location:
                raise _Misfit("the complete document cannot be removed")
            *around, last = location
            root = _replaced(root, around, partial(_without, last=last))
            if isinstance(last, int):  # later elements of a list move; other members of an object do not
                edits.append(Edit(pointer))
        else:
            root = _replaced(root, location, partial(_updated, update=action.update, pointer=pointer, edits=edits))
    return root, edits


def _replaced(value: Any, way: Location | list[int | str], change: Callable[[Any], Any]) -> Any:
    """Return a copy of a tree in which one node is changed; parts outside its path are shared."""
    if not way:
        return change(value)
    first, *rest = way
    made: Any = list(value) if isinstance(value, list) else dict(value)
    made[first] = _replaced(value[first], rest, change)
    return made


def _without(value: Any, last: int | str) -> Any:
    made: Any = list(value) if isinstance(value, list) else dict(value)
    del made[last]
    return made


def _updated(value: Any, update: Node, pointer: str, edits: list[Edit]) -> Any:
    """Return the node that an action selects, changed by its `update`."""
    if isinstance(value, list):
        return _appended(value, (update,), pointer, edits)
    if not isinstance(value, dict):
        raise _Misfit(f"`{pointer}` holds a single value; target the object around it")
    if not isinstance(update, MappingNode):
        raise _Misfit(f"`{pointer}` is an object, so `update` must be one too")
    return _merged(value, update, pointer, edits)


def _merged(value: dict[str, Any], update: MappingNode, pointer: str, edits: list[Edit]) -> dict[str, Any]:
    made = dict(value)
    for key, node in update.entries:
        at, old = child(pointer, key.text), value.get(key.text)
        if key.text not in value:
            made[key.text] = plain(node)
            edits.append(Edit(at, node, key.span))
        elif isinstance(old, dict) and isinstance(node, MappingNode):
            made[key.text] = _merged(old, node, at, edits)
        elif isinstance(old, list) and isinstance(node, SequenceNode):
            made[key.text] = _appended(old, node.items, at, edits)
        elif isinstance(old, dict | list) and isinstance(node, MappingNode | SequenceNode):
            raise _Misfit(f"`{at}` is {_kind(old)}, the update has {_kind(plain(node))} there; remove it first")
        elif not _same(old, plain(node)):
            made[key.text] = plain(node)
            edits.append(Edit(at, node, key.span))
    return made


def _appended(value: list[Any], items: tuple[Node, ...], pointer: str, edits: list[Edit]) -> list[Any]:
    """Return the list with the items it does not hold yet behind it."""
    made = list(value)
    for item in items:
        new = plain(item)
        if not any(_same(old, new) for old in made):
            edits.append(Edit(child(pointer, len(made)), item))
            made.append(new)
    return made


def _same(a: Any, b: Any) -> bool:
    """Return true if two values are equal as JSON: unlike in Python, true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def _kind(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list"


def _near(root: Any, action: Action) -> str | None:
    """Return a hint at the first name of a simple target that does not exist; None for other targets."""
    here = root
    for name in names(action.target.value):
        if name is None or not isinstance(here, dict):
            return None
        if name not in here:
            near = difflib.get_close_matches(name, list(here), 1)
            return f"did you mean `{near[0]}`?" if near else f"there is no `{name}` there"
        here = here[name]
    return None
