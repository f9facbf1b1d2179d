"""Texts of the starter policies."""

from __future__ import annotations

import importlib.resources
from typing import Literal

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

PACKAGE = "unified_platform.policy.starters"
GRANTS = ("anything", "own-records", "projects", "read-only")
LIMITS = ("amount-cap", "no-delete", "working-hours")
NAMES = (*GRANTS, *LIMITS)
Language = Literal["cedar", "rego"]


def text(name: str, language: Language = "cedar") -> str:
    """Return the starter policy with this name.

    Raises:
        InvalidInput: there is no such policy.
    """
    if name not in NAMES:
        raise InvalidInput(f"there is no policy {name!r} to start from{did_you_mean(name, NAMES)}; there are {', '.join(NAMES)}")
    return importlib.resources.files(PACKAGE).joinpath(f"{name}.{language}").read_text(encoding="utf-8")


def summary(name: str) -> str:
    """Return the summary of a policy: the comment at its beginning."""
    return text(name).splitlines()[0].removeprefix("// ")
