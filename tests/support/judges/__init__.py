"""Independent judges of requests: each uses a vendor's complete OpenAPI document, and neither the mappings nor the compiler.

Three code bases, because each misses something: Prism (AJV), openapi-core (python jsonschema) and a closed-world check
(jsonschema-rs) that also rejects every name the document does not declare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it leaves the process. `target` is path and query, percent-encoded, relative to the document's server."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Judge(Protocol):
    """`name` identifies the judge in a failure; `verdict` returns the reasons to reject a request, none if it is accepted."""

    name: str

    def verdict(self, request: Request) -> list[str]: ...
