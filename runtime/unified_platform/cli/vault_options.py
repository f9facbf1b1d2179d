"""Options of the commands that open the vault."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from unified_platform.vault.location import KEY, URL
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_platform.vault import SealedVault

F = TypeVar("F", bound=Callable[..., Any])


def vault_options(function: F) -> F:
    """Add `--vault`, `--vault-key` and `--tenant` to a command, which gets one function `opens`."""

    @click.option("--vault", "url", metavar="URL", help=f"The vault: a path, or postgresql://… By default {URL}, else a file of yours.")
    @click.option("--vault-key", "key", metavar="SOURCE", help=f"Where its key comes from: file:PATH, env:NAME, … By default {KEY}.")
    @click.option("--tenant", default=TENANT, show_default=True, help="Whose connections, where a vault serves several.")
    @functools.wraps(function)
    def command(*args: Any, url: str | None, key: str | None, tenant: str, **more: Any) -> Any:
        def opens(*, exist: bool = True) -> SealedVault:
            from unified_platform.vault import open_vault  # its libraries are an extra's

            return open_vault(url, key=key, tenant=tenant, exist=exist)

        return function(*args, opens=opens, **more)

    return command  # type: ignore[return-value]  # click replaces the signature at run time


Opens = Callable[..., "SealedVault"]
