"""The parts of an installation, one after the other. A part that cannot be read is a finding, and stops none of the others."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from unified_platform.doctor.findings import Finding, Level
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.private_vendors import packages
from unified_runtime.core.shell_quoting import command

SKEW = 30.0
"""Seconds that clocks may differ: more, and signed tokens are refused as not yet good or no longer."""
_PYTHON = (3, 11)
_DISTRIBUTION = "unified-apis"
_SOON = 7 * 24 * 3600.0
_LATE = 3600.0


def examine(environ: Mapping[str, str] = os.environ, *, broker: str | None = None) -> Iterator[Finding]:
    """Everything there is to look at.

    Args:
        environ: where the parts are (`UNIFIED_VAULT` and the others).
        broker: a broker's settings, to be looked at as well.
    """
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("versions", _versions),
        ("private vendors", _private_vendors),
        ("vault", lambda: _vault(environ)),
        ("approvals and audit", lambda: _control(environ)),
        ("idempotency", lambda: _idempotency(environ)),
        ("sagas", lambda: _sagas(environ)),
        ("usage", lambda: _usage(environ)),
        ("events", lambda: _events(environ)),
        ("agents", lambda: _agents(environ)),
        ("rate limits", lambda: _rate_limits(environ)),
        ("broker", lambda: _broker(broker)),
    )
    for about, look in parts:
        try:
            yield from look()
        except UnifiedError as error:
            yield Finding(about, Level.WRONG, error.message)
        except OSError as error:
            yield Finding(about, Level.WRONG, str(error))


# --------------------------------------------------------------------------------------------------------- versions
def _versions() -> Iterator[Finding]:
    data = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _PYTHON:
        yield Finding("Python", Level.WRONG, data, "install Python 3.11 or later")
    else:
        yield Finding("Python", Level.OK, data)
    yield Finding("SQLite", Level.OK, sqlite3.sqlite_version)
    try:
        required = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield Finding("installation", Level.WATCH, f"{_DISTRIBUTION} is not installed, only importable", f"pip install {_DISTRIBUTION}")
        return
    yield from _libraries(required)


def _libraries(required: list[str]) -> Iterator[Finding]:
    """Libraries that are there in a version that is too old; core ones that are missing. Those of extras may be absent."""
    from packaging.requirements import Requirement

    seen: dict[str, str] = {}
    for text in required:
        one = Requirement(text)
        if one.name == _DISTRIBUTION or (one.marker is not None and not _applies(one.marker)):
            continue
        optional = "extra" in str(one.marker or "")
        try:
            there = metadata.version(one.name)
        except metadata.PackageNotFoundError:
            if not optional:
                yield Finding(one.name, Level.WRONG, "is missing", f"pip install '{one.name}{one.specifier}'")
            continue
        if not one.specifier.contains(there, prereleases=True) and seen.get(one.name) != there:
            seen[one.name] = there
            level = Level.WATCH if optional else Level.WRONG
            yield Finding(one.name, level, f"{there}, and {one.specifier} is needed", f"pip install '{one.name}{one.specifier}'")


def _applies(marker: Any) -> bool:
    """Return whether a requirement applies to this machine, for any extra."""
    extras = [part.strip().strip("'\"") for part in str(marker).replace("(", " ").replace(")", " ").split("extra ==")[1:]]
    names = [part.split()[0].strip("'\"") for part in extras] or [""]
    return any(marker.evaluate({"extra": name}) for name in names)


def _private_vendors() -> Iterator[Finding]:
    for package in packages():
        yield Finding("private vendors", Level.OK, f"{', '.join(package.vendors)} in {package.module}")


# ------------------------------------------------------------------------------------------------------------ vault
def _vault(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.store.urls import exists
    from unified_platform.vault.location import default_url

    url = default_url(environ)
    if not exists(url):
        yield Finding("vault", Level.ABSENT, f"there is none in {_location(url)}", "unified connect VENDOR makes one")
        return
    yield from _permissions("vault", url)
    from unified_platform.vault import maintenance, open_vault
    from unified_platform.vault.opening import default_key

    vault = open_vault(url, key=default_key(environ), exist=True)
    try:
        report = maintenance.verify(vault)
        problems = [*report.problems, *(f"{tenant.tenant}: {problem}" for tenant in report.tenants for problem in tenant.problems)]
        if problems:
            advice = "unified vault verify lists all; unified vault restore restores a backup"
            yield Finding("vault", Level.WRONG, "; ".join(problems[:5]), advice)
        found = vault.list()
        yield Finding("vault", Level.OK, f"{len(found.records)} connections in {_location(url)}")
        yield from _clock(vault.database)
        for damage in found.damaged:
            yield Finding(f"connection {damage.key}", Level.WRONG, f"damaged: {damage.what}", "connect it again, or restore a backup")
        for record in found.records:
            yield from _connection(record)
    finally:
        vault.close()


def _connection(record: Any) -> Iterator[Finding]:
    from unified_platform.connections.records import Status, connect_command

    about = f"connection {record.key}"
    if record.status is not Status.ACTIVE:
        reason = f": {record.reason}" if record.reason else ""
        yield Finding(about, Level.WRONG, f"{record.status.value.replace('_', ' ')}{reason}", connect_command(record.key))
    elif record.expires_at is not None and "refresh_token" not in record.secrets:
        left = record.expires_at - time.time()
        if left <= 0:
            yield Finding(about, Level.WRONG, "its token has ended, and there is none to refresh it with", connect_command(record.key))
        elif left < _SOON:
            yield Finding(about, Level.WATCH, f"its token ends in {left / 3600:.0f} hours", connect_command(record.key))


def _clock(database: Any) -> Iterator[Finding]:
    """The database's clock against this machine's: leases and expiries are by the one, tokens by the other."""
    with database.reading() as session:
        before = time.time()
        (row,) = session.rows("SELECT NOW()")
        off = float(row[0]) - (before + time.time()) / 2
    if abs(off) > SKEW:
        yield Finding("clock", Level.WRONG, f"the database's is {off:+.0f} s from this machine's", "keep both by NTP")


# -------------------------------------------------------------------------------------------- what else is in databases
def _exists(about: str, url: str, absent: str, *, files: str | None = None) -> Generator[Finding, None, bool]:
    """Return whether a database exists; if so, check the permissions of its files."""
    from unified_platform.store.urls import exists

    if not exists(url):
        yield Finding(about, Level.ABSENT, f"{absent} in {_location(url)}")
        return False
    yield from _permissions(files or about, url)
    return True


def _control(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.audit.chain_keys import keys_of
    from unified_platform.audit.database import default_url, open_store
    from unified_platform.audit.heads import open_heads
    from unified_platform.audit.log import StoredAuditLog

    url = default_url(environ)
    if not (yield from _exists("audit log", url, "there is none", files="approvals and audit")):
        return
    database = open_store(url, exist=True)
    try:
        heads = open_heads(None, database.location, environ)
        found = StoredAuditLog(database, keys_of()).verified(heads.read() if heads is not None else ())
        yield Finding("audit log", Level.OK, f"{found.head.seq} entries, complete")
        if waiting := ApprovalStore(database).waiting():
            yield Finding("approvals", Level.WATCH, f"{waiting} wait for a person", "unified approvals list")
    finally:
        database.close()


def _idempotency(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.idempotency.store import default_url, open_idempotency_store

    url = default_url(environ)
    if not (yield from _exists("idempotency", url, "there is none")):
        return
    store = open_idempotency_store(url)
    try:
        unconfirmed = store.unconfirmed_writes()
    finally:
        store.close()
    if unconfirmed:
        data = "; ".join(f"{one.request} ({time.strftime('%Y-%m-%d %H:%M', time.gmtime(one.since))} UTC)" for one in unconfirmed[:5])
        advice = "look at the vendor, then: unified writes resolve KEY --made ID, or --not-made"
        yield Finding("idempotency", Level.WATCH, f"{len(unconfirmed)} writes are not confirmed: {data}", advice)
    else:
        yield Finding("idempotency", Level.OK, "no unconfirmed writes")


def _sagas(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.sagas.location import default_url
    from unified_platform.store.urls import exists

    url = default_url(environ)
    if not exists(url):
        yield Finding("sagas", Level.ABSENT, f"there are none in {_location(url)}")
        return
    from unified_platform.sagas.inspection import open_inspector

    with open_inspector(url) as look:
        found = look.list(limit=1000)
    left = [saga for saga in found if saga.state in {"needs you", "broken"}]
    for saga in left[:10]:
        yield Finding(f"saga {saga.id}", Level.WRONG, saga.reason or saga.state, command("unified", "sagas", "show", saga.id))
    if not left:
        yield Finding("sagas", Level.OK, f"{len(found)}, none needs a person")


def _usage(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.usage.store import default_url, open_usage_store
    from unified_platform.usage.totals import Totals

    url = default_url(environ)
    if not (yield from _exists("usage", url, "nothing is stored")):
        return
    usage_store = open_usage_store(url, exist=True)
    try:
        lost = Totals(usage_store.database).lost(time.time() - 24 * 3600)
    finally:
        usage_store.close()
    if lost:
        yield Finding(
            "usage", Level.WATCH, f"{lost} calls of the last day were made and not counted", "its database is too slow or was away"
        )
    else:
        yield Finding("usage", Level.OK, f"every call of the last day is counted in {_location(url)}")


def _events(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.inbox.store import default_url, open_inbox

    url = default_url(environ)
    if not (yield from _exists("events", url, "none are stored")):
        return
    inbox = open_inbox(url)
    try:
        behind = [(name, waited) for name in inbox.readers() if (waited := inbox.oldest_waiting(name) or 0.0) > _LATE]
    finally:
        inbox.close()
    for name, waited in behind[:10]:
        advice = "start the reader of this name; events that it does not read are deleted after 30 days"
        yield Finding(f"reader {name}", Level.WATCH, f"an event has waited for it for {waited / 3600:.0f} h", advice)
    if not behind:
        yield Finding("events", Level.OK, "no reader is behind")


def _agents(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.agents.registry import FILE, VARIABLE, load_agents
    from unified_platform.catalog import capabilities

    path = Path(environ.get(VARIABLE) or FILE)
    if not path.exists():
        yield Finding("agents", Level.ABSENT, f"there is no {path}")
        return
    yield Finding("agents", Level.OK, f"{len(load_agents(path, capabilities.load()).names)} in {path}")


def _rate_limits(environ: Mapping[str, str]) -> Iterator[Finding]:
    from unified_platform.rate_limits import URL, default_url

    url = default_url(environ)
    if url is not None:
        yield _redis(url, f"start it, or correct {URL}")


# ----------------------------------------------------------------------------------------------------------- broker
def _broker(settings: str | None) -> Iterator[Finding]:
    if settings is None:
        return
    from unified_platform.broker.config import load

    config = load(settings)
    yield Finding("broker", Level.OK, f"{settings} is sound; it is reached at {config.address}")
    if config.workers > 1 and config.redis is None:
        message = f"{config.workers} workers count against vendors' limits each for itself"
        yield Finding("broker", Level.WATCH, message, "set redis = redis://…")
    if config.redis is not None:
        yield _redis(config.redis, "start it, or correct redis = in the broker's settings")
    if config.prices is not None:
        from unified_platform.usage import prices

        prices.load(config.prices)
    for hook in config.hooks:
        hook.declared()
        hook.secrets()
    for poll in config.polls:
        poll.checked()
    if config.hooks or config.polls:
        yield Finding("hooks and polls", Level.OK, f"{len(config.hooks)} and {len(config.polls)}")
    if not config.policies:
        yield Finding("policy", Level.WATCH, "the broker has no policy", "set policies = [FILE] in broker.toml; see docs/how-to/policy.md")


def _redis(url: str, advice: str) -> Finding:
    from unified_platform.common.extras import require_extra

    redis = require_extra("redis", "redis", "a rate limiter in Redis")
    client = redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
    try:
        client.ping()
    except redis.RedisError as error:
        return Finding("Redis", Level.WRONG, f"{_location(url)}: {error}", advice)
    finally:
        client.close()
    return Finding("Redis", Level.OK, _location(url))


# ------------------------------------------------------------------------------------------------------------ parts
def _permissions(about: str, url: str) -> Iterator[Finding]:
    """Check that only their owner can read files (0600) and their folder (0700)."""
    if "://" in url and not url.startswith("sqlite://"):
        return
    path = Path(url.removeprefix("sqlite://")).expanduser()
    for location, wanted in ((path, 0o077), (path.parent, 0o022)):
        mode = location.stat().st_mode & 0o777
        if mode & wanted:
            advice = f"chmod {'600' if location == path else '700'} {location}"
            yield Finding(f"file of {about}", Level.WRONG, f"{location} can be reached by others ({mode:04o})", advice)


def _location(url: str) -> str:
    """A URL without its password."""
    if "://" not in url:
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
