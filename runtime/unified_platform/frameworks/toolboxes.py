"""Tools of an agent for a framework: one for each operation, or three that search, read and run programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypedDict, Unpack

from unified_platform.tools import Toolbox
from unified_platform.tools import tools as operation_tools

if TYPE_CHECKING:
    from unified_platform.catalog.toolsets import Toolset
    from unified_platform.programs import Limits, ProgramStore
    from unified_platform.tools.file_store import FileStore
    from unified_runtime import AsyncClient, Client, NotConnected


class ToolOptions(TypedDict, total=False):
    """Options of `unified_platform.tools.tools`, which explains them."""

    user: str | None
    team: str | None
    agent: str | None
    toolsets: Iterable[str] | str | Toolset | None
    vendors: Iterable[str] | None
    client: Client | None
    async_client: AsyncClient | None
    result_tokens: int
    page: int
    text: int
    fields: Mapping[str, Iterable[str]] | None
    files: FileStore | None
    unconnected: bool
    on_not_connected: Callable[[NotConnected], object] | None


class ToolboxOptions(ToolOptions, total=False):
    """Options of `toolbox`, which every framework's `tools` accepts."""

    programs: bool
    program_store: ProgramStore | None
    limits: Limits | None


def toolbox(
    *, programs: bool = False, program_store: ProgramStore | None = None, limits: Limits | None = None, **options: Unpack[ToolOptions]
) -> Toolbox:
    """Return the tools of an agent.

    Args:
        programs: instead of a tool for each operation, return the three tools of `unified_platform.programs`.
        program_store: stores paused and durable programs.
        limits: limits of each program.
        options: those of `unified_platform.tools.tools`.

    Raises:
        InvalidInput: an option is not valid.
    """
    made = operation_tools(**options)
    if not programs:
        return made
    from unified_platform.programs import program_tools

    return program_tools(made, store=program_store, limits=limits)
