"""Tests of policies, as tables in YAML.

```yaml
policies: [policies/]           # files and folders of Cedar or Rego, beside this file; or the address of an OPA server
time_zone: Europe/Paris
defaults: {agent: helper, via: jira}
cases:
  - call: tasks.delete
    expect: deny
    policies: [no-delete]       # the rules that must have decided, if it matters
  - call: tasks.update
    input: {title: New}
    record: {id: PROJ-1, project_id: PROJ}
    time: 2026-11-25T10:00:00Z
    expect: allow
```

`expect` is allow, deny, approval, or record: allowed as far as the arguments go, and then the record decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from unified_platform.extras import extra
from unified_platform.policy import places as kept
from unified_platform.policy.cedar_rules import Rule
from unified_platform.policy.schema import Schema, Type, shipped
from unified_runtime.control.policy import Decision, Outcome, PolicyEngine, Question
from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean, shortened

EXPECTED = ("allow", "deny", "approval", "record")
_TEXTS = {"agent", "user", "on_behalf_of", "via", "host", "account_id"}
_KNOWN = _TEXTS | {"call", "name", "input", "record", "extra", "custom_fields", "time", "expect", "policies", "approved"}
_TOP = {"policies", "time_zone", "defaults", "cases"}
_EFFECTS: dict[str, Any] = {"read": "read", "write": "write", "destructive": "destructive"}


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table. `rules`, where given, are those that must have decided."""

    name: str
    question: Question
    expect: str
    rules: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Table:
    """A file of cases and the policies they are about."""

    policies: PolicyEngine
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case."""

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
        told = f"{self.found}" + (f" ({'; '.join(why)})" if why else "")
        if self.passed:
            return f"ok    {self.case.name}: {told}"
        wanted = self.case.expect + (f" by {', '.join(self.case.rules)}" if self.case.rules is not None else "")
        return f"FAIL  {self.case.name}: expected {wanted}, got {told}"


def run(table: Table) -> list[Verdict]:
    """Every case, decided."""
    return [Verdict(case, table.policies.decide([case.question])[0]) for case in table.cases]


def load(path: Path, schema: Schema | None = None) -> Table:
    """The table of a file.

    Raises:
        InvalidInput: it cannot be read, or is not of this form; or its policies are wrong.
    """
    yaml = extra("yaml", "cedar", "a table of policy tests")
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader(yaml))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{path} is not UTF-8") from None
    except yaml.YAMLError as error:
        raise InvalidInput(f"{path} is no YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(data, dict):
        raise InvalidInput(f"{path} holds no table: it needs policies and cases")
    _only(data, _TOP, str(path))
    places = data.get("policies")
    if not isinstance(places, list) or not places or not all(isinstance(place, str) for place in places):
        raise InvalidInput(f"{path}: policies are a list of files or folders")
    known = schema or shipped()
    beside = (place if "://" in place else path.parent / place for place in places)
    policies = kept.load(*beside, time_zone=str(data.get("time_zone", "UTC")), schema=known)
    defaults, cases = data.get("defaults", {}), data.get("cases")
    if not isinstance(defaults, dict) or not isinstance(cases, list) or not cases:
        raise InvalidInput(f"{path}: cases are a list of at least one, and defaults a map")
    return Table(
        policies, tuple(_case(number, {**defaults, **_map(case, path, number)}, path, known) for number, case in enumerate(cases, 1))
    )


def _loader(yaml: Any) -> Any:
    """YAML's safe loader, with numbers that have a point kept exact."""

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
        raise InvalidInput(f"{path}: case {number} is no map")
    return case


def _only(data: Mapping[str, Any], known: set[str], place: str) -> None:
    for name in data:
        if name not in known:
            raise InvalidInput(f"{place}: there is no {name!r}{did_you_mean(str(name), known)}")


def _case(number: int, told: Mapping[str, Any], path: Path, schema: Schema) -> Case:
    place = f"{path}: case {number}"
    _only(told, _KNOWN, place)
    expect = told.get("expect")
    if expect not in EXPECTED:
        raise InvalidInput(f"{place}: expect is one of {', '.join(EXPECTED)}, not {shortened(expect)}")
    rules = told.get("policies")
    if rules is not None and not (isinstance(rules, list) and all(isinstance(rule, str) for rule in rules)):
        raise InvalidInput(f"{place}: policies are the ids of rules")
    name = str(told.get("name") or f"{number}. {told.get('call')}")
    return Case(name, question(told, schema, place), str(expect), None if rules is None else tuple(rules))


def question(told: Mapping[str, Any], schema: Schema, place: str) -> Question:
    """The question of a case or a command line: `call`, and as much else as is known.

    Raises:
        InvalidInput: it names what does not exist, or is not of its type.
    """
    call = told.get("call")
    action = schema.actions.get(call) if isinstance(call, str) else None
    if action is None or not isinstance(call, str):
        raise InvalidInput(f"{place}: there is no operation {call!r}{did_you_mean(str(call), schema.actions)}")
    for name in _TEXTS & told.keys():
        if not isinstance(told[name], str):
            raise InvalidInput(f"{place}: {name} is a text, not {shortened(told[name])}")
    resource, _, operation = call.partition(".")
    given = _typed(_part(told, "input", place), schema.attributes(action.context["input"]), schema, f"{place}: input")
    record = _part(told, "record", place) if "record" in told else None
    ids = {name: value for name, value in given.items() if name == "id"}
    effect = next(_EFFECTS[group] for group in action.groups if group in _EFFECTS)
    return Question(
        phase="arguments" if record is None else "record",
        agent=told.get("agent"),
        user=told.get("user"),
        on_behalf_of=told.get("on_behalf_of"),
        resource=resource,
        operation=operation,
        like=operation,
        effect=effect,
        vendor=told.get("via", "jira"),
        host=told.get("host", "vendor.example"),
        account_id=told.get("account_id"),
        ids=ids,
        input={name: value for name, value in given.items() if name not in ids and value is not None},
        cleared=tuple(name for name, value in given.items() if value is None),
        extra=_part(told, "extra", place),
        custom_fields={name.lower(): value for name, value in _part(told, "custom_fields", place).items()},
        time=_moment(told.get("time"), place),
        record=None if record is None else _typed(record, schema.records[action.record], schema, f"{place}: record"),
        approved=told.get("approved") is True,
    )


def _part(told: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    part = told.get(name, {})
    if not isinstance(part, Mapping):
        raise InvalidInput(f"{place}: {name} is a map")
    return part


def _typed(values: Mapping[str, Any], kinds: Mapping[str, Type], schema: Schema, place: str) -> dict[str, Any]:
    """The values as the runtime would hold them: times and decimals may be written as texts."""
    _only(values, set(kinds), place)
    return {name: _value(value, schema.resolved(kinds[name]), f"{place}.{name}") for name, value in values.items()}


def _value(value: Any, kind: Type, place: str) -> Any:
    name = kind.get("name")
    try:
        if name == "datetime" and isinstance(value, str):
            return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        if name == "datetime" and isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=UTC)  # YAML's own way to write UTC
        if name == "decimal" and isinstance(value, (str, int)) and not isinstance(value, bool):
            return Decimal(value)
    except (ValueError, InvalidOperation):
        raise InvalidInput(f"{place} is no {name}: {shortened(value)}") from None
    return value


def _moment(value: Any, place: str) -> datetime:
    if value is None:
        return datetime.now(UTC)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise InvalidInput(f"{place}: time is a time such as 2026-11-25T10:00:00Z")
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def explained(decision: Decision, rules: Mapping[str, Rule], question: Question) -> Sequence[str]:
    """Why a decision is what it is, line by line: the rules that decided, with their places and reasons where these are known."""
    outcome = "allowed as far as the arguments go; the record decides" if decision.on_record else decision.outcome.value
    lines = [f"{question.name} via {question.vendor}, by {question.agent or 'no agent'}: {outcome}"]
    known = [id for id in decision.policies if id in rules]
    for id in known:
        rule = rules[id]
        kind = "permit" if rule.permits else "forbid, unless approved" if rule.asks else "forbid"
        reason = "" if rule.permits else f": {rule.reason}"
        lines.append(f"  {id} ({kind}) at {rule.statement.file}:{rule.statement.line}{reason}")
    if not known:
        lines += [f"  {reason}" for reason in decision.reasons] or _unexplained(decision)
    return lines


def _unexplained(decision: Decision) -> list[str]:
    return [] if decision.outcome is Outcome.ALLOW else ["  no rule allows it: what nothing permits is denied"]
