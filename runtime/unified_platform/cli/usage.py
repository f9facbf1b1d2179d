"""`unified usage`: number, failures, latency and cost of calls."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from unified_platform.cli import tables
from unified_platform.cli.common import errors
from unified_platform.usage.calls import Call, CallLog
from unified_platform.usage.entries import DAY
from unified_platform.usage.prices import money
from unified_platform.usage.store import UsageStore, open_usage_store
from unified_platform.usage.totals import DIMENSIONS, Total, Totals, UsageFilter
from unified_runtime import InvalidInput

_store = click.option("--store", help="Where usage is stored: a path or postgresql://…; by default UNIFIED_USAGE.")
_format = click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
_BACK = re.compile(r"(\d{1,4})([dw])\Z")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = date(1970, 1, 1)


def _only_options(function: Any) -> Any:
    for option in (
        click.option("--tenant", help="Only calls of this tenant."),
        click.option("--vendor", help="Only calls via this vendor."),
        click.option("--tool", help="Only calls of this tool, such as tasks.create."),
        click.option("--user", help="Only calls for this user; an empty name for calls without a user."),
        click.option("--agent", help="Only calls of this agent; an empty name for no agent's."),
    ):
        function = option(function)
    return function


@click.group("usage", invoke_without_command=True)
@click.option(
    "--by", "by", multiple=True, help=f"Add up by {', '.join(DIMENSIONS)}; several times for several. By tool and vendor, if none."
)
@click.option("--since", default="7d", show_default=True, help="From this day on, of UTC: 2026-11-01, or 7d for the last seven.")
@click.option("--until", help="Up to this day, included.")
@_only_options
@_store
@_format
def usage(by: tuple[str, ...], since: str, until: str | None, store: str | None, form: str, **only: str | None) -> None:
    """Report the number, failures, latency and cost of calls."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    with errors(form == "json"):
        meant = UsageFilter(since=_day(since, "--since"), until=_day(until, "--until") if until is not None else 10**6, **only)
        usage_store = open_usage_store(store, exist=True)
        totals = Totals(usage_store.database)
        dimensions = by or ("tool", "vendor")
        found = totals.by(dimensions, meant)
        lost = totals.lost(meant.since * DAY)
        _print(form, _totals(found, usage_store), _columns(dimensions, usage_store), "no calls")
        if lost:
            click.echo(f"{lost} calls could not be stored and are missing here", err=True)


@usage.command("calls")
@click.option("--last", type=click.IntRange(min=1, max=100_000), default=50, show_default=True, help="How many at most.")
@click.option("--outcome", help="Only those with this outcome, such as ok or rate_limited.")
@_only_options
@_store
@_format
def calls(last: int, store: str | None, form: str, **only: str | None) -> None:
    """The newest calls, one by one."""
    with errors(form == "json"):
        usage_store = open_usage_store(store, exist=True)
        finding = CallLog(usage_store.database)
        found: list[Call] = []
        before = None
        while len(found) < last:
            page = finding.newest(
                {name: value for name, value in only.items() if value is not None}, before=before, count=last - len(found)
            )
            found += page.calls
            before = page.older
            if before is None:
                break
        _print(form, [_call(one, usage_store) for one in found], _CALL, "no calls")


@usage.command("call")
@click.argument("id")
@_store
def call(id: str, store: str | None) -> None:
    """All that was recorded of the calls with ID: a call's own, a vendor's of a request, that of a trace, an approval or a saga. JSON."""
    with errors(True):
        finding = CallLog(open_usage_store(store, exist=True).database)
        found = [finding.story(one.id).record for one in finding.look_up(id)]
        click.echo(json.dumps(found, ensure_ascii=True, indent=2))


@usage.command("prune")
@click.option("--calls", "calls_days", type=click.IntRange(min=1), help="Days for single calls; by default their retention.")
@click.option("--rollups", "rollups_days", type=click.IntRange(min=1), help="Days for what is added up; by default their retention.")
@_store
def prune(calls_days: int | None, rollups_days: int | None, store: str | None) -> None:
    """Take away what is older. Processes that record usage do so by themselves, every hour."""
    with errors(False):
        usage_store = open_usage_store(store, exist=True)
        if (rollups_days or usage_store.retention.usage_sums) < (calls_days or usage_store.retention.usage):
            raise InvalidInput("--rollups must be as many days as --calls at least")
        gone = usage_store.prune(calls_days=calls_days, rollups_days=rollups_days)
        click.echo(f"{gone} rows taken away")


_TIMES = ("p50_ms", "p95_ms", "p99_ms")
_NUMBERS = ("calls", "errors", *_TIMES, "requests", "sent", "received", "tokens", "cost", "ms")
_CALL = ("time", "id", "tenant", "agent", "user", "on_behalf_of", "tool", "vendor", "outcome", "ms", "requests", "tokens", "cost")


def _columns(dimensions: Sequence[str], usage_store: UsageStore) -> Sequence[str]:
    return *dimensions, *_NUMBERS[:-1], *(["currency"] if usage_store.currency is not None else [])


def _totals(found: Sequence[Total], usage_store: UsageStore) -> list[Mapping[str, Any]]:
    return [
        {
            **{name: _date(value) if isinstance(value, int) else value for name, value in one.names.items()},
            **{name: getattr(one, name) for name in ("calls", "errors", "requests", "sent", "received", "tokens")},
            **{name: _ms(getattr(one, name[:3])) for name in _TIMES},
            "cost": f"{money(one.cost):f}",
            "currency": usage_store.currency,
        }
        for one in found
    ]


def _call(one: Call, usage_store: UsageStore) -> Mapping[str, Any]:
    return {
        "time": datetime.fromtimestamp(one.at, UTC).isoformat(timespec="milliseconds"),
        "id": one.id,
        "tenant": one.tenant,
        "agent": one.agent,
        "user": one.user,
        "on_behalf_of": one.behalf,
        "tool": one.tool,
        "vendor": one.vendor,
        "outcome": one.outcome,
        "ms": _ms(one.seconds),
        "requests": one.requests,
        "tokens": one.tokens,
        "cost": f"{money(one.cost):f}",
        "currency": usage_store.currency,
    }


def _print(form: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], none: str) -> None:
    if form == "json":
        click.echo(json.dumps([{name: row[name] for name in columns} for row in rows], ensure_ascii=True))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row[name], name) for name in columns] for row in rows)
    elif not rows:
        click.echo(none)
    else:
        cells = [["" if row[name] is None else str(row[name]) for name in columns] for row in rows]
        tables.show(columns, cells, numbers=_NUMBERS)


def _cell(value: Any, name: str) -> Any:
    """A cell of CSV. What a spreadsheet would take for a formula is text: names are others' to choose."""
    if isinstance(value, str) and name not in _NUMBERS and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else float(f"{seconds * 1000:.3g}")


def _date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


def _day(text: str, option: str) -> int:
    today = datetime.now(UTC).date()
    if (match := _BACK.match(text)) is not None:
        return (today - _EPOCH).days + 1 - int(match[1]) * {"d": 1, "w": 7}[match[2]]
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        raise InvalidInput(f"{option} accepts a date such as 2026-11-01, or 7d or 4w for the last ones, not {text[:40]!r}") from None
