"""Tools of an agent for a framework: one for each operation, or three that search, read and run programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_platform.tools import Toolbox
from unified_platform.tools import tools as operation_tools

if TYPE_CHECKING:
    from unified_platform.programs import Limits, ProgramStore


def toolbox(*, programs: bool = False, program_store: ProgramStore | None = None, limits: Limits | None = None, **options: Any) -> Toolbox:
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
