"""Cedar schema compiled from the unified models, as the encoder and the checks use it."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from unified_platform.policy import toolkit_actions
from unified_runtime.core.private_vendors import PrivateVendorError, model_files
from unified_runtime.toolkits import registry

Type = Mapping[str, Any]
"""Type in Cedar's JSON schema format."""


@dataclass(frozen=True, slots=True)
class Action:
    """An operation. `groups` are its effect and resource, `record` its entity type, `context` the attributes of its context."""

    name: str
    groups: tuple[str, ...]
    record: str
    context: Mapping[str, Type]


class Schema:
    """Cedar schema made by the compiler.

    `text` is its Cedar JSON form. `groups` maps groups of actions to the groups they belong to.
    """

    def __init__(self, text: str) -> None:
        data = json.loads(text)
        self._text: str | None = text
        self._data = data
        self._lock = threading.Lock()
        self.records: dict[str, Mapping[str, Type]] = {
            name: entity.get("shape", {}).get("attributes", {}) for name, entity in data[""]["entityTypes"].items()
        }
        self._common: dict[str, Type] = {
            f"{space}::{name}": kind for space, part in data.items() for name, kind in part.get("commonTypes", {}).items()
        }
        self.actions: dict[str, Action] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self._toolkits = False
        for name, action in data[""]["actions"].items():
            above = tuple(group["id"] for group in action.get("memberOf", ()))
            if "appliesTo" in action:
                applies = action["appliesTo"]
                self.actions[name] = Action(name, above, applies["resourceTypes"][0], applies["context"]["attributes"])
            else:
                self.groups[name] = above

    @property
    def text(self) -> str:
        """The schema in Cedar's JSON form, with the actions that were added."""
        if self._text is None:
            self._text = json.dumps(self._data)
        return self._text

    def knows(self, name: str) -> bool:
        """Return true for an action of the schema. That of a toolkit's operation is added to it."""
        if name in self.actions:
            return True
        found = toolkit_actions.action(name) if self._toolkits else None
        if found is None:
            return False
        self._add(name, *found)
        return True

    def with_toolkits(self) -> Schema:
        """Return this schema, which from now on also knows the operations of toolkits, and their groups."""
        self._toolkits = True
        part = self._data[""]
        part["entityTypes"].setdefault(toolkit_actions.RECORD, {})
        self.records.setdefault(toolkit_actions.RECORD, {})
        for name, above in toolkit_actions.groups().items():
            part["actions"].setdefault(name, {"memberOf": [{"id": group} for group in above]} if above else {})
            self.groups.setdefault(name, above)
        self._text = None
        return self

    def _add(self, name: str, groups: tuple[str, ...], inputs: Mapping[str, Type]) -> None:
        """Add the action of a toolkit's operation."""
        like = next(iter(self.actions.values())).context
        context = {key: kind for key, kind in like.items() if key not in ("input", "custom_fields")}
        context["input"] = {"required": True, "type": "Record", "attributes": dict(inputs)}
        applies = {
            "principalTypes": ["Agent"],
            "resourceTypes": [toolkit_actions.RECORD],
            "context": {"type": "Record", "attributes": context},
        }
        with self._lock:
            # Replaced, not changed: another thread may iterate over them.
            part = self._data[""]
            added = {name: {"memberOf": [{"id": group} for group in groups], "appliesTo": applies}}
            self._data = {**self._data, "": {**part, "actions": {**part["actions"], **added}}}
            self.actions = {**self.actions, name: Action(name, groups, toolkit_actions.RECORD, context)}
            self._text = None

    def of_action(self, name: str, reads: Collection[tuple[str, ...]] | None = None) -> str:
        """Return the schema with one action and its groups only: Cedar's time for a question grows with the size of the schema.

        Its context has the paths in `reads`, of one name or two; the empty path, or None, is the complete context.
        """
        saved = {name, *self._above(self.actions[name].groups)}
        actions = {each: data for each, data in self._data[""]["actions"].items() if each in saved}
        if reads is not None and () not in reads:
            applies = actions[name]["appliesTo"]
            context = {**applies["context"], "attributes": self._part(applies["context"]["attributes"], reads)}
            actions[name] = {**actions[name], "appliesTo": {**applies, "context": context}}
        return json.dumps({**self._data, "": {**self._data[""], "actions": actions}})

    def _part(self, attributes: Mapping[str, Type], reads: Collection[tuple[str, ...]]) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for name, kind in attributes.items():
            if (name,) in reads:
                found[name] = kind
            elif inner := {path[1] for path in reads if path[0] == name}:
                shape = self.resolved(kind)
                within = {each: data for each, data in shape["attributes"].items() if each in inner}
                found[name] = {**shape, "required": kind["required"], "attributes": within}
        return found

    def resolved(self, kind: Type) -> Type:
        """Return the type that a name refers to."""
        return self._common[kind["name"]] if kind["type"] == "EntityOrCommon" else kind

    def attributes(self, kind: Type) -> Mapping[str, Type]:
        """Return the attributes of a record type; none of any other."""
        attributes: Mapping[str, Type] = self.resolved(kind).get("attributes", {})
        return attributes

    def within(self, name: str) -> Iterator[Action]:
        """Yield the actions of an action or group."""
        if name in self.actions:
            yield self.actions[name]
        for action in self.actions.values():
            if name in self._above(action.groups):
                yield action

    def _above(self, groups: tuple[str, ...]) -> set[str]:
        found = set(groups)
        for group in groups:
            found |= self._above(self.groups.get(group, ()))
        return found


def shipped() -> Schema:
    """Return the schema of the catalog, including that of private models and of the toolkits that are there now.

    Raises:
        PrivateVendorError: two models have records of the same name.
    """
    return _shipped(registry.own_versions())


@lru_cache(maxsize=4)
def _shipped(toolkits: tuple[tuple[str, tuple[int, int]], ...]) -> Schema:
    """Return the schema for these toolkits of the user, by their names and versions."""
    first, *others = (file.read_text(encoding="utf-8") for file in model_files("policy"))
    return Schema(_merged(first, others) if others else first).with_toolkits()


def _merged(text: str, others: Iterable[str]) -> str:
    """Return one schema of several, whose names are different or mean the same."""
    merged = json.loads(text)
    for other in others:
        for space, parts in json.loads(other).items():
            for part, names in parts.items():
                for name, value in names.items():
                    if merged[space].setdefault(part, {}).setdefault(name, value) != value:
                        raise PrivateVendorError(f"two models have records {name!r}: rename `record` of the private model")
    return json.dumps(merged)
