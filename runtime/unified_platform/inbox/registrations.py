"""Registration of webhooks at vendors by their APIs, with secrets that are stored in the vault.

A registration is found by the vendor's id or its address, and changed rather than made a second time. A generated secret is in the vault
before the vendor has it, so that the first delivery can be verified. Until a secret that the vendor chooses is stored, receivers respond
to its deliveries with 503, and it sends them again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from unified import webhook_subscriptions
from unified_platform.catalog import capabilities
from unified_platform.connections.errors import VaultDamaged
from unified_platform.connections.registered_hooks import RegisteredHook, Subscription
from unified_platform.inbox.settings import check_name, pollable
from unified_runtime import Client, acting, using
from unified_runtime.adapter_api.webhooks import has_webhooks, webhooks
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    Unsupported,
    VendorProtocolError,
)
from unified_runtime.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from unified.models.webhook_subscriptions import WebhookSubscription
    from unified_platform.vault import SealedVault

RESOURCE = "webhook_subscriptions"
LEASE = 120.0
"""Seconds for which one process registers a hook while others wait."""
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def register(
    vendor: str,
    url: str,
    *,
    vault: SealedVault,
    client: Client | None = None,
    scope: str | None = None,
    events: Iterable[str] = (),
    user: str | None = None,
    name: str | None = None,
    secret: Secret | None = None,
    fresh: float = 0.0,
) -> RegisteredHook:
    """Register a webhook at a vendor, or change the one that is registered there for the same address and scope.

    Args:
        url: address of deliveries: `https://broker.example.com/hooks/NAME`.
        vault: vault that stores the secret.
        client: makes the calls; by default one with the connections of the vault.
        scope: what the webhook is about, as the vendor requires it: a repository, project, team or board.
        events: `task.created` and the like; by default all that are known of the vendor.
        user: user whose connection registers it, and later reads the records.
        name: name of the hook; by default the last part of the address.
        secret: secret that proves deliveries. By default it is generated, or the vendor chooses it. Needed for a vendor that signs with
            the secret of its application, such as Trello.
        fresh: seconds for which a registration with the same address and events is not confirmed again.

    Raises:
        Unsupported: the vendor's API registers no webhooks.
        InvalidInput: an argument is not valid, or a hook of this name belongs to another vendor or user.
        UnifiedError: a call failed, or the vault cannot be used.
    """
    hook = RegisteredHook(_name(url, name), vendor, url, user)
    offered, wanted = _wanted(vendor, scope, events, secret)
    with vault.lease(f"hook {hook.name}", LEASE, wait=LEASE):
        stored = _stored(vault, hook.name)
        if stored is not None and (stored.vendor, stored.user) != (vendor, user):
            raise InvalidInput(
                f"the hook {hook.name!r} is one of {stored.vendor}, for user {stored.user}: unregister it first, or choose a name"
            )
        known = _of_scope(stored, scope)
        if stored is not None and known is not None and _is_fresh(stored, known, url, wanted, secret, fresh):
            return stored
        signing = _signing(vendor, secret, stored, known)
        pending = replace(wanted, id=None if known is None else known.id, secret=signing)
        vault.hooks.put(_with(replace(hook, subscriptions=() if stored is None else stored.subscriptions), pending))
        try:
            with using(client or Client(vault=vault.source())), acting(user=user, via=vendor):
                record = _registered(vendor, url, pending, offered.operations)
        except (Unconfirmed, Unavailable):
            raise  # the vendor may have it
        except UnifiedError as error:
            _restore(vault, hook.name, stored)
            if isinstance(error, (Forbidden, NotFound)):  # GitHub responds with 404 to a token without the scope
                error.message += _needed(offered.operations)
            raise
        if _chosen_by(offered) == "vendor" and record.secret:
            signing = Secret(record.secret)
        if signing is None:
            raise VendorProtocolError(f"{vendor} has registered the webhook {record.id}, and did not return its secret", vendor=vendor)
        confirmed = replace(pending, id=record.id, secret=signing, registered_at=time.time())
        found = _with(replace(hook, subscriptions=() if stored is None else stored.subscriptions), confirmed)
        vault.hooks.put(found)
        return found


def unregister(name: str, *, vault: SealedVault, client: Client | None = None, scope: str | None = None) -> int:
    """Remove the registrations of a hook at its vendor, or that of one scope, and their secrets. Return how many there were.

    A registration that the vendor no longer has counts as removed.

    Raises:
        NotFound: the hook does not exist, or is not registered for this scope.
        UnifiedError: a call failed; the registration is stored as before.
    """
    with vault.lease(f"hook {name}", LEASE, wait=LEASE):
        stored = vault.hooks.get(name)
        if stored is None:
            raise NotFound(f"no webhook is registered as {name!r}{did_you_mean(name, [one.name for one in vault.hooks.all()])}")
        removed = [one for one in stored.subscriptions if scope is None or one.scope == scope]
        if not removed:
            raise NotFound(f"the hook {name!r} has no registration of {scope!r}")
        for one in removed:
            with using(client or Client(vault=vault.source())), acting(user=stored.user, via=stored.vendor):
                _remove(stored, one)
            stored = replace(stored, subscriptions=tuple(each for each in stored.subscriptions if each != one))
            _restore(vault, name, stored if stored.subscriptions else None)
        return len(removed)


def check_registration(
    vendor: str, url: str, *, scope: str | None = None, events: Iterable[str] = (), secret: Secret | None = None
) -> None:
    """Check the arguments of `register`, without a call.

    Raises:
        Unsupported: the vendor's API registers no webhooks.
        InvalidInput: an argument is not valid.
    """
    _name(url, None)
    offered, _ = _wanted(vendor, scope, events, secret)
    if secret is None and _chosen_by(offered) == "application":
        raise _without_secret(vendor)


def registration_scopes(vendor: str) -> tuple[str, ...] | None:
    """Return the OAuth scopes that registering and removing webhooks of a vendor need; None if its API registers none."""
    resource = capabilities.vendor(vendor, capabilities.load_internal()).resources.get(RESOURCE)
    return None if resource is None else _scopes(resource.operations)


def _scopes(offered: Mapping[str, capabilities.Operation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope for operation in offered.values() for scope in operation.scopes))


def _needed(offered: Mapping[str, capabilities.Operation]) -> str:
    """Return what a user and a connection need to register webhooks, for the end of a message."""
    scopes = ", ".join(_scopes(offered))
    return f". Registering webhooks needs {f'the scopes {scopes}, and ' if scopes else ''}a user who may administer what they are about"


def _wanted(vendor: str, scope: str | None, events: Iterable[str], secret: Secret | None) -> tuple[capabilities.Resource, Subscription]:
    """Return the resource that registers webhooks of a vendor, and the registration to make."""
    offered = _offered(vendor)
    create = offered.operations["create"]
    if scope is None and "scope_id" in create.requires:
        raise InvalidInput(f"a webhook of {vendor} is about one repository, project, team or board: give its id as scope", vendor=vendor)
    if scope is not None and "scope_id" not in create.inputs:
        raise InvalidInput(f"a webhook of {vendor} is about the account: leave scope out", vendor=vendor)
    if secret is not None and _chosen_by(offered) == "vendor":
        raise InvalidInput(f"{vendor} chooses the secrets of its webhooks: leave secret out", vendor=vendor)
    return offered, Subscription(scope, _events(vendor, events, "events" in create.inputs))


def _chosen_by(offered: capabilities.Resource) -> Literal["registration", "vendor", "application"]:
    """Return whose secret proves deliveries: one sent with the registration, one that the vendor returns, or that of an application."""
    if "secret" in offered.operations["create"].inputs:
        return "registration"
    return "application" if "secret" in offered.unsupported else "vendor"


def _signing(vendor: str, given: Secret | None, stored: RegisteredHook | None, known: Subscription | None) -> Secret | None:
    """Return the secret of a registration before it is made: None if the vendor has yet to choose it."""
    by = _chosen_by(_offered(vendor))
    before = None if known is None else known.secret
    if by == "vendor":
        return before
    others = () if stored is None else stored.secrets
    found = given or before or next(iter(others), None)
    if found is None and by == "application":
        raise _without_secret(vendor)
    return found or Secret(secrets.token_urlsafe(32))


def _without_secret(vendor: str) -> InvalidInput:
    return InvalidInput(
        f"{vendor} signs webhooks with the secret of its application: give secret (--secret-env NAME; secret_env in a broker's settings)",
        vendor=vendor,
    )


def _offered(vendor: str) -> capabilities.Resource:
    """Return the resource that registers webhooks of a vendor.

    Raises:
        InvalidInput: the vendor is unknown.
        Unsupported: its API registers none.
    """
    entries = capabilities.load_internal()
    entry = capabilities.vendor(vendor, entries)
    if RESOURCE in entry.resources:
        return entry.resources[RESOURCE]
    instead = ["register the address in its settings"] if has_webhooks(vendor) else []
    if lists := ", ".join(pollable(entry)):
        instead.append(f"poll its lists of {lists} ([[polls]] in the settings of the broker)")
    able = ", ".join(one.name for one in entries if RESOURCE in one.resources)
    raise Unsupported(
        f"webhooks of {entry.title} cannot be registered by its API: {', or '.join(instead) or 'its lists cannot be polled either'}. "
        f"Vendors with such an API: {able}",
        vendor=vendor,
    )


def _name(url: str, name: str | None) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise InvalidInput(f"{url!r} is not a valid address of deliveries, such as https://broker.example.com/hooks/NAME")
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise InvalidInput(f"deliveries to {url} would travel unencrypted: use https")
    found = name or parts.path.rstrip("/").rpartition("/")[2]
    check_name(found)
    return found


def _events(vendor: str, events: Iterable[str], selectable: bool) -> tuple[str, ...]:
    declared = webhooks(vendor)
    found = tuple(dict.fromkeys(events))
    for one in found:
        if not selectable or not declared.subscriptions:
            raise InvalidInput(f"a webhook of {vendor} gets all events: leave events out", vendor=vendor)
        if one not in declared.subscriptions:
            known = ", ".join(declared.subscriptions)
            raise InvalidInput(
                f"{vendor} has no event {one!r}{did_you_mean(one, declared.subscriptions)}; there are {known}", vendor=vendor
            )
    return found


def _stored(vault: SealedVault, name: str) -> RegisteredHook | None:
    """Return the stored hook. One that was altered is made again, with a new secret."""
    try:
        return vault.hooks.get(name)
    except VaultDamaged:
        return None


def _of_scope(stored: RegisteredHook | None, scope: str | None) -> Subscription | None:
    return next((one for one in stored.subscriptions if one.scope == scope), None) if stored is not None else None


def _is_fresh(stored: RegisteredHook, known: Subscription, url: str, wanted: Subscription, secret: Secret | None, fresh: float) -> bool:
    same = stored.url == url and known.id is not None and known.events == wanted.events and secret in {None, known.secret}
    return same and known.registered_at > time.time() - fresh


def _with(hook: RegisteredHook, one: Subscription) -> RegisteredHook:
    return replace(hook, subscriptions=(*(each for each in hook.subscriptions if each.scope != one.scope), one))


def _restore(vault: SealedVault, name: str, stored: RegisteredHook | None) -> None:
    if stored is None:
        vault.hooks.delete(name)
    else:
        vault.hooks.put(stored)


def _registered(vendor: str, url: str, wanted: Subscription, offered: Mapping[str, capabilities.Operation]) -> WebhookSubscription:
    """Register a webhook, or change the registration that exists; return it."""
    declared = webhooks(vendor).subscriptions
    names = tuple(dict.fromkeys(name for event in wanted.events or declared for name in declared[event]))
    given: dict[str, Any] = {"url": url, "active": True, "events": names or None, "secret": wanted.secret and wanted.secret.reveal()}
    scope = {} if wanted.scope is None else {"scope_id": wanted.scope}
    existing = _found(url, wanted)
    if existing is None:
        return webhook_subscriptions.create(**_accepted(given | scope, offered["create"]))
    if "update" in offered:  # all of it: GitHub forgets what is left out
        return webhook_subscriptions.update(existing.id, **_accepted(given, offered["update"]))
    return existing


def _accepted(given: dict[str, Any], operation: capabilities.Operation) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None and name in operation.inputs}


def _found(url: str, wanted: Subscription) -> WebhookSubscription | None:
    """Return the registration at the vendor: that of the known id, else one with the address."""
    if wanted.scope is None:  # another registration may be about one of the account's teams
        records = [one for one in webhook_subscriptions.list() if one.scope_id is None]
    else:
        records = [*webhook_subscriptions.list(scope_id=wanted.scope)]
    return next((one for one in records if one.id == wanted.id), None) or next((one for one in records if one.url == url), None)


def _remove(hook: RegisteredHook, one: Subscription) -> None:
    try:
        id = one.id
        if id is None and (found := _found(hook.url, one)) is not None:
            id = found.id
        if id is not None:
            webhook_subscriptions.delete(id)
    except NotFound:
        return
