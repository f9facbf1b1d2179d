"""Cedar, embedded: policies parsed once, checked against the compiled schema, asked in this process.

A question comes before the record it is about is known. Then two weaker forms of the policies are asked: one that allows wherever some
record would be allowed, and one that allows only where every record would. If they differ, the record decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from unified_platform.extras import extra
from unified_platform.policy import cedar_values
from unified_platform.policy.cedar_check import rules_of
from unified_platform.policy.cedar_rules import Rule, about, context_read, looks_beyond_arguments, policy_set
from unified_platform.policy.cedar_telling import Telling
from unified_platform.policy.cedar_values import Unsayable
from unified_platform.policy.findings import PolicyMistakes
from unified_platform.policy.schema import Schema, shipped
from unified_runtime.control.policy import Decision, Outcome, Question, allow, deny, needs_approval
from unified_runtime.errors import InvalidInput

_MOST = 4096
"""Decisions that are kept, by what the rules can tell of a question."""

_encode = msgspec.json.Encoder().encode


class _Reading(NamedTuple):
    """What the rules about an operation read of the context, Cedar's schema of that alone, and what they can tell of it."""

    paths: tuple[tuple[str, ...], ...]
    schema: Any
    telling: Telling


class CedarPolicies:
    """A policy engine over Cedar policies.

    Args:
        texts: policies by the name of their file.
        time_zone: where the policies' people are, for `context.local`.
        schema: what policies may speak of; the compiled catalog's by default.

    Raises:
        PolicyMistakes: a policy is wrong; tells every mistake with its place.
        InvalidInput: there is no such time zone, or the extra `cedar` is not installed.
    """

    embedded = True
    immediate = True

    def __init__(self, texts: Mapping[str, str], *, time_zone: str = "UTC", schema: Schema | None = None) -> None:
        self._cedar = extra("cedarpy", "cedar", "a Cedar policy")
        self._schema = schema or shipped()
        self._zone = zone(time_zone)
        rules, findings = rules_of(texts, self._schema)
        if findings:
            raise PolicyMistakes(findings, dict(texts))
        self.rules: Mapping[str, Rule] = {rule.id: rule for rule in rules}
        self.by_arguments = not any(map(looks_beyond_arguments, rules))
        self._schemas: dict[str, Any] = {}
        # Asked without arguments, and so without the schema, Cedar has to be told which groups an action belongs to.
        self._groups = json.dumps(_action_entities(self._schema))
        self._readings: dict[str, _Reading] = {}
        self._known: dict[tuple[str, str | None, bool, bytes], Decision] = {}
        self._forms = {approved: _Forms(self._cedar, rules, approved=approved) for approved in (False, True)}

    # ------------------------------------------------------------------------------------------------ deciding
    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """One decision for each question. Those that differ in their record alone, as a list's do, are evaluated as one batch."""
        if len(questions) > 1 and _differ_in_record_alone(questions):
            return self._batch(questions)
        return [self._decide(question) for question in questions]

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Whether any call of the operation could be allowed to the agent, whatever its arguments: else it need not be shown to it.

        The vendor is one of the arguments: a rule about it is a condition like any other.
        """
        action = self._schema.actions.get(operation)
        if action is None:
            return False
        request = {
            "principal": {"type": "Agent", "id": agent or ""},
            "action": f"Action::{json.dumps(operation)}",
            "resource": {"type": action.record, "id": ""},
            "context": "{}",
        }
        result = self._cedar.is_authorized(request, self._forms[True].bare, self._groups)
        return bool(result.decision is self._cedar.Decision.Allow and not result.diagnostics.errors)

    def _decide(self, question: Question) -> Decision:
        if question.name not in self._schema.actions:
            return deny(f"the policies know no operation {question.name}")
        forms = self._forms[question.approved]
        try:
            entity = cedar_values.entity(question, self._schema, 0)
            if forms.every is not forms.some or question.custom_fields:
                return self._evaluated(question, entity)
            return self._by_context(question, entity)
        except Unsayable as error:
            return deny(str(error))

    def _by_context(self, question: Question, entity: Mapping[str, Any]) -> Decision:
        """What Cedar says where no rule looks at the record: what rules read of the context decides, and Cedar is shown nothing else.

        Raises:
            Unsayable: a value of the question, read or not, has no exact form in Cedar.
        """
        reading = self._readings.get(question.name) or self._read(question.name)
        if not self.by_arguments:  # the time or the request decides too, and neither comes again
            shown = _shown(cedar_values.context(question, self._schema, self._zone), reading.paths)
            return self._narrowly(question, shown, entity, reading)
        said = cedar_values.timeless(question, self._schema)
        key = question.name, question.agent, question.approved, _encode(reading.telling.key(said))
        decision = self._known.get(key)
        if decision is None:
            decision = self._narrowly(question, _shown(said, reading.paths), entity, reading)
            if decision.outcome is Outcome.ALLOW:  # a no may be of a failure, which need not happen again
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = decision
        return decision

    def _read(self, operation: str) -> _Reading:
        """What rules about an operation read."""
        rules = [*about(operation, self.rules.values(), self._schema)]
        paths = context_read(rules)
        schema = self._cedar.Schema.from_json_str(self._schema.alone(operation, paths))
        made = self._readings[operation] = _Reading(paths, schema, Telling(rules, paths))
        return made

    def _narrowly(self, question: Question, shown: str, entity: Mapping[str, Any], reading: _Reading) -> Decision:
        def asked(policies: Any) -> Any:
            (answer,) = self._ask(question.name, [_request(question, shown, entity)], policies, "[]", reading.schema)
            return answer

        return self._of(asked(self._forms[question.approved].exact), lambda: asked(self._forms[True].exact))

    def _evaluated(self, question: Question, entity: Mapping[str, Any]) -> Decision:
        """What Cedar says.

        Raises:
            Unsayable: a value has no exact form in Cedar.
        """
        context = json.dumps(cedar_values.context(question, self._schema, self._zone))
        entities = json.dumps([entity, *([cedar_values.written(question)] if question.custom_fields else ())])
        forms = self._forms[question.approved]

        def asked(policies: Any) -> Any:
            (answer,) = self._ask(question.name, [_request(question, context, entity)], policies, entities)
            return answer

        if cedar_values.record_of(question) is not None:
            return self._of(asked(forms.exact), lambda: asked(self._forms[True].exact))
        found = self._of(asked(forms.some), lambda: asked(self._forms[True].some))
        if found.outcome is not Outcome.ALLOW or forms.every is forms.some:
            return found
        certain = self._of(asked(forms.every), lambda: asked(self._forms[True].every))
        return found if certain.outcome is found.outcome else allow(policies=found.policies, on_record=True)

    def _batch(self, questions: Sequence[Question]) -> list[Decision]:
        first = questions[0]
        if first.name not in self._schema.actions:
            return [deny(f"the policies know no operation {first.name}")] * len(questions)
        wrong: dict[int, Decision] = {}
        entities: dict[int, dict[str, Any]] = {}
        try:
            context = json.dumps(cedar_values.context(first, self._schema, self._zone))
            beside = [cedar_values.written(first)] if first.custom_fields else []
        except Unsayable as error:
            return [deny(str(error))] * len(questions)
        for number, question in enumerate(questions):
            try:
                entities[number] = cedar_values.entity(question, self._schema, number)
                # Two records of one page may have one id; each is judged by its own attributes.
                entities[number]["uid"]["id"] += f"#{number}"
            except Unsayable as error:
                wrong[number] = deny(str(error))
        requests = [_request(questions[number], context, entity) for number, entity in entities.items()]
        known = json.dumps([*entities.values(), *beside])
        answers = dict(zip(entities, self._ask(first.name, requests, self._forms[first.approved].exact, known), strict=True))

        def alone(number: int) -> Any:
            request = _request(questions[number], context, entities[number])
            (answer,) = self._ask(first.name, [request], self._forms[True].exact, known)
            return answer

        return [wrong[n] if n in wrong else self._of(answers[n], partial(alone, n)) for n in range(len(questions))]

    def _ask(self, operation: str, requests: list[dict[str, Any]], policies: Any, entities: str, schema: Any = None) -> list[Any]:
        """Cedar's answers, by the operation's whole schema if no other is given."""
        if schema is None:
            schema = self._schemas.get(operation)
        if schema is None:
            schema = self._schemas[operation] = self._cedar.Schema.from_json_str(self._schema.alone(operation))
        answers: list[Any] = self._cedar.is_authorized_batch(requests, policies, entities, schema)
        return answers

    def _of(self, answer: Any, overcome: Any) -> Decision:
        """A decision of Cedar's answer. `overcome` asks again as if an approval had been given."""
        # A rule that fails is left out by Cedar, a forbid too: so a failure is a no.
        if answer.diagnostics.errors:
            return deny(f"a rule could not be evaluated: {answer.diagnostics.errors[0]}", policies=tuple(answer.diagnostics.reasons))
        reasons = tuple(sorted(answer.diagnostics.reasons))
        if answer.decision is self._cedar.Decision.Allow:
            return allow(policies=reasons)
        if answer.decision is not self._cedar.Decision.Deny:
            return deny("the policies give no decision")
        told = tuple(self.rules[id].reason for id in reasons)
        if reasons and all(self.rules[id].asks for id in reasons):
            again = overcome()
            if again.decision is self._cedar.Decision.Allow and not again.diagnostics.errors:
                return needs_approval(*told, policies=reasons)
        return deny(*told, policies=reasons)


class _Forms:
    """The policies as they are, and weakened two ways; with an approval given, those that it overcomes are left out."""

    def __init__(self, cedar: Any, rules: Sequence[Rule], *, approved: bool) -> None:
        kept = [rule for rule in rules if not (approved and rule.asks)]

        def parsed(policies: Mapping[str, Mapping[str, Any]]) -> Any:
            return cedar.PolicySet.from_json_str(policy_set(policies))

        self.bare = parsed({r.id: r.bare() for r in kept if r.permits or not r.data.get("conditions")})
        self.exact = self.some = self.every = parsed({rule.id: rule.data for rule in kept})
        if not any(rule.on_record for rule in kept):
            return
        # What some record would be allowed: permits apply where they might, forbids only where they surely do.
        self.some = parsed({r.id: r.weakened() if r.permits else r.data for r in kept if r.permits or not r.on_record})
        # What every record would be allowed: the other way round.
        self.every = parsed({r.id: r.data if r.permits else r.weakened() for r in kept if not (r.permits and r.on_record)})


def _request(question: Question, context: str, entity: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "principal": {"type": "Agent", "id": question.agent or ""},
        "action": {"type": "Action", "id": question.name},
        "resource": entity["uid"],
        "context": context,
    }


def _shown(said: Mapping[str, Any], paths: Sequence[tuple[str, ...]]) -> str:
    """The part of a context that is read, as JSON."""
    found: dict[str, Any] = {}
    for path in paths:
        if not path:  # the context as a whole
            return _encode(said).decode()
        first = path[0]
        if first not in said:
            continue
        if len(path) == 1:
            found[first] = said[first]
            continue
        part = found.setdefault(first, {})
        if path[1] in said[first]:
            part[path[1]] = said[first][path[1]]
    return _encode(found).decode()


def _action_entities(schema: Schema) -> list[dict[str, Any]]:
    """The actions and their groups, as entities."""
    above = {action.name: action.groups for action in schema.actions.values()} | dict(schema.groups)
    return [
        {"uid": {"type": "Action", "id": name}, "attrs": {}, "parents": [{"type": "Action", "id": group} for group in groups]}
        for name, groups in above.items()
    ]


def _differ_in_record_alone(questions: Sequence[Question]) -> bool:
    first = questions[0]
    return all(
        question.record is not None and all(getattr(question, name) == getattr(first, name) for name in _BESIDE_THE_RECORD)
        for question in questions
    )


_BESIDE_THE_RECORD = tuple(name for name in Question.__struct_fields__ if name != "record")


def zone(name: str) -> tzinfo:
    """The time zone of that IANA name.

    Raises:
        InvalidInput: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(f"there is no time zone {name!r}; write an IANA name such as Europe/Paris") from None
