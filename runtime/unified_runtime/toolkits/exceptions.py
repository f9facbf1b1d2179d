"""Corrections of a toolkit: facts that the document of a vendor lacks, or states wrongly."""

from __future__ import annotations

import msgspec

from unified_runtime.core.policy_decisions import Effect


class Exceptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Corrections of a toolkit, compiled from `specs/<vendor>/toolkit.yaml`.

    Attributes:
        effects: effects of operations whose names mislead.
        hidden: parameters that the connection provides, such as a token; models and callers do not see them.
        excluded: operations that are not offered.
        title: the vendor's name for people.
        base_url: the server, if the document names none, or a placeholder. It may have connection values: `https://{site}.example.com`.
    """

    effects: dict[str, Effect] = {}
    hidden: list[str] = []
    excluded: list[str] = []
    title: str = ""
    base_url: str = ""


NO_EXCEPTIONS = Exceptions()
