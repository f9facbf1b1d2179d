"""`unified policy`: check policies, test them, explain a decision, and start from one that is shipped."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from unified_platform.agents import registry
from unified_platform.catalog import capabilities
from unified_platform.cli import output
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.inputs import parse_inputs
from unified_platform.policy import loader, starter_policies
from unified_platform.policy.findings import PolicyErrors
from unified_runtime import InvalidInput
from unified_runtime.core.policy_decisions import PolicyEngine

_sources = click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
_zone = click.option("--time-zone", default="UTC", show_default=True, help="Where the policies' people are.")


@click.group("policy")
def policy() -> None:
    """Check, test and explain policies in Cedar and Rego."""


@policy.command("check")
@_sources
@click.option("--agents", "file", type=click.Path(path_type=Path), help="The agents' file: then rules about other agents are reported too.")
@as_json
def check(sources: tuple[Path, ...], file: Path | None, as_json: bool) -> None:
    """Find the mistakes of policies in files and folders. Exits with 1 if there are any.

    Of Cedar: syntax, names, types, and comparisons that are never true. Of Rego: syntax, names and words that no input has, and functions
    that this process does not have.
    """
    with errors(as_json):
        try:
            policies = loader.load(*sources)
            if file is not None:
                loader.check_agents(policies, registry.load_agents(file, capabilities.load()).names, sources)
        except PolicyErrors as mistakes:
            if as_json:
                click.echo(json.dumps([finding.to_dict() for finding in mistakes.findings], indent=2, ensure_ascii=False))
            else:
                count = len(mistakes.findings)
                click.echo(f"{output.printable(mistakes.message)}\n\n{count} mistake{'s' if count > 1 else ''}", err=True)
            sys.exit(1)
        click.echo("[]" if as_json else f"{_counted(sources, policies)}, no mistake")


def _counted(sources: tuple[Path, ...], policies: PolicyEngine) -> str:
    found = loader.texts(*sources)
    rego = sum(name.endswith(loader.REGO) for name in found)
    parts = [f"{len(loader.rules(policies))} rules"] if rego < len(found) else []
    return " and ".join([*parts, *([f"{rego} file{'s' * (rego > 1)} of Rego"] if rego else [])])


@policy.command("test")
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def test(tables: tuple[Path, ...], as_json: bool) -> None:
    """Run tables of policy tests (YAML). Exits with 1 if a case fails."""
    from unified_platform.policy import policy_tests

    with errors(as_json):
        verdicts = [verdict for table in tables for verdict in policy_tests.run(policy_tests.load(table))]
        if as_json:
            click.echo(json.dumps([_verdict(verdict) for verdict in verdicts], indent=2, ensure_ascii=False))
        else:
            for verdict in verdicts:
                click.echo(output.printable(str(verdict)))
        failed = sum(not verdict.passed for verdict in verdicts)
        if not as_json:
            click.echo(f"\n{len(verdicts) - failed} passed, {failed} failed")
        if failed:
            sys.exit(1)


def _verdict(verdict: Any) -> dict[str, Any]:
    return {
        "case": verdict.case.name,
        "passed": verdict.passed,
        "expected": verdict.case.expect,
        "found": verdict.found,
        "policies": [*verdict.decision.policies],
        "reasons": [*verdict.decision.reasons],
    }


@policy.command("explain")
@click.argument("operation")
@click.argument("inputs", nargs=-1)
@click.option("--policies", "sources", multiple=True, required=True, help="Files or folders of Cedar or Rego, or an OPA server.")
@click.option("--agent", help="The agent that makes the call.")
@click.option("--user", help="Whose connection serves.")
@click.option("--on-behalf-of", help="User for whom the agent makes the call.")
@click.option("--via", default="jira", show_default=True, help="The vendor.")
@click.option("--account-id", help="The user's id at the vendor.")
@click.option("--record", help="The record it is about, as JSON.")
@click.option("--time", help="When, such as 2026-11-25T10:00:00Z; now by default.")
@click.option("--approved", is_flag=True, help="As if a person had approved it.")
@_zone
@as_json
def explain(
    operation: str, inputs: tuple[str, ...], sources: tuple[str, ...], record: str | None, time_zone: str, as_json: bool, **details: Any
) -> None:
    """Explain the decision of policies on a call, and the rules behind it. INPUTS are as for `unified call`.

    Exits with 0 if it is allowed, with 3 if not.
    """
    from unified_platform.policy import policy_tests
    from unified_platform.policy.schema import shipped

    with errors(as_json):
        policies = loader.load(*sources, time_zone=time_zone)
        given: dict[str, Any] = {name: value for name, value in details.items() if value is not None}
        given |= {"call": operation, "input": parse_inputs(inputs)}
        if record is not None:
            given["record"] = _json(record)
        question = policy_tests.question(given, shipped(), "the call")
        decision = policy_tests.decided(policies, question)
        if as_json:
            data = {"outcome": decision.outcome.value, "on_record": decision.on_record}
            click.echo(json.dumps({**data, "reasons": decision.reasons, "policies": decision.policies}, ensure_ascii=False))
        else:
            click.echo(output.printable("\n".join(policy_tests.explained(decision, loader.rules(policies), question))))
        sys.exit(0 if decision.outcome.value == "allow" else 3)


def _json(text: str) -> Any:
    from decimal import Decimal

    try:
        return json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"--record is not JSON: {error.msg} at column {error.colno}") from None


@policy.command("start")
@click.argument("name", required=False)
@click.option("--language", type=click.Choice(["cedar", "rego"]), default="cedar", show_default=True)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Write it into this folder instead of printing it.")
def start_(name: str | None, language: starter_policies.Language, into: Path | None) -> None:
    """Print a starter policy; without NAME, list them."""
    with errors(False):
        if name is None:
            width = max(map(len, starter_policies.NAMES))
            click.echo("\n".join(f"{one:<{width}}  {starter_policies.summary(one)}" for one in starter_policies.NAMES))
            return
        text = starter_policies.text(name, language)
        if into is None:
            click.echo(text, nl=False)
            return
        location = into / f"{name}.{language}"
        if location.exists():
            raise InvalidInput(f"{location} exists already; it may have been changed, and is not overwritten")
        into.mkdir(parents=True, exist_ok=True)
        location.write_text(text, encoding="utf-8")
        click.echo(f"wrote {location}")


@policy.command("schema")
def schema() -> None:
    """Print what policies can speak of: the actions, records and contexts of the catalog, as a Cedar schema."""
    from unified_platform.common.extras import require_extra
    from unified_platform.policy.schema import shipped

    with errors(False):
        cedarpy = require_extra("cedarpy", "cedar", "a Cedar schema")
        click.echo(str(cedarpy.Schema.from_json_str(shipped().text)).replace("__cedar::", ""), nl=False)
