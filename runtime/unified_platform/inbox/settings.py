"""Settings of webhooks and polls, as in a configuration file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from unified_platform.catalog import capabilities
from unified_runtime.adapter_api.webhooks import Webhooks, webhooks
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Hook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Webhook that was registered at a vendor. Its deliveries arrive at `/hooks/NAME`.

    Attributes:
        name: lower-case letters, digits and `-`.
        vendor: vendor of the webhook.
        secret_env: names of environment variables with its secret; with both secrets during a rotation.
        user: user whose connection reads the records; agents that may act for this user get its events.
    """

    name: str
    vendor: str
    secret_env: tuple[str, ...]
    user: str | None = None

    def declared(self) -> Webhooks:
        """Return the description of the vendor's deliveries.

        Raises:
            InvalidInput: the name is not valid in a URL, or webhooks of this vendor are not supported.
        """
        _check(self.name)
        return webhooks(self.vendor)

    def secrets(self, environ: Mapping[str, str] = os.environ) -> tuple[Secret, ...]:
        """Return the secrets from the environment.

        Raises:
            InvalidInput: there is none.
        """
        found = tuple(Secret(environ[name]) for name in self.secret_env if environ.get(name))
        if not found:
            data = " and ".join(self.secret_env) or "secret_env, which names none"
            raise InvalidInput(f"the hook {self.name!r} has no secret: set {data}")
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
        _check(self.name)
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


def check_names(several: Iterable[Hook | Poll]) -> None:
    """Check that names are unique.

    Raises:
        InvalidInput: two have the same name.
    """
    seen: set[str] = set()
    for one in several:
        if one.name in seen:
            raise InvalidInput(f"two are named {one.name!r}")
        seen.add(one.name)


def _check(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(f"{name!r} is not a valid name of a hook or a poll: small letters, digits and - , at most 63")
