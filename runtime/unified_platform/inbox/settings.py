"""Settings of webhooks and polls, as in a configuration file."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from unified_platform.catalog import capabilities
from unified_runtime.adapter_api.webhooks import Webhooks, webhooks
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Hook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Webhook of a vendor. Its deliveries arrive at `/hooks/NAME`.

    Attributes:
        name: lower-case letters, digits and `-`.
        vendor: vendor of the webhook.
        secret_env: names of environment variables with its secret; with both secrets during a rotation. Not needed for a hook that is
            registered by the vendor's API: its secret is in the vault.
        user: user whose connection reads the records; agents that may act for this user get its events.
        register: register it at the vendor when the broker starts.
        scopes: what it is registered about, each for itself: repositories, projects, teams or boards.
        events: `task.created` and the like, which it is registered for; all if empty.
    """

    name: str
    vendor: str
    secret_env: tuple[str, ...] = ()
    user: str | None = None
    register: bool = False
    scopes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def declared(self) -> Webhooks:
        """Return the description of the vendor's deliveries.

        Raises:
            InvalidInput: the name is not valid in a URL, or webhooks of this vendor are not supported.
        """
        check_name(self.name)
        return webhooks(self.vendor)

    def secrets(self, environ: Mapping[str, str] = os.environ) -> tuple[Secret, ...]:
        """Return the secrets from the environment.

        Raises:
            InvalidInput: there is none, and it is not registered with a secret in the vault.
        """
        if not self.register and (self.scopes or self.events):
            raise InvalidInput(f"the hook {self.name!r}: scopes and events have no effect without register = true")
        found = tuple(Secret(environ[name]) for name in self.secret_env if environ.get(name))
        if not found and (self.secret_env or not self.register):
            data = " and ".join(self.secret_env) or "secret_env, which names none"
            raise InvalidInput(f"the hook {self.name!r} has no secret: set {data}, or register = true")
        return found


class Poll(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """List that is polled regularly, for vendors without webhooks.

    Attributes:
        name: lower-case letters, digits and `-`; seen records are stored under it.
        vendor: vendor to poll.
        resource: `tasks`, or another whose list accepts `updated_after`.
        every: seconds between two polls.
        input: other arguments of the list, such as `project_id`.
        user: user whose connection is used, and whose agents get the events.
        agent: agent as which the list is requested, which a policy may depend on.
    """

    name: str
    vendor: str
    resource: str
    every: float = 60.0
    input: dict[str, Any] = {}
    user: str | None = None
    agent: str = "poller"

    def checked(self) -> Poll:
        """Return the poll after checking it.

        Raises:
            InvalidInput: the list cannot be polled.
        """
        check_name(self.name)
        entries = {entry.name: entry for entry in capabilities.load()}
        entry = entries.get(self.vendor)
        if entry is None:
            raise InvalidInput(f"the poll {self.name!r}: there is no vendor {self.vendor!r}{did_you_mean(self.vendor, entries)}")
        resource = entry.resources.get(self.resource)
        if resource is None or "list" not in resource.operations:
            near = did_you_mean(self.resource, entry.resources)
            raise InvalidInput(f"the poll {self.name!r}: {entry.title} lists no {self.resource}{near}")
        taken = resource.operations["list"].inputs
        if "updated_after" not in taken:
            raise InvalidInput(f"the poll {self.name!r}: {entry.title} does not list {self.resource} by when they were updated")
        for given in self.input:
            if given == "updated_after" or given not in taken:
                raise InvalidInput(f"the poll {self.name!r}: {self.resource}.list via {self.vendor} is not polled by {given!r}")
        if self.every < 1:
            raise InvalidInput(f"the poll {self.name!r}: every must be at least a second")
        return self


class Push(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Application that gets events at its URL.

    Attributes:
        name: lower-case letters, digits and `-`; the position of the push is stored under it.
        url: address of the application. Plain `http` only on this machine, unless `plaintext` is set.
        secret_env: names of environment variables with its secret, `whsec_` and 24 to 64 bytes in Base64; with both during a rotation.
        types: `task.created` and the like; all if empty.
        record: include the record in an event, read with the permissions of `agent`.
        others: leave out events that the connection's own account caused.
        agent: agent as which records are read, which a policy may depend on.
        plaintext: allow `http` in a private network.
    """

    name: str
    url: str
    secret_env: tuple[str, ...]
    types: tuple[str, ...] = ()
    record: bool = True
    others: bool = False
    agent: str = "pusher"
    plaintext: bool = False

    @property
    def reader(self) -> str:
        """Name of the reader of the inbox; no agent's reader has such a name."""
        return f"push:{self.name}"

    def checked(self) -> Push:
        """Return the push after checking it.

        Raises:
            InvalidInput: the name or the URL is not valid.
        """
        check_name(self.name)
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or parts.fragment:
            raise InvalidInput(f"the push {self.name!r}: {self.url!r} is not a valid URL, such as https://app.example.com/events")
        if parts.scheme == "http" and not self.plaintext and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise InvalidInput(f"the push {self.name!r}: use https, or set plaintext = true in a private network")
        return self

    def keys(self, environ: Mapping[str, str] = os.environ) -> tuple[bytes, ...]:
        """Return the keys of its secrets.

        Raises:
            InvalidInput: the secret is missing, or not valid.
        """
        found = [environ[name] for name in self.secret_env if environ.get(name)]
        if not found:
            raise InvalidInput(f"the push {self.name!r} has no secret: set {' and '.join(self.secret_env) or 'secret_env'}")
        return tuple(self._key(one) for one in found)

    def _key(self, secret: str) -> bytes:
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError:
            key = b""
        if not secret.startswith("whsec_") or not 24 <= len(key) <= 64:
            raise InvalidInput(f"the secret of the push {self.name!r} is not valid: use whsec_ and 24 to 64 bytes in Base64")
        return key


def pollable(entry: capabilities.Entry) -> list[str]:
    """Return the resources of a vendor that can be polled: their lists accept `updated_after`."""
    return [name for name, one in entry.resources.items() if "list" in one.operations and "updated_after" in one.operations["list"].inputs]


def check_names(several: Iterable[Hook | Poll | Push]) -> None:
    """Check that names are unique.

    Raises:
        InvalidInput: two have the same name.
    """
    seen: set[str] = set()
    for one in several:
        if one.name in seen:
            raise InvalidInput(f"two are named {one.name!r}")
        seen.add(one.name)


def check_name(name: str) -> None:
    """Check the name of a hook, poll or push.

    Raises:
        InvalidInput: it is not valid.
    """
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(f"{name!r} is not a valid name of a hook, poll or push: small letters, digits and - , at most 63")
