"""Webhooks that were registered at vendors by their APIs, as the vault stores them."""

from __future__ import annotations

from dataclasses import dataclass

from unified_runtime.core.credentials import Secret


@dataclass(frozen=True, slots=True)
class Subscription:
    """Registration at the vendor.

    `scope` is what it is about, such as a repository; `events` are unified ones, all if empty. `id` is the vendor's, None until the vendor
    has confirmed it. `secret` proves its deliveries; None until the vendor has returned the one that it chose. `registered_at` is the time
    of the last confirmation in seconds since 1970.
    """

    scope: str | None
    events: tuple[str, ...] = ()
    id: str | None = None
    secret: Secret | None = None
    registered_at: float = 0.0


@dataclass(frozen=True, slots=True)
class RegisteredHook:
    """Webhook under one name: a vendor, the address of its deliveries, the user of its connection, and its registrations."""

    name: str
    vendor: str
    url: str
    user: str | None = None
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets of its registrations."""
        return tuple(dict.fromkeys(one.secret for one in self.subscriptions if one.secret is not None))

    @property
    def is_pending(self) -> bool:
        """True if the vendor may sign with a secret that is not known yet."""
        return any(one.secret is None for one in self.subscriptions)
