"""Evidence of a run, in the formats of `specs/<vendor>/behaviour.yaml` and `verified.yaml`. It has no values of the account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from unified_emulation.laws.verdicts import State
from unified_emulation.suite.checks import Result
from unified_emulation.suite.facts import judged
from unified_emulation.suite.run import Run
from unified_emulation.suite.targets import Target
from unified_openapi.behaviour.common import Basis, VendorResponse
from unified_openapi.behaviour.kinds import AnyFact, Error
from unified_openapi.behaviour.load import BEHAVIOUR, parse_behaviour
from unified_openapi.behaviour.verified import VERIFIED, Checked, SuiteRun, VerifiedFile, Where, parse_verified
from unified_runtime.core.errors import InvalidInput

_BASIS: Mapping[Where, Basis] = {"real_server": "real_server", "live_account": "live_account", "emulator_of_others": "third_party"}
_STATUSES = (400, 401, 403, 404, 410, 422)
_WIDTH = 100


def suite_run(run: Run, target: Target, basis: Where, product: str, checked: str, differences: tuple[str, ...] = ()) -> SuiteRun:
    """Return the counts of a run by operation, and the facts that held. `differences` are those from the vendor's emulator."""
    found: dict[str, list[Result]] = {}
    for result in run.results:
        found.setdefault(f"{result.key.resource}.{result.key.operation}", []).append(result)
    facts = (name for name, _, state, _ in judged(target.behaviour, target.reader, run.exchanges) if state is State.HELD)
    counts = {name: _counted(results) for name, results in sorted(found.items())}
    return SuiteRun(basis, product, checked, counts, tuple(sorted(facts)), differences)


def _counted(results: Iterable[Result]) -> Checked:
    listed = list(results)
    count = {state: sum(each.state is state for each in listed) for state in State}
    broken = dict.fromkeys(f"{each.key.kind} {each.key.subject}".strip() for each in listed if each.state is State.BROKEN)
    return Checked(count[State.HELD], count[State.BROKEN], count[State.UNDECIDED], tuple(broken))


def facts_of(run: Run, target: Target, basis: Where, checked: str) -> dict[str, AnyFact]:
    """Return the recorded facts that held, with this run as their evidence, and new ones: responses to unknown ids."""
    found: dict[str, AnyFact] = {}
    for name, fact, state, _ in judged(target.behaviour, target.reader, run.exchanges):
        if state is State.HELD:
            found[name] = msgspec.structs.replace(fact, basis=_BASIS[basis], checked=checked)
    known = {each for fact in target.behaviour.facts.values() if isinstance(fact, Error) for each in fact.operations}
    address = next((fact.evidence for fact in target.behaviour.facts.values()), None)  # a page about the vendor
    for operation, status in _unknown_ids(run):
        if operation in known or address is None:
            continue
        name = f"unknown-id-of-{re.sub(r'[^a-z0-9]+', '-', _hyphened(operation)).strip('-')}"
        found[name] = Error(
            operations=(operation,), summary=f"An unknown id is a {status}.", reason="unknown_record", response=VendorResponse(status),
            evidence=address, checked=checked, basis=_BASIS[basis],
        )  # fmt: skip
    return found


def _unknown_ids(run: Run) -> Iterable[tuple[str, int]]:
    """Yield the operations that responded to an unknown id with an error, and the status."""
    by_endpoint = {each.endpoint: each.call.operation.name for each in run.exchanges if each.call is not None}
    for result in run.results:
        if result.key.kind != "errors" or result.key.subject != "unknown id" or not result.observed:
            continue
        endpoint, _, status = result.observed[-1].rpartition(" ")
        if int(status) in _STATUSES and endpoint in by_endpoint:
            yield by_endpoint[endpoint], int(status)


def _hyphened(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def run_data(run: SuiteRun) -> dict[str, Any]:
    """Return a run for JSON."""
    found: dict[str, Any] = msgspec.to_builtins(run)
    return found


def write(done: Run, target: Target, folder: Path, *, run: SuiteRun) -> list[Path]:
    """Write the evidence of a run below a folder, and return the files.

    Raises:
        InvalidInput: the folder cannot be written.
    """
    facts = {name: msgspec.to_builtins(fact) for name, fact in facts_of(done, target, run.basis, run.checked).items()}
    behaviour = yaml.safe_dump({"facts": facts}, sort_keys=False, width=_WIDTH, allow_unicode=True)
    assert not parse_behaviour(behaviour.encode(), BEHAVIOUR).faults
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / BEHAVIOUR).write_text(behaviour, encoding="utf-8")
        (folder / VERIFIED).write_text(verified_text([run]), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error}") from None
    return [folder / BEHAVIOUR, folder / VERIFIED]


def verified_text(runs: Iterable[SuiteRun]) -> str:
    """Return the content of `verified.yaml`."""
    content: dict[str, Any] = {"runs": [msgspec.to_builtins(run) for run in runs]}
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=True)
    assert parse_verified(text.encode(), VERIFIED).runs
    return text


def merged(known: VerifiedFile, run: SuiteRun) -> list[SuiteRun]:
    """Return the runs of a vendor with a new one, which replaces that of the same basis."""
    return [*(each for each in known.runs if each.basis != run.basis), run]


class _Dumper(yaml.SafeDumper):
    """Dumper that writes the results of an operation in one line."""


def _line(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    flat = data.keys() <= set(Checked.__struct_fields__)
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flat)


_Dumper.add_representer(dict, _line)
