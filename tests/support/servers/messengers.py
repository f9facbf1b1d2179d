"""A real messenger for the suite of common behavior: the same for every vendor, except for the vendor's own values."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import unified
from tests.support.servers.synapse import Synapse
from unified_runtime import AsyncClient, Client


@dataclass(frozen=True, slots=True)
class Messenger:
    """Connections of three people, a channel with all of them, and the differences of its vendor from others."""

    vendor: str
    values: Mapping[str, str]
    mine: Any = field(repr=False)
    """The user's credential; `others` is Wanda's, `limited` Larry's, who is rate limited."""
    others: Any = field(repr=False)
    limited: Any = field(repr=False)
    wrong: Any
    """A credential that is not valid."""
    me: str
    other: str
    channel: str
    paged: str
    """A channel with `count` messages called `Paged 1` and so on, and nothing else."""
    count: int
    unknown: str
    """A valid message id without a message."""

    def connect(self, client: Client | AsyncClient, credential: Any = None) -> None:
        client.connect(self.vendor, credential or self.mine, **self.values)

    @property
    def resources(self) -> dict[str, Any]:
        """Return this vendor's entry in the catalog."""
        text = (importlib.resources.files("unified.catalog") / f"{self.vendor}.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)["resources"]
        return found

    def reads(self, resource: str, field: str) -> bool:
        return bool(self.resources[resource]["fields"].get(field, {"read": False})["read"])


def of_synapse(server: Synapse) -> Messenger:
    return Messenger(
        vendor="matrix",
        values={"url": server.url},
        mine=unified.bearer(server.token),
        others=unified.bearer(server.other_token),
        limited=unified.bearer(server.limited_token),
        wrong=unified.bearer("syt_nobody_00000000000000000000_000000"),
        me=server.me,
        other=server.other,
        channel=server.room,
        paged=server.paged_room,
        count=server.paged,
        unknown=f"{server.room}/${'0' * 43}",
    )
