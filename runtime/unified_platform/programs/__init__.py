"""Programs: an agent writes Python against the typed API, and each call of it is governed like a tool call.

A program is checked against stubs before anything is sent, runs in a sandbox, and can be paused for an approval and resumed in another
process. See docs/how-to/programs.md.
"""

from unified_platform.programs.api import ProgramApi
from unified_platform.programs.limits import Limits
from unified_platform.programs.outcomes import Outcome
from unified_platform.programs.resumer import Resumer
from unified_platform.programs.runner import ProgramRunner
from unified_platform.programs.store import ProgramStore, open_program_store
from unified_platform.programs.tools import program_tools

__all__ = ["Limits", "Outcome", "ProgramApi", "ProgramRunner", "ProgramStore", "Resumer", "open_program_store", "program_tools"]
