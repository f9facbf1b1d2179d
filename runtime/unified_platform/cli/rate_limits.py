"""`unified rate-limits`: show and reset rate limits that processes count together in Redis."""

from __future__ import annotations

import json

import click

from unified_platform.catalog import capabilities
from unified_platform.cli.common import as_json, errors
from unified_platform.cli.tables import show as table
from unified_platform.rate_limits.opening import open_rate_limiter
from unified_platform.rate_limits.redis import RedisRateLimiter
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.rate_limits.status import LimitStatus

_redis = click.option("--redis", "url", help="The Redis server, redis://…; by default UNIFIED_RATE_LIMITS.")


@click.group("limits")
def limits() -> None:
    """Rate limits: show what is counted, reset a vendor."""


@limits.command("show")
@click.argument("vendor", required=False)
@_redis
@as_json
def show(vendor: str | None, url: str | None, as_json: bool) -> None:
    """Show what is counted against the limits of VENDOR, or of every vendor; the limits that keep requests away first."""
    with errors(as_json):
        _check(vendor)
        windows = _shared(url).status(vendor)
        if as_json:
            click.echo(json.dumps([_plain(one) for one in windows], indent=2))
        elif not windows:
            click.echo("nothing is counted")
        else:
            rows = [
                (
                    one.key,
                    str(one.used),
                    "" if one.left is None else f"{one.left} of {one.limit}" if one.limit is not None else str(one.left),
                    "" if one.reset_in is None else f"{one.reset_in:.0f} s",
                    f"{one.blocked_for:.0f} s" if one.blocked_for else "",
                    str(one.waiting),
                )
                for one in windows
            ]
            table(("limit", "used", "left", "resets in", "blocked for", "waiting"), rows)


@limits.command("reset")
@click.argument("vendor")
@_redis
@as_json
def reset(vendor: str, url: str | None, as_json: bool) -> None:
    """Forget what was counted and learned for VENDOR, such as a pause that a response requested by mistake.

    The next requests are sent at once, and counted anew. If the vendor still limits them, its responses report that.
    """
    with errors(as_json):
        _check(vendor)
        count = _shared(url).reset(vendor)
        click.echo(json.dumps({"vendor": vendor, "reset": count}) if as_json else f"{vendor}: {count} limits reset")


def _shared(url: str | None) -> RedisRateLimiter:
    opened = open_rate_limiter(url)
    if isinstance(opened, RedisRateLimiter):
        return opened
    raise InvalidInput(
        "rate limits are counted in the memory of each process, and cannot be shown or reset. Set UNIFIED_RATE_LIMITS or --redis "
        "to the Redis server that the processes share, or restart the process"
    )


def _check(vendor: str | None) -> None:
    known = capabilities.vendor_names()
    if vendor is not None and vendor not in known:
        raise InvalidInput(f"there is no vendor {vendor!r}{did_you_mean(vendor, known)}")


def _plain(one: LimitStatus) -> dict[str, object]:
    return {"vendor": one.vendor, **{name: getattr(one, name) for name in LimitStatus.__dataclass_fields__}}
