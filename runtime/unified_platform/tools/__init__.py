"""Tools for language models: what an agent may do, as definitions to send with a prompt and calls to make of the answers.

```python
from unified_platform import tools

mine = tools.tools(user="alice", toolsets=["tasks.read", "tasks.create"])
send = [tools.dialects.openai(tool) for tool in mine]
result = mine["tasks_create"].call({"title": "Fix the auth bug", "project_id": "PROJ"})
```
"""

from unified_platform.tools import dialects
from unified_platform.tools.definitions import Definition, definitions
from unified_platform.tools.discovery import DEFINITIONS, Discovery
from unified_platform.tools.results import Result
from unified_platform.tools.search import Search
from unified_platform.tools.tool import Tool
from unified_platform.tools.toolbox import Toolbox, tools

__all__ = ["DEFINITIONS", "Definition", "Discovery", "Result", "Search", "Tool", "Toolbox", "definitions", "dialects", "tools"]
