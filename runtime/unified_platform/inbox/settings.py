"""What is received and what is asked for, as it stands in a configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from unified_platform import catalog
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean
from unified_runtime.webhooks import Webhooks, webhooks

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Hook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A webhook that was registered at a vendor. Its deliveries come to `/hooks/NAME`.

    Attributes:
        name: small letters, digits and `-`.
        vendor: whose.
        secret_env: names of environment variables that hold its secret; while it is rotated, of both secrets.
        user: whose connection the records are read with; those who may act for this user are told of its events.
    """

    name: str
    vendor: str
    secret_env: tuple[str, ...]
    user: str | None = None

    def declared(self) -> Webhooks:
        """What the vendor's deliveries are like.

        Raises:
            InvalidInput: the name cannot stand in an address, or no webhooks of this vendor are known.
        """
        _check(self.name)
        return webhooks(self.vendor)

    def secrets(self, environ: Mapping[str, str] = os.environ) -> tuple[Secret, ...]:
        """Raises:
        InvalidInput: there is none.
        """
        found = tuple(Secret(environ[name]) for name in self.secret_env if environ.get(name))
        if not found:
            told = " and ".join(self.secret_env) or "secret_env, which names none"
            raise InvalidInput(f"the hook {self.name!r} has no secret: set {told}")
        return found


class Poll(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list that is asked for regularly, for vendors that tell nothing by themselves.

    Attributes:
        name: small letters, digits and `-`; what was seen is kept under it.
        vendor: whose.
        resource: `tasks`, or another whose list takes `updated_after`.
        every: seconds between two.
        input: what else the list is asked with, such as `project_id`.
        user: whose connection is used, and who is told.
        agent: as which agent the list is asked for, which a policy may know.
    """

    name: str
    vendor: str
    resource: str
    every: float = 60.0
    input: dict[str, Any] = {}
    user: str | None = None
    agent: str = "poller"

    def checked(self) -> Poll:
        """The same.

        Raises:
            InvalidInput: it cannot be asked for.
        """
        _check(self.name)
        entries = {entry.name: entry for entry in catalog.load()}
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
                raise InvalidInput(f"the poll {self.name!r}: {self.resource}.list via {self.vendor} is not asked for by {given!r}")
        if self.every < 1:
            raise InvalidInput(f"the poll {self.name!r}: every must be at least a second")
        return self


def check_names(several: Iterable[Hook | Poll]) -> None:
    """Raises:
    InvalidInput: two have one name.
    """
    seen: set[str] = set()
    for one in several:
        if one.name in seen:
            raise InvalidInput(f"two are named {one.name!r}")
        seen.add(one.name)


def _check(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(f"{name!r} is no name of a hook or a poll: small letters, digits and - , at most 63")
