"""Cedar policy engine in this process: parses policies once, checks them against the compiled schema, and decides calls.

A call is decided before its record is known. For that, two weakened forms of the policies are evaluated: one that allows if the call
would be allowed for some record, and one that allows only if it would be for every record. If they differ, the record decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from unified_platform.common.extras import require_extra
from unified_platform.policy import cedar_values
from unified_platform.policy.cedar_cache_keys import CacheKeys
from unified_platform.policy.cedar_checks import rules_of
from unified_platform.policy.cedar_rules import Rule, about, context_read, looks_beyond_arguments, policy_set
from unified_platform.policy.cedar_values import NotExpressible
from unified_platform.policy.findings import PolicyErrors, check_texts
from unified_platform.policy.schema import Schema, shipped
from unified_platform.policy.toolkit_actions import named_in
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest, allow, deny, needs_approval

_MOST = 4096
"""Maximum number of cached decisions."""

_BY_TOOL = {(name,) for name in ("user", "on_behalf_of", "tenant", "vendor")}

_encode = msgspec.json.Encoder().encode


class _Reading(NamedTuple):
    """Paths of the context that the rules about an operation read, the Cedar schema of those, and keys of decisions to cache.

    `of_record` are the inputs with the same type in the context and in the record: a value that is expressible in the one is so in
    the other.
    """

    paths: tuple[tuple[str, ...], ...]
    schema: Any
    telling: CacheKeys
    of_record: frozenset[str]


class CedarPolicies:
    """Policy engine over Cedar policies.

    Args:
        texts: policies by file name: `{"tasks.cedar": "permit(...);"}`.
        time_zone: time zone for `context.local`.
        schema: schema of the policies; by default the compiled catalog's.

    Raises:
        PolicyErrors: a policy is not valid; lists every mistake with its location.
        TypeError: `texts` is not a mapping.
        InvalidInput: there is no such time zone, or the extra `cedar` is not installed.
    """

    embedded = True
    immediate = True

    def __init__(self, texts: Mapping[str, str], *, time_zone: str = "UTC", schema: Schema | None = None) -> None:
        check_texts(texts, "tasks.cedar")
        self._cedar = require_extra("cedarpy", "cedar", "a Cedar policy")
        self._schema = schema or shipped()
        self._zone = zone(time_zone)
        for name in named_in(texts.values()):
            self._schema.knows(name)
        rules, findings = rules_of(texts, self._schema)
        if findings:
            raise PolicyErrors(findings, dict(texts))
        self.rules: Mapping[str, Rule] = {rule.id: rule for rule in rules}
        self.by_arguments = not any(map(looks_beyond_arguments, rules))
        read = {path[:1] for path in context_read(rules)}
        self.by_tool = self.by_arguments and not any(rule.on_record for rule in rules) and read <= _BY_TOOL
        self._schemas: dict[str, Any] = {}
        # For a call without arguments, and so without the schema, Cedar needs the groups of each action.
        self._groups = (0, "")
        self._readings: dict[str, _Reading] = {}
        self._known: dict[tuple[str, str | None, bool, bytes], Decision] = {}
        self._forms = {approved: _Forms(self._cedar, rules, approved=approved) for approved in (False, True)}

    # ------------------------------------------------------------------------------------------------ deciding
    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        """Return one decision for each question. Questions that differ in their record only, as for a list, are evaluated as one batch."""
        if len(questions) > 1 and _differ_only_in_record(questions):
            return self._batch(questions)
        return [self._decide(question) for question in questions]

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Return whether any call of the operation could be allowed to the agent, with any arguments. If not, it need not be shown to it.

        The vendor is one of the arguments: a rule about it is a condition like any other.
        """
        if not self._schema.knows(operation):
            return False
        action = self._schema.actions[operation]
        request = {
            "principal": {"type": "Agent", "id": agent or ""},
            "action": f"Action::{json.dumps(operation)}",
            "resource": {"type": action.record, "id": ""},
            "context": "{}",
        }
        result = self._cedar.is_authorized(request, self._forms[True].bare, self._action_groups())
        return bool(result.decision is self._cedar.Decision.Allow and not result.diagnostics.errors)

    def _action_groups(self) -> str:
        """Return the entities of the actions and their groups; actions may have been added."""
        count, text = self._groups
        if count != len(self._schema.actions):
            count = len(self._schema.actions)
            text = json.dumps(_action_entities(self._schema))
            self._groups = count, text
        return text

    def _decide(self, question: PolicyRequest) -> Decision:
        operation = question.name
        if not self._schema.knows(operation):
            return deny(f"the policies know no operation {operation}")
        forms = self._forms[question.approved]
        try:
            if forms.every is not forms.some or question.custom_fields:
                return self._evaluated(question)
            return self._by_context(question, operation)
        except NotExpressible as error:
            return deny(str(error))

    def _by_context(self, question: PolicyRequest, operation: str) -> Decision:
        """Return the decision if no rule reads the record. Only the part of the context that rules read is passed to Cedar and cached.

        Raises:
            NotExpressible: a value of the question, read or not, has no exact form in Cedar.
        """
        reading = self._readings.get(operation) or self._read(operation)
        if question.record is not None or (question.like == "create" and not question.input.keys() <= reading.of_record):
            cedar_values.entity(question, self._schema, 0)
        if not self.by_arguments:  # the time or the request decides too, and neither repeats
            shown = _shown(cedar_values.context(question, self._schema, self._zone), reading.paths)
            return self._narrowly(question, shown, reading)
        reported = cedar_values.timeless(question, self._schema)
        key = operation, question.agent, question.approved, _encode(reading.telling.key(reported))
        decision = self._known.get(key)
        if decision is None:
            decision = self._narrowly(question, _shown(reported, reading.paths), reading)
            if decision.outcome is Outcome.ALLOW:  # a denial may be due to a failure, which need not recur
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = decision
        return decision

    def _read(self, operation: str) -> _Reading:
        """Return the parts of the context that rules about an operation read."""
        rules = [*about(operation, self.rules.values(), self._schema)]
        paths = context_read(rules)
        schema = self._cedar.Schema.from_json_str(self._schema.of_action(operation, paths))
        action = self._schema.actions[operation]
        record = self._schema.records[action.record]
        inputs = self._schema.attributes(action.context["input"]) if "input" in action.context else {}
        of_record = frozenset(name for name, kind in inputs.items() if record.get(name) == kind)
        made = self._readings[operation] = _Reading(paths, schema, CacheKeys(rules, paths), of_record)
        return made

    def _narrowly(self, question: PolicyRequest, shown: str, reading: _Reading) -> Decision:
        entity = cedar_values.entity(question, self._schema, 0)

        def response_of(policies: Any) -> Any:
            (response,) = self._ask(question.name, [_request(question, shown, entity)], policies, "[]", reading.schema)
            return response

        return self._of(response_of(self._forms[question.approved].exact), lambda: response_of(self._forms[True].exact))

    def _evaluated(self, question: PolicyRequest) -> Decision:
        """Return Cedar's decision.

        Raises:
            NotExpressible: a value has no exact form in Cedar.
        """
        entity = cedar_values.entity(question, self._schema, 0)
        context = json.dumps(cedar_values.context(question, self._schema, self._zone))
        entities = json.dumps([entity, *([cedar_values.written(question)] if question.custom_fields else ())])
        forms = self._forms[question.approved]

        def response_of(policies: Any) -> Any:
            (response,) = self._ask(question.name, [_request(question, context, entity)], policies, entities)
            return response

        if cedar_values.record_of(question) is not None:
            return self._of(response_of(forms.exact), lambda: response_of(self._forms[True].exact))
        found = self._of(response_of(forms.some), lambda: response_of(self._forms[True].some))
        if found.outcome is not Outcome.ALLOW or forms.every is forms.some:
            return found
        certain = self._of(response_of(forms.every), lambda: response_of(self._forms[True].every))
        return found if certain.outcome is found.outcome else allow(policies=found.policies, on_record=True, extra=found.extra)

    def _batch(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        first = questions[0]
        if not self._schema.knows(first.name):
            return [deny(f"the policies know no operation {first.name}")] * len(questions)
        wrong: dict[int, Decision] = {}
        entities: dict[int, dict[str, Any]] = {}
        try:
            context = json.dumps(cedar_values.context(first, self._schema, self._zone))
            beside = [cedar_values.written(first)] if first.custom_fields else []
        except NotExpressible as error:
            return [deny(str(error))] * len(questions)
        for number, question in enumerate(questions):
            try:
                entities[number] = cedar_values.entity(question, self._schema, number)
                # Two records of one page may have the same id; each is decided by its own attributes.
                entities[number]["uid"]["id"] += f"#{number}"
            except NotExpressible as error:
                wrong[number] = deny(str(error))
        requests = [_request(questions[number], context, entity) for number, entity in entities.items()]
        known = json.dumps([*entities.values(), *beside])
        responses = dict(zip(entities, self._ask(first.name, requests, self._forms[first.approved].exact, known), strict=True))

        def single(number: int) -> Any:
            request = _request(questions[number], context, entities[number])
            (response,) = self._ask(first.name, [request], self._forms[True].exact, known)
            return response

        return [wrong[n] if n in wrong else self._of(responses[n], partial(single, n)) for n in range(len(questions))]

    def _ask(self, operation: str, requests: list[dict[str, Any]], policies: Any, entities: str, schema: Any = None) -> list[Any]:
        """Return Cedar's responses; the schema is by default the operation's complete one."""
        if schema is None:
            schema = self._schemas.get(operation)
        if schema is None:
            schema = self._schemas[operation] = self._cedar.Schema.from_json_str(self._schema.of_action(operation))
        responses: list[Any] = self._cedar.is_authorized_batch(requests, policies, entities, schema)
        return responses

    def _of(self, response: Any, overcome: Any) -> Decision:
        """Convert a response of Cedar. `overcome` evaluates the question again as if approved."""
        # Cedar skips a rule that fails, even a forbid: so a failure is a denial.
        if response.diagnostics.errors:
            return deny(f"a rule could not be evaluated: {response.diagnostics.errors[0]}", policies=tuple(response.diagnostics.reasons))
        reasons = tuple(sorted(response.diagnostics.reasons))
        if response.decision is self._cedar.Decision.Allow:
            return allow(policies=reasons, extra=self._extra(reasons))
        if response.decision is not self._cedar.Decision.Deny:
            return deny("the policies give no decision")
        data = tuple(self.rules[id].reason for id in reasons)
        if reasons and all(self.rules[id].needs_approval for id in reasons):
            again = overcome()
            if again.decision is self._cedar.Decision.Allow and not again.diagnostics.errors:
                return needs_approval(*data, policies=reasons, extra=self._extra(again.diagnostics.reasons))
        return deny(*data, policies=reasons)

    def _extra(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for id in ids if self.rules[id].permits for name in self.rules[id].extra))


class _Forms:
    """The policies in three forms: as written, and weakened in two ways. If approved, those that an approval overcomes are left out."""

    def __init__(self, cedar: Any, rules: Sequence[Rule], *, approved: bool) -> None:
        saved = [rule for rule in rules if not (approved and rule.needs_approval)]

        def parsed(policies: Mapping[str, Mapping[str, Any]]) -> Any:
            return cedar.PolicySet.from_json_str(policy_set(policies))

        self.bare = parsed({r.id: r.bare() for r in saved if r.permits or r.by_action})
        self.exact = self.some = self.every = parsed({rule.id: rule.data for rule in saved})
        if not any(rule.on_record for rule in saved):
            return
        # Allowed for some record: permits apply if they might, forbids only if they surely do.
        self.some = parsed({r.id: r.weakened() if r.permits else r.data for r in saved if r.permits or not r.on_record})
        # Allowed for every record: the reverse.
        self.every = parsed({r.id: r.data if r.permits else r.weakened() for r in saved if not (r.permits and r.on_record)})


def _request(question: PolicyRequest, context: str, entity: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "principal": {"type": "Agent", "id": question.agent or ""},
        "action": {"type": "Action", "id": question.name},
        "resource": entity["uid"],
        "context": context,
    }


def _shown(reported: Mapping[str, Any], paths: Sequence[tuple[str, ...]]) -> str:
    """Return the part of a context that is read, as JSON."""
    found: dict[str, Any] = {}
    for path in paths:
        if not path:  # the complete context
            return _encode(reported).decode()
        first = path[0]
        if first not in reported:
            continue
        if len(path) == 1:
            found[first] = reported[first]
            continue
        part = found.setdefault(first, {})
        if path[1] in reported[first]:
            part[path[1]] = reported[first][path[1]]
    return _encode(found).decode()


def _action_entities(schema: Schema) -> list[dict[str, Any]]:
    """Return the actions and their groups, as entities."""
    above = {action.name: action.groups for action in schema.actions.values()} | dict(schema.groups)
    return [
        {"uid": {"type": "Action", "id": name}, "attrs": {}, "parents": [{"type": "Action", "id": group} for group in groups]}
        for name, groups in above.items()
    ]


def _differ_only_in_record(questions: Sequence[PolicyRequest]) -> bool:
    first = questions[0]
    return all(
        question.record is not None and all(getattr(question, name) == getattr(first, name) for name in _BESIDE_THE_RECORD)
        for question in questions
    )


_BESIDE_THE_RECORD = tuple(name for name in PolicyRequest.__struct_fields__ if name != "record")


def zone(name: str) -> tzinfo:
    """Return the time zone with this IANA name.

    Raises:
        InvalidInput: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(f"there is no time zone {name!r}; write an IANA name such as Europe/Paris") from None
