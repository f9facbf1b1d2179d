"""Tools for language models: definitions to send with a prompt, and execution of the model's tool calls.

```python
from unified_platform import tools

mine = tools.tools(user="alice", toolsets=["tasks.read", "tasks.create"])
send = [tools.formats.openai(tool) for tool in mine]
result = mine["tasks_create"].call({"title": "Fix the auth bug", "project_id": "PROJ"})
```
"""

from unified_platform.tools import formats
from unified_platform.tools.definitions import Definition, definitions
from unified_platform.tools.discovery import DEFINITIONS, Discovery
from unified_platform.tools.file_addresses import FileAddresses
from unified_platform.tools.file_store import FileStore
from unified_platform.tools.results import Result
from unified_platform.tools.search import ToolSearch, search_operations
from unified_platform.tools.tool import Tool
from unified_platform.tools.toolbox import Toolbox, tools

__all__ = [
    "DEFINITIONS",
    "Definition",
    "Discovery",
    "FileAddresses",
    "FileStore",
    "Result",
    "Tool",
    "ToolSearch",
    "Toolbox",
    "definitions",
    "formats",
    "search_operations",
    "tools",
]
