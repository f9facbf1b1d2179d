"""The policies to start from, as texts."""

from __future__ import annotations

import importlib.resources
from typing import Literal

from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean

PACKAGE = "unified_platform.policy.starts"
GRANTS = ("anything", "own-records", "projects", "read-only")
LIMITS = ("amount-cap", "no-delete", "working-hours")
NAMES = (*GRANTS, *LIMITS)
Language = Literal["cedar", "rego"]


def text(name: str, language: Language = "cedar") -> str:
    """The policy of that name.

    Raises:
        InvalidInput: there is none.
    """
    if name not in NAMES:
        raise InvalidInput(f"there is no policy {name!r} to start from{did_you_mean(name, NAMES)}; there are {', '.join(NAMES)}")
    return importlib.resources.files(PACKAGE).joinpath(f"{name}.{language}").read_text(encoding="utf-8")


def summary(name: str) -> str:
    """What a policy does, by the comment it begins with."""
    return text(name).splitlines()[0].removeprefix("// ")
