"""Run of the behaviour suite against a target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from unified_emulation.laws.actions import Actions
from unified_emulation.laws.lists import Lists
from unified_emulation.laws.verdicts import Law, Verdict
from unified_emulation.laws.writes import Writes
from unified_emulation.suite.checks import Found, Key, Result, steps
from unified_emulation.suite.errors import Errors
from unified_emulation.suite.exchanges import Exchange
from unified_emulation.suite.inputs import SuiteInputs
from unified_emulation.suite.records import Records
from unified_emulation.suite.session import SuiteSession
from unified_emulation.suite.targets import Target
from unified_gen.language.ast import Model
from unified_gen.pipeline.compiler import parse_models
from unified_gen.pipeline.inputs import shipped_models
from unified_runtime.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Run:
    """Results of a suite, what was exchanged, and the created records that could not be deleted, with the reasons."""

    vendor: str
    results: tuple[Result, ...]
    exchanges: tuple[Exchange, ...] = ()
    remains: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Plan:
    """Limits of a run: `scratch` has the ids of records, by resource, that it writes into.

    `create` has the names of further ones, which are created and deleted.

    With `shared`, other people use the account: only the authenticated user is assigned, and only what the suite created is changed.
    `resources` limits it to some resources; none: all.
    """

    scratch: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shared: bool = False
    resources: Sequence[str] = ()
    create: Mapping[str, str] = field(default_factory=dict)


def models() -> dict[str, Model]:
    """Return the models of the distribution, by resource."""
    return dict(parse_models(shipped_models({})).by_resource)


def run(target: Target, plan: Plan, seen: Callable[[Result], None] = lambda result: None) -> Run:
    """Run the suite, and delete what it created. `seen` receives each result as it is known."""
    session = SuiteSession(target, models())
    results: list[Result] = []
    try:
        plan = replace(plan, scratch={**plan.scratch, **dict(_created(session, plan))})
        inputs = SuiteInputs(session, plan.scratch, shared=plan.shared)
        for result in _numbered(_results(session, inputs, plan)):
            results.append(result)
            seen(result)
    finally:
        remains = session.clean()
    return Run(target.vendor, tuple(results), tuple(target.recorder.exchanges), tuple(remains))


def _created(session: SuiteSession, plan: Plan) -> Iterator[tuple[str, list[str]]]:
    """Create the scratch records that a plan has names for.

    Raises:
        UnifiedError: one cannot be created.
    """
    for resource, name in plan.create.items():
        create = session.operation(resource, "create")
        needed = None if create is None else SuiteInputs(session, plan.scratch, shared=True).required(resource, create[1], 0)
        if create is None or needed is None:
            raise InvalidInput(f"{session.adapter.vendor.title} cannot create {resource}: name one that exists")
        outcome = session.run(create[0], {**needed, "name": name})
        if outcome.error is not None:
            raise outcome.error
        yield resource, [outcome.value.id]


def resources(target: Target, plan: Plan, known: Mapping[str, Model]) -> list[str]:
    """Return the resources of a vendor that a plan includes, those that others refer to first."""
    found = [resource for resource in target.adapter.catalog["resources"] if resource in known]
    chosen = [resource for resource in found if not plan.resources or resource in plan.resources]
    count = Counter(one.references for model in known.values() for one in model.fields)
    return sorted(chosen, key=lambda resource: -count[resource])


def _results(session: SuiteSession, inputs: SuiteInputs, plan: Plan) -> Iterator[Result]:
    for resource in resources(session.target, plan, session.models):
        records, errors = Records(session, inputs, resource), Errors(session, inputs, resource)
        writes = resource not in plan.scratch and _may_write(session, inputs, resource, plan)
        if writes:
            yield from _found(session, "new records", resource, records.bare())
            yield from _found(session, "contents", resource, records.contents())
            yield from _judged(session, Writes(session, inputs, resource).verdicts())
            yield from _judged(session, Actions(session, inputs, resource).verdicts())
            yield from _found(session, "new records", resource, records.varied())
        yield from _judged(session, Lists(session, inputs, resource, create=False).verdicts())
        yield from _found(session, "errors", resource, errors.unknown_ids())
        if writes:
            yield from _found(session, "errors", resource, errors.unknown_references())


def _may_write(session: SuiteSession, inputs: SuiteInputs, resource: str, plan: Plan) -> bool:
    """Return true if the suite may change records of a resource: it creates them itself, or the account is a test's own."""
    return not plan.shared or inputs.creates(resource)


def _judged(session: SuiteSession, verdicts: Iterable[Verdict]) -> Iterator[Result]:
    for verdict in verdicts:
        if verdict.law is Law.DISTINCT:  # texts of real records may be equal by chance
            continue
        key = Key(verdict.law.title, verdict.resource, verdict.operation, verdict.subject)
        yield Result(key, verdict.state, verdict.reason, steps(session.exchanges()))


def _found(session: SuiteSession, kind: str, resource: str, found: Iterable[Found]) -> Iterator[Result]:
    for operation, subject, state, reason, seen in found:
        yield Result(Key(kind, resource, operation, subject), state, reason, steps(session.exchanges()), seen)


def _numbered(results: Iterable[Result]) -> Iterator[Result]:
    """Number results whose checks have equal names."""
    counts: Counter[Key] = Counter()
    for result in results:
        key = result.key
        counts[key] += 1
        number = counts[key] - 1
        yield replace(result, key=replace(key, number=number))
