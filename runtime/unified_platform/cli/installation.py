"""Stores of an installation, as commands that work on all of them open them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from unified_platform.cli import output
from unified_platform.common.retention import DAY
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_platform.broker.config import Config
    from unified_platform.erasure import Stores


def report_absent(absent: Mapping[str, str]) -> None:
    """Print the stores that do not exist, in which nothing is deleted."""
    for name, url in absent.items():
        click.echo(f"{name}: there is no {output.printable(url)}", err=True)


def open_stores(config: Config, opened: ExitStack) -> tuple[Stores, dict[str, str]]:
    """Open the stores of an installation, with the retention of the settings. Return them, and the paths of those that do not exist.

    Raises:
        InvalidInput: none of them exists, or a setting is not valid.
        UnifiedError: one cannot be opened.
    """
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.audit import database as control_database
    from unified_platform.audit.chain_keys import open_audit_log
    from unified_platform.broker.agent_keys import KeyStore
    from unified_platform.broker.database import open_store
    from unified_platform.broker.sessions import LoginSessions
    from unified_platform.erasure import Stores
    from unified_platform.idempotency import store as idempotency
    from unified_platform.inbox import store as inbox
    from unified_platform.programs import store as programs
    from unified_platform.sagas import location as sagas
    from unified_platform.store.urls import exists as store_exists
    from unified_platform.usage import store as usage
    from unified_platform.vault import location, open_vault

    tenant = config.tenant or TENANT
    retention = config.retained()
    parts: dict[str, Any] = {}
    absent: dict[str, str] = {}

    def exists(name: str, url: str) -> bool:
        if not store_exists(url):
            absent[name] = url
        return name not in absent

    if exists("vault", url := config.vault or location.default_url()):
        parts["vault"] = vault = open_vault(url, key=config.vault_key, tenant=tenant)
        opened.callback(vault.close)
    if exists("programs", url := config.programs or programs.default_url()):
        parts["programs"] = programs.open_program_store(url, key=config.vault_key, retention=retention.programs * DAY)
    if exists("sagas", url := config.sagas or sagas.default_url()):
        from unified_platform.sagas.inspection import open_inspector

        parts["sagas"] = opened.enter_context(open_inspector(url))
    if exists("idempotency", url := config.idempotency or idempotency.default_url()):
        parts["idempotency"] = idempotency.open_idempotency_store(url, retention=retention.idempotency * DAY)
    if exists("inbox", url := config.inbox or inbox.default_url()):
        parts["inbox"] = inbox.open_inbox(url, tenant=tenant, retention=retention.inbox * DAY)
        opened.callback(parts["inbox"].close)
    if exists("usage", url := usage.default_url_beside(config.control, config.usage)):
        parts["usage"] = usage.open_usage_store(url, retention=retention)
    if exists("control", url := config.control or control_database.default_url()):
        database = open_store(url)
        roots = () if config.vault_key is None else (config.vault_key,)
        parts["audit"] = audit = open_audit_log(database, *roots, heads=config.audit_heads, tenant=tenant)
        parts["approvals"] = ApprovalStore(database, tenant=tenant, audit=audit, retain=retention.approvals * DAY)
        keys, people = KeyStore(database), LoginSessions(database, tenant)
        parts["others"] = {
            "agent keys": lambda user, dry_run: keys.erase(user, tenant=tenant, dry_run=dry_run),
            "sessions": lambda user, dry_run: people.erase(user, dry_run=dry_run),
        }
        opened.callback(database.close)
        opened.callback(audit.close)
    for name in ("programs", "idempotency", "usage"):
        if name in parts:
            opened.callback(parts[name].close)
    if not parts:
        raise InvalidInput("none of the stores exists: name the broker's settings (--config broker.toml), or the stores (UNIFIED_VAULT, …)")
    return Stores(**parts), absent
