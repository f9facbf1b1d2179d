"""Policies from where they are kept: files and folders of Cedar and Rego, and OPA servers. Several of them have to agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from unified_platform.policy.combine import Every
from unified_platform.policy.findings import Finding, PolicyMistakes
from unified_platform.policy.schema import Schema
from unified_runtime.control.policy import PolicyEngine
from unified_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from unified_platform.policy.cedar_rules import Rule

CEDAR, REGO = ".cedar", ".rego"


def load(*places: str | Path, time_zone: str = "UTC", schema: Schema | None = None) -> PolicyEngine:
    """An engine over all policies at some places; where they are in more than one language, each has to allow a call.

    Args:
        places: files and folders, in which `*.cedar` and `*.rego` are policies (but for `*_test.rego`), and the addresses of OPA servers.
        time_zone: where the policies' people are.
        schema: what Cedar policies may speak of; the compiled catalog's by default.

    Raises:
        PolicyMistakes: policies are wrong; tells every mistake with its place.
        InvalidInput: a place does not exist or holds no policy, or a library is not installed.
    """
    servers = [place for place in places if isinstance(place, str) and place.startswith(("http://", "https://"))]
    found = texts(*(place for place in places if place not in servers))
    engines: list[PolicyEngine] = []
    findings: list[Finding] = []
    for suffix in (CEDAR, REGO):
        if own := {name: text for name, text in found.items() if name.endswith(suffix)}:
            try:
                engines.append(_engine(suffix, own, time_zone, schema))
            except PolicyMistakes as mistakes:
                findings += mistakes.findings
    if findings:
        raise PolicyMistakes(findings, found)
    for server in servers:
        from unified_platform.policy.opa import OPA

        engines.append(OPA(server, time_zone=time_zone))
    if not engines:
        raise InvalidInput("no place of policies is given")
    return engines[0] if len(engines) == 1 else Every(*engines)


def _engine(suffix: str, found: Mapping[str, str], time_zone: str, schema: Schema | None) -> PolicyEngine:
    if suffix == CEDAR:
        from unified_platform.policy.cedar import CedarPolicies

        return CedarPolicies(found, time_zone=time_zone, schema=schema)
    from unified_platform.policy.rego import RegoPolicies

    return RegoPolicies(found, time_zone=time_zone)


def texts(*places: str | Path) -> dict[str, str]:
    """The texts of the policy files at some places, by their names.

    Raises:
        InvalidInput: a place does not exist, is not UTF-8, or holds no policy.
    """
    found: dict[str, str] = {}
    for place in map(Path, places):
        files = _policies(place) if place.is_dir() else [place]
        if not files:
            raise InvalidInput(f"{place} holds no policy (*{CEDAR}, *{REGO})")
        for file in files:
            if file.is_file() and file.suffix not in {CEDAR, REGO}:
                raise InvalidInput(f"{file} is no policy: its name ends neither in {CEDAR} nor in {REGO}")
            try:
                found[str(file)] = file.read_text(encoding="utf-8")
            except OSError as error:
                raise InvalidInput(f"{file} cannot be read: {error.strerror}") from None
            except UnicodeDecodeError:
                raise InvalidInput(f"{file} is not UTF-8") from None
    return found


def _policies(folder: Path) -> Sequence[Path]:
    files = (file for suffix in (CEDAR, REGO) for file in folder.rglob(f"*{suffix}"))
    return sorted(file for file in files if not file.name.endswith(f"_test{REGO}"))


def rules(engine: PolicyEngine) -> Mapping[str, Rule]:
    """The Cedar rules of an engine, by their ids: those that a decision's `policies` may name."""
    if isinstance(engine, Every):
        return {id: rule for one in engine.engines for id, rule in rules(one).items()}
    found: Mapping[str, Rule] = getattr(engine, "rules", {})
    return found
