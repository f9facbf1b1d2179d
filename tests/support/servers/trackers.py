"""A real tracker for the suite of common behavior: the same for every vendor, except for the vendor's own values."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import unified
from tests.support.servers.redmine import Redmine
from tests.support.servers.roundup import Roundup
from unified_runtime import AsyncClient, Client


@dataclass(frozen=True, slots=True)
class Tracker:
    """A connection, the users and records of its account, and the differences of its vendor from others."""

    vendor: str
    url: str
    credential: Any = field(repr=False)
    wrong: Any
    """A credential that is not valid."""
    values: Mapping[str, str]
    me: str
    worker: str
    """Another user, who can be assigned."""
    place: Mapping[str, str]
    """Inputs of a new task that determine its project."""
    paged: Mapping[str, str]
    """A filter that selects `count` tasks called `Paged 1` and so on, more than two pages."""
    count: int
    known: Mapping[str, Any]
    """Values of fields for which the vendor has values of its own."""
    versioned: bool
    """True if a write contains the version that it is based on."""
    scheme: str | None = None

    def connect(self, client: Client | AsyncClient, credential: Any = None) -> None:
        client.connect(self.vendor, credential or self.credential, scheme=self.scheme, **self.values)

    @property
    def resources(self) -> dict[str, Any]:
        """Return this vendor's entry in the catalog."""
        text = (importlib.resources.files("unified.catalog") / f"{self.vendor}.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)["resources"]
        return found

    def writes(self, field: str, operation: str) -> bool:
        return operation in self.resources["tasks"]["fields"].get(field, {"write": ()})["write"]

    def reads(self, field: str) -> bool:
        return bool(self.resources["tasks"]["fields"].get(field, {"read": False})["read"])


def of_redmine(server: Redmine) -> Tracker:
    project = str(server.project_id)
    return Tracker(
        vendor="redmine",
        url=server.url,
        credential=unified.api_key(server.key),
        wrong=unified.api_key("0" * 39 + "1"),
        values={"url": server.url},
        scheme="ApiKey",
        me=str(server.admin_id),
        worker=str(server.worker_id),
        place={"project_id": project},
        paged={"project_id": str(server.paged_project_id)},
        count=server.paged,
        known={"type": "Feature"},
        versioned=False,
    )


def of_roundup(server: Roundup) -> Tracker:
    return Tracker(
        vendor="roundup",
        url=server.url,
        credential=unified.basic(server.admin, server.password),
        wrong=unified.basic("nobody", "nothing"),
        values={"url": server.url, "username": server.admin},
        me=str(server.admin_id),
        worker=str(server.user_id),
        place={},
        paged={"assignee_id": str(server.paged_user_id)},
        count=server.paged,
        known={"labels": ["red", "green"]},  # in the order of their ids
        versioned=True,
    )
