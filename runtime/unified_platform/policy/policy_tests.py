"""Policy tests: expected decisions, as tables in YAML.

```yaml
policies: [policies/]           # files and folders of Cedar or Rego, relative to this file; or the URL of an OPA server
time_zone: Europe/Paris
defaults: {agent: helper, via: jira}
cases:
  - call: tasks.delete
    expect: deny
    policies: [no-delete]       # optional: the rules that must have decided
  - call: tasks.update
    input: {title: New}
    record: {id: PROJ-1, project_id: PROJ}
    time: 2026-11-25T10:00:00Z
    expect: allow
```

`expect` is allow, deny, approval, or record: allowed according to the arguments, and then the record decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from pathlib import Path
from typing import Any

from unified_platform.common.extras import require_extra
from unified_platform.policy import loader
from unified_platform.policy.cedar_rules import Rule
from unified_platform.policy.schema import Action, Schema, Type, shipped
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyEngine, PolicyRequest
from unified_runtime.core.private_vendors import resource_package
from unified_runtime.core.suggestions import did_you_mean, shortened
from unified_runtime.core.vendors import load as load_vendor
from unified_runtime.policy.enforcer import by_name
from unified_runtime.policy.written_fields import Written, written

EXPECTED = ("allow", "deny", "approval", "record")
_TEXTS = {"agent", "user", "on_behalf_of", "via", "host", "tenant", "connection", "account_id"}
_KNOWN = _TEXTS | {"call", "name", "input", "record", "extra", "custom_fields", "time", "expect", "policies", "approved"}
_TOP = {"policies", "time_zone", "defaults", "cases"}
_EFFECTS: dict[str, Any] = {"read": "read", "write": "write", "destructive": "destructive"}


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table. `rules`, if given, are those that must have decided."""

    name: str
    question: PolicyRequest
    expect: str
    rules: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Table:
    """A file of cases, with its policies."""

    policies: PolicyEngine
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a case."""

    case: Case
    decision: Decision

    @property
    def found(self) -> str:
        return "record" if self.decision.on_record else self.decision.outcome.value

    @property
    def passed(self) -> bool:
        return self.found == self.case.expect and (self.case.rules is None or set(self.case.rules) == set(self.decision.policies))

    def __str__(self) -> str:
        decision = self.decision
        why = [*(["by " + ", ".join(decision.policies)] if decision.policies else []), *decision.reasons]
        data = f"{self.found}" + (f" ({'; '.join(why)})" if why else "")
        if self.passed:
            return f"ok    {self.case.name}: {data}"
        wanted = self.case.expect + (f" by {', '.join(self.case.rules)}" if self.case.rules is not None else "")
        return f"FAIL  {self.case.name}: expected {wanted}, got {data}"


def run(table: Table) -> list[Verdict]:
    """Evaluate every case."""
    return [Verdict(case, decided(table.policies, case.question)) for case in table.cases]


def decided(policies: PolicyEngine, question: PolicyRequest) -> Decision:
    """Return the decision for a call: the policies', and a denial of paths of `extra` that they do not allow by name."""
    return by_name(policies.decide([question])[0], question)


def load(path: Path, schema: Schema | None = None) -> Table:
    """Return the table in a file.

    Raises:
        InvalidInput: it cannot be read, does not have this form, or its policies are not valid.
    """
    yaml = require_extra("yaml", "cedar", "a table of policy tests")
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader(yaml))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{path} is not UTF-8") from None
    except yaml.YAMLError as error:
        raise InvalidInput(f"{path} is not YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(data, dict):
        raise InvalidInput(f"{path} holds no table: it needs policies and cases")
    _only(data, _TOP, str(path))
    locations = data.get("policies")
    if not isinstance(locations, list) or not locations or not all(isinstance(location, str) for location in locations):
        raise InvalidInput(f"{path}: policies are a list of files or folders")
    known = schema or shipped()
    beside = (location if "://" in location else path.parent / location for location in locations)
    policies = loader.load(*beside, time_zone=str(data.get("time_zone", "UTC")), schema=known)
    defaults, cases = data.get("defaults", {}), data.get("cases")
    if not isinstance(defaults, dict) or not isinstance(cases, list) or not cases:
        raise InvalidInput(f"{path}: cases are a list of at least one, and defaults a map")
    return Table(
        policies, tuple(_case(number, {**defaults, **_map(case, path, number)}, path, known) for number, case in enumerate(cases, 1))
    )


def _loader(yaml: Any) -> Any:
    """Return YAML's safe loader, with exact decimals."""

    class Exact(yaml.SafeLoader):  # type: ignore[misc]  # the module is handed in: only who reads cases imports it
        pass

    def exact(loader: Any, node: Any) -> Any:
        text = loader.construct_scalar(node)
        try:
            return Decimal(text.replace("_", ""))
        except InvalidOperation:
            return text

    Exact.add_constructor("tag:yaml.org,2002:float", exact)
    return Exact


def _map(case: object, path: Path, number: int) -> Mapping[str, Any]:
    if not isinstance(case, dict):
        raise InvalidInput(f"{path}: case {number} is not a map")
    return case


def _only(data: Mapping[str, Any], known: set[str], location: str) -> None:
    for name in data:
        if name not in known:
            raise InvalidInput(f"{location}: there is no {name!r}{did_you_mean(str(name), known)}")


def _case(number: int, data: Mapping[str, Any], path: Path, schema: Schema) -> Case:
    location = f"{path}: case {number}"
    _only(data, _KNOWN, location)
    expect = data.get("expect")
    if expect not in EXPECTED:
        raise InvalidInput(f"{location}: expect is one of {', '.join(EXPECTED)}, not {shortened(expect)}")
    rules = data.get("policies")
    if rules is not None and not (isinstance(rules, list) and all(isinstance(rule, str) for rule in rules)):
        raise InvalidInput(f"{location}: policies are the ids of rules")
    name = str(data.get("name") or f"{number}. {data.get('call')}")
    return Case(name, question(data, schema, location), str(expect), None if rules is None else tuple(rules))


def question(data: Mapping[str, Any], schema: Schema, location: str) -> PolicyRequest:
    """Return the question of a case or a command line: `call`, and other attributes as far as known.

    Raises:
        InvalidInput: a name does not exist, or a value has the wrong type.
    """
    call = data.get("call")
    action = schema.actions.get(call) if isinstance(call, str) else None
    if action is None or not isinstance(call, str):
        raise InvalidInput(f"{location}: there is no operation {call!r}{did_you_mean(str(call), schema.actions)}")
    for name in _TEXTS & data.keys():
        if not isinstance(data[name], str):
            raise InvalidInput(f"{location}: {name} is a text, not {shortened(data[name])}")
    resource, _, operation = call.partition(".")
    given = _typed(_part(data, "input", location), schema.attributes(action.context["input"]), schema, f"{location}: input")
    record = _part(data, "record", location) if "record" in data else None
    ids = {name: value for name, value in given.items() if name == "id"}
    effect = next(_EFFECTS[group] for group in action.groups if group in _EFFECTS)
    vendor = data.get("via", "jira")
    found = _written(_part(data, "extra", location), vendor, action, schema)
    given |= found.input
    custom = {**found.custom_fields, **_part(data, "custom_fields", location)}
    return PolicyRequest(
        phase="arguments" if record is None else "record",
        agent=data.get("agent"),
        user=data.get("user"),
        on_behalf_of=data.get("on_behalf_of"),
        resource=resource,
        operation=operation,
        like=operation,
        effect=effect,
        vendor=vendor,
        host=data.get("host", "vendor.example"),
        tenant=data.get("tenant", TENANT),
        connection=data.get("connection"),
        account_id=data.get("account_id"),
        ids=ids,
        input={name: value for name, value in given.items() if name not in ids and value is not None},
        cleared=tuple(name for name, value in given.items() if value is None),
        extra=_part(data, "extra", location),
        extra_fields=found.fields,
        undetermined=found.undetermined,
        custom_fields={name.lower(): value for name, value in custom.items()},
        time=_parsed_time(data.get("time"), location),
        record=None if record is None else _typed(record, schema.records[action.record], schema, f"{location}: record"),
        approved=data.get("approved") is True,
    )


def _written(extra: Mapping[str, Any], vendor: str, action: Action, schema: Schema) -> Written:
    """Return the custom fields that `extra` writes, at a vendor of the catalog.

    Raises:
        InvalidInput: there is no such vendor, or one field is written twice.
    """
    if not extra or schema is not shipped():
        return Written()
    resource, _, operation = action.name.partition(".")
    model = getattr(import_module(f"{resource_package(resource)}.models.{resource}"), f"{action.record}{operation.title()}", None)
    return written(extra, vendor, f"{load_vendor(vendor).package}.{resource}", action.name, model)


def _part(data: Mapping[str, Any], name: str, location: str) -> Mapping[str, Any]:
    part = data.get(name, {})
    if not isinstance(part, Mapping):
        raise InvalidInput(f"{location}: {name} is a map")
    return part


def _typed(values: Mapping[str, Any], kinds: Mapping[str, Type], schema: Schema, location: str) -> dict[str, Any]:
    """Return the values with the runtime's types: times and decimals may be given as strings."""
    _only(values, set(kinds), location)
    return {name: _value(value, schema.resolved(kinds[name]), f"{location}.{name}") for name, value in values.items()}


def _value(value: Any, kind: Type, location: str) -> Any:
    name = kind.get("name")
    try:
        if name == "datetime" and isinstance(value, str):
            return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        if name == "datetime" and isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=UTC)  # YAML's own representation of UTC
        if name == "decimal" and isinstance(value, (str, int)) and not isinstance(value, bool):
            return Decimal(value)
    except (ValueError, InvalidOperation):
        raise InvalidInput(f"{location} is not a {name}: {shortened(value)}") from None
    return value


def _parsed_time(value: Any, location: str) -> datetime:
    if value is None:
        return datetime.now(UTC)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise InvalidInput(f"{location}: time is a time such as 2026-11-25T10:00:00Z")
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def explained(decision: Decision, rules: Mapping[str, Rule], question: PolicyRequest) -> Sequence[str]:
    """Explain a decision, line by line: the rules that decided, with their locations and reasons if known."""
    outcome = "allowed as far as the arguments go; the record decides" if decision.on_record else decision.outcome.value
    lines = [f"{question.name} via {question.vendor}, by {question.agent or 'no agent'}: {outcome}"]
    known = [id for id in decision.policies if id in rules]
    for id in known:
        rule = rules[id]
        kind = "permit" if rule.permits else "forbid, unless approved" if rule.needs_approval else "forbid"
        reason = "" if rule.permits else f": {rule.reason}"
        lines.append(f"  {id} ({kind}) at {rule.statement.file}:{rule.statement.line}{reason}")
    if not known:
        lines += [f"  {reason}" for reason in decision.reasons] or _unexplained(decision)
    return lines


def _unexplained(decision: Decision) -> list[str]:
    return [] if decision.outcome is Outcome.ALLOW else ["  no rule allows it: what nothing permits is denied"]
