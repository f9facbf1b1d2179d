"""The tools of a document as a toolkit of the user's registry, with schemas to three levels, as JSON in a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from unified_platform.tools.tool import ToolContext
from unified_platform.tools.toolkit_tools import ToolkitTool
from unified_runtime.toolkits import adding

document, result = sys.argv[1:]
toolkit = adding.add("document", Path(document).read_bytes(), document, replace=True)
tools = [ToolkitTool(toolkit, operation, ToolContext()) for operation in toolkit]
Path(result).write_text(json.dumps([[tool.name, tool.description, tool.parameters] for tool in tools]))
