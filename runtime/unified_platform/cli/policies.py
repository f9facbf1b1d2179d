"""`unified policy`: check policies, test them, explain a decision, and start from one that is shipped."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from unified_platform import arguments, outcomes
from unified_platform.cli.common import as_json, errors
from unified_platform.policy import places as kept
from unified_platform.policy import start
from unified_platform.policy.findings import PolicyMistakes
from unified_runtime import InvalidInput
from unified_runtime.control.policy import PolicyEngine

_places = click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
_zone = click.option("--time-zone", default="UTC", show_default=True, help="Where the policies' people are.")


@click.group("policy")
def policy() -> None:
    """What agents may do: policies in Cedar and Rego, and their tests."""


@policy.command("check")
@_places
@as_json
def check(places: tuple[Path, ...], as_json: bool) -> None:
    """Find the mistakes of policies in files and folders. Exits with 1 if there are any.

    Of Cedar: syntax, names, types. Of Rego: syntax, and functions that this process does not have.
    """
    with errors(as_json):
        try:
            policies = kept.load(*places)
        except PolicyMistakes as mistakes:
            if as_json:
                click.echo(json.dumps([finding.to_dict() for finding in mistakes.findings], indent=2, ensure_ascii=False))
            else:
                count = len(mistakes.findings)
                click.echo(f"{outcomes.printable(mistakes.message)}\n\n{count} mistake{'s' if count > 1 else ''}", err=True)
            sys.exit(1)
        click.echo("[]" if as_json else f"{_counted(places, policies)}, no mistake")


def _counted(places: tuple[Path, ...], policies: PolicyEngine) -> str:
    found = kept.texts(*places)
    rego = sum(name.endswith(kept.REGO) for name in found)
    parts = [f"{len(kept.rules(policies))} rules"] if rego < len(found) else []
    return " and ".join([*parts, *([f"{rego} file{'s' * (rego > 1)} of Rego"] if rego else [])])


@policy.command("test")
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def test(tables: tuple[Path, ...], as_json: bool) -> None:
    """Run tables of policy tests (YAML). Exits with 1 if a case fails."""
    from unified_platform.policy import cases

    with errors(as_json):
        verdicts = [verdict for table in tables for verdict in cases.run(cases.load(table))]
        if as_json:
            click.echo(json.dumps([_verdict(verdict) for verdict in verdicts], indent=2, ensure_ascii=False))
        else:
            for verdict in verdicts:
                click.echo(outcomes.printable(str(verdict)))
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
@click.option("--policies", "places", multiple=True, required=True, help="Files or folders of Cedar or Rego, or an OPA server.")
@click.option("--agent", help="The agent that makes the call.")
@click.option("--user", help="Whose connection serves.")
@click.option("--on-behalf-of", help="Who asked for it.")
@click.option("--via", default="jira", show_default=True, help="The vendor.")
@click.option("--account-id", help="The user's id at the vendor.")
@click.option("--record", help="The record it is about, as JSON.")
@click.option("--time", help="When, such as 2026-11-25T10:00:00Z; now by default.")
@click.option("--approved", is_flag=True, help="As if a person had approved it.")
@_zone
@as_json
def explain(
    operation: str, inputs: tuple[str, ...], places: tuple[str, ...], record: str | None, time_zone: str, as_json: bool, **told: Any
) -> None:
    """Say what policies make of a call, and by which rules. INPUTS are as for `unified call`.

    Exits with 0 if it is allowed, with 3 if not.
    """
    from unified_platform.policy import cases
    from unified_platform.policy.schema import shipped

    with errors(as_json):
        policies = kept.load(*places, time_zone=time_zone)
        given: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
        given |= {"call": operation, "input": arguments.parse(inputs)}
        if record is not None:
            given["record"] = _json(record)
        question = cases.question(given, shipped(), "the call")
        (decision,) = policies.decide([question])
        if as_json:
            data = {"outcome": decision.outcome.value, "on_record": decision.on_record}
            click.echo(json.dumps({**data, "reasons": decision.reasons, "policies": decision.policies}, ensure_ascii=False))
        else:
            click.echo(outcomes.printable("\n".join(cases.explained(decision, kept.rules(policies), question))))
        sys.exit(0 if decision.outcome.value == "allow" else 3)


def _json(text: str) -> Any:
    from decimal import Decimal

    try:
        return json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"--record is no JSON: {error.msg} at column {error.colno}") from None


@policy.command("start")
@click.argument("name", required=False)
@click.option("--language", type=click.Choice(["cedar", "rego"]), default="cedar", show_default=True)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Write it into this folder instead of printing it.")
def start_(name: str | None, language: start.Language, into: Path | None) -> None:
    """Print a policy to start from; without NAME, list them."""
    with errors(False):
        if name is None:
            width = max(map(len, start.NAMES))
            click.echo("\n".join(f"{one:<{width}}  {start.summary(one)}" for one in start.NAMES))
            return
        text = start.text(name, language)
        if into is None:
            click.echo(text, nl=False)
            return
        place = into / f"{name}.{language}"
        if place.exists():
            raise InvalidInput(f"{place} exists already; it may have been changed, and is left alone")
        into.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        click.echo(f"wrote {place}")


@policy.command("schema")
def schema() -> None:
    """Print what policies can speak of: the actions, records and contexts of the catalog, as a Cedar schema."""
    from unified_platform.extras import extra
    from unified_platform.policy.schema import shipped

    with errors(False):
        cedarpy = extra("cedarpy", "cedar", "a Cedar schema")
        click.echo(str(cedarpy.Schema.from_json_str(shipped().text)).replace("__cedar::", ""), nl=False)
