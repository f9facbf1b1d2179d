"""Reader of `specs/<vendor>/behaviour.yaml`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta, Struct, field

from unified_openapi.behaviour.common import Condition, Situation
from unified_openapi.behaviour.kinds import AnyFact, ServerValue
from unified_openapi.diagnostics.codes import BAD_BEHAVIOUR
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.reading import yaml_node
from unified_openapi.source.node_paths import conversion_path, key_at, span_at
from unified_openapi.source.nodes import Node, plain
from unified_openapi.source.spans import Span

BEHAVIOUR = "behaviour.yaml"
"""Name of the file in a vendor's folder."""

KEYS = ("facts", "conditions")
KINDS: Mapping[str, type] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyFact)}
ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_NAME = re.compile(r"\$(user|now|now_ms(:text)?|today|number|(me|sent|path|record)\..+|of\..+\..+)")
_UNKNOWN = re.compile(r"Object contains unknown field `(.+)`")
_MISSING = re.compile(r"Object missing required field `(.+)`")


class BehaviourFile(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Facts about a vendor beyond its documents, by their ids: specs/<vendor>/behaviour.yaml."""

    facts: Annotated[dict[Annotated[str, Meta(pattern=ID)], AnyFact], Meta(description="Facts by their ids.")]
    conditions: Annotated[
        dict[str, Condition], Meta(description="Properties of an account, credential or installation that facts depend on.")
    ] = field(default_factory=dict)


class Behaviour(Struct, frozen=True):
    """Facts and conditions of one vendor. `faults` are those of the facts that could not be read, which are left out."""

    file: str = ""
    facts: Mapping[str, AnyFact] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    faults: tuple[Diagnostic, ...] = ()
    node: Node | None = None

    def span(self, *path: str | int) -> Span:
        """Return the location of a value, of the key that is missing from it, or of what is around it."""
        return span_at(self.node, path) if self.node is not None else Span(self.file, 1, 1, 1, 1)


def load_behaviour(folder: Path, file: str | None = None) -> Behaviour:
    """Return the behaviour in `specs/<vendor>`; without facts if the folder has no such file. `file` is its name in locations.

    Raises:
        DocumentFault: the file is not YAML.
    """
    path = folder / BEHAVIOUR
    return parse_behaviour(path.read_bytes(), file or path.as_posix()) if path.is_file() else Behaviour()


def parse_behaviour(data: bytes, file: str) -> Behaviour:
    """Read behaviour from bytes. A fact that is not valid does not hide the others.

    Raises:
        DocumentFault: the bytes are not YAML.
    """
    node = yaml_node(data, file)
    faults: list[Diagnostic] = []
    content = plain(node)
    if not isinstance(content, dict) or not isinstance(content.get("facts"), dict):
        malformed = finding(BAD_BEHAVIOUR, "behaviour is a mapping with `facts`, and `conditions` if facts depend on them", node.span)
        return Behaviour(file, faults=(malformed,), node=node)
    faults += [_unknown(name, KEYS, key_at(node, (name,))) for name in content if name not in KEYS]
    facts = _read(content["facts"], ("facts",), AnyFact, node, faults)
    conditions = _read(content.get("conditions") or {}, ("conditions",), Condition, node, faults)
    unnamed = [key_at(node, ("facts", name)) for name in facts if not re.fullmatch(ID, name)]
    faults += [finding(BAD_BEHAVIOUR, "this is not an id: lower-case words joined by hyphens", span) for span in unnamed]
    found = Behaviour(file, facts, conditions, tuple(faults), node)
    return msgspec.structs.replace(found, faults=(*faults, *_conditions(found), *_names(found)))


def situations(fact: AnyFact) -> tuple[tuple[str, Situation], ...]:
    """Return the situations of a fact, with their keys."""
    return (("when", fact.when), *((("unless", fact.unless),) if fact.unless is not None else ()))


def _conditions(behaviour: Behaviour) -> Iterable[Diagnostic]:
    """Report conditions that facts name and the file does not declare, and those that no fact names."""
    used: set[str] = set()
    for name, fact in behaviour.facts.items():
        for key, situation in situations(fact):
            if situation.condition is None:
                continue
            used.add(situation.condition)
            if situation.condition not in behaviour.conditions:
                span = behaviour.span("facts", name, key, "condition")
                help = _near(situation.condition, behaviour.conditions) or "declare it in `conditions`, with a `summary`"
                yield finding(BAD_BEHAVIOUR, f"the file declares no condition `{situation.condition}`", span, help=help)
    for name in behaviour.conditions.keys() - used:
        yield finding(BAD_BEHAVIOUR, f"no fact depends on the condition `{name}`", key_at(behaviour.node, ("conditions", name)))


def _names(behaviour: Behaviour) -> Iterable[Diagnostic]:
    """Report names in values that the server sets which are not known: they would be stored as texts."""
    for name, fact in behaviour.facts.items():
        for path, value in fact.values.items() if isinstance(fact, ServerValue) else ():
            if isinstance(value, str) and value.startswith("$") and not _NAME.fullmatch(value):
                help = (
                    "known are `$user`, `$me.<path>`, `$now`, `$now_ms`, `$today`, `$number`, `$sent.<path>`, `$path.<name>`, "
                    "`$record.<path>` and `$of.<path>.<property>`"
                )
                yield finding(BAD_BEHAVIOUR, f"`{value}` is not a known name", behaviour.span("facts", name, "values", path), help=help)


def _read(content: Any, at: tuple[str, ...], kind: Any, node: Node, faults: list[Diagnostic]) -> dict[str, Any]:
    """Read each entry of a mapping; report those that are not valid."""
    found: dict[str, Any] = {}
    for name, value in content.items() if isinstance(content, dict) else ():
        try:
            found[name] = msgspec.convert(value, kind, strict=True)
        except msgspec.ValidationError as error:
            faults.append(_fault(str(error), (*at, name), node, value))
    return found


def _fault(message: str, at: tuple[str, ...], node: Node, value: Any) -> Diagnostic:
    """Return the diagnostic of an entry that msgspec refused."""
    message, inner = conversion_path(message)
    path: list[str | int] = [*at, *inner]
    kind = value.get("kind") if isinstance(value, dict) else None
    if at[0] == "facts" and kind not in KINDS:
        if kind is None:
            return finding(
                BAD_BEHAVIOUR, "a fact has a `kind`", key_at(node, at), help=f"known are {', '.join(f'`{each}`' for each in KINDS)}"
            )
        return _unknown(str(kind), KINDS, span_at(node, (*at, "kind")), "there is no kind of fact")
    unknown = _UNKNOWN.match(message)
    if unknown is not None:
        top = isinstance(kind, str) and kind in KINDS and len(path) == len(at)
        known = [each.encode_name for each in msgspec.structs.fields(KINDS[str(kind)])] if top else []
        return _unknown(unknown[1], known, key_at(node, (*path, unknown[1])), f"`{kind}` has no" if known else "there is no")
    missing = _MISSING.match(message)
    if missing is not None:
        return finding(BAD_BEHAVIOUR, f"`{path[-1]}` lacks `{missing[1]}`", key_at(node, tuple(path)))
    return finding(BAD_BEHAVIOUR, message[:1].lower() + message[1:], span_at(node, path))


def _unknown(name: str, known: Iterable[str], span: Span, before: str = "behaviour has no") -> Diagnostic:
    known = tuple(known)
    listed = f"known are {', '.join(f'`{each}`' for each in known)}" if known else None
    return finding(BAD_BEHAVIOUR, f"{before} `{name}`", span, help=_near(name, known) or listed)


def _near(name: str, known: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(name, tuple(known), 1)
    return f"did you mean `{near[0]}`?" if near else None
