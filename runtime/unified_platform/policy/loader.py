"""Loading of policies from files and folders of Cedar and Rego, and from OPA servers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from unified_platform.policy.combined import AllEngines
from unified_platform.policy.findings import Finding, PolicyErrors
from unified_platform.policy.schema import Schema
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.policy_decisions import PolicyEngine

if TYPE_CHECKING:
    from unified_platform.policy.cedar_rules import Rule

CEDAR, REGO = ".cedar", ".rego"


def load(*sources: str | Path, time_zone: str = "UTC", schema: Schema | None = None) -> PolicyEngine:
    """Return an engine over all policies at some locations. If they are in several languages, each must allow a call.

    Args:
        sources: files, folders (`*.cedar` and `*.rego` are policies, except `*_test.rego`), and URLs of OPA servers.
        time_zone: time zone of the policies.
        schema: schema of Cedar policies; by default the compiled catalog's.

    Raises:
        PolicyErrors: policies are not valid; lists every mistake with its location.
        InvalidInput: a location does not exist or has no policy, or a library is not installed.
    """
    servers = [location for location in sources if isinstance(location, str) and location.startswith(("http://", "https://"))]
    found = texts(*(location for location in sources if location not in servers))
    engines: list[PolicyEngine] = []
    findings: list[Finding] = []
    for suffix in (CEDAR, REGO):
        if own := {name: text for name, text in found.items() if name.endswith(suffix)}:
            try:
                engines.append(_engine(suffix, own, time_zone, schema))
            except PolicyErrors as mistakes:
                findings += mistakes.findings
    if findings:
        raise PolicyErrors(findings, found)
    for server in servers:
        from unified_platform.policy.opa import OPA

        engines.append(OPA(server, time_zone=time_zone))
    if not engines:
        raise InvalidInput("no location of policies is given")
    return engines[0] if len(engines) == 1 else AllEngines(*engines)


def _engine(suffix: str, found: Mapping[str, str], time_zone: str, schema: Schema | None) -> PolicyEngine:
    if suffix == CEDAR:
        from unified_platform.policy.cedar import CedarPolicies

        return CedarPolicies(found, time_zone=time_zone, schema=schema)
    from unified_platform.policy.rego import RegoPolicies

    return RegoPolicies(found, time_zone=time_zone)


def texts(*sources: str | Path) -> dict[str, str]:
    """Return the texts of the policy files at some locations, by file name.

    Raises:
        InvalidInput: a location does not exist, is not UTF-8, or has no policy.
    """
    found: dict[str, str] = {}
    for location in map(Path, sources):
        files = _policies(location) if location.is_dir() else [location]
        if not files:
            raise InvalidInput(f"{location} holds no policy (*{CEDAR}, *{REGO})")
        for file in files:
            if file.is_file() and file.suffix not in {CEDAR, REGO}:
                raise InvalidInput(f"{file} is not a policy: its name ends neither in {CEDAR} nor in {REGO}")
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
    """Return the Cedar rules of an engine, by id, as in a decision's `policies`."""
    if isinstance(engine, AllEngines):
        return {id: rule for one in engine.engines for id, rule in rules(one).items()}
    found: Mapping[str, Rule] = getattr(engine, "rules", {})
    return found


def check_agents(engine: PolicyEngine, known: Collection[str], sources: Sequence[str | Path]) -> None:
    """Compare the agents that policies name with the known ones.

    Raises:
        PolicyErrors: a rule is about an unknown agent, so that it never applies.
    """
    from unified_platform.policy import cedar_checks, rego_checks

    found = texts(*sources)
    wrong = [*cedar_checks.unknown_agents(rules(engine).values(), known)]
    for name, text in found.items():
        wrong += rego_checks.unknown_agents(name, text, known) if name.endswith(REGO) else ()
    if wrong:
        raise PolicyErrors(wrong, found)
