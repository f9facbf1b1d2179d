"""Every operation of vendors' documents, by vendor, async. Written by `gen build`; do not edit.

from unified.aio.api import jira

await jira.issues.get_issue("PROJ-7")
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified_runtime.toolkits.api import Api


def __getattr__(name: str) -> Api:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from unified_runtime.client import current
    from unified_runtime.core.errors import InvalidInput
    from unified_runtime.toolkits.api import api

    try:
        return api(name, current.async_client)
    except InvalidInput as error:
        raise AttributeError(error.message) from None


def __dir__() -> list[str]:
    from unified_runtime.toolkits.registry import names

    return [name.replace("-", "_") for name in names()]
