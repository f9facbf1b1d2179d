"""`completion/complete`: the names of vendors and models, while a URI is being written."""

from __future__ import annotations

from typing import Any

from mcp.server.context import ServerRequestContext
from mcp_types import CompleteRequestParams, CompleteResult, Completion, ResourceTemplateReference

from unified_platform.mcp import reading

_NAMES = {reading.VENDOR_TEMPLATE: reading.vendor_names, reading.MODEL_TEMPLATE: reading.model_names}
_MOST = 100
"""Values that an answer may hold."""


async def complete(ctx: ServerRequestContext[Any, Any], params: CompleteRequestParams) -> CompleteResult:
    """The names that begin with what was written. Arguments of prompts are free text, so nothing is proposed for them."""
    names = _NAMES.get(params.ref.uri) if isinstance(params.ref, ResourceTemplateReference) else None
    fitting = [name for name in names() if name.startswith(params.argument.value)] if names is not None else []
    return CompleteResult(completion=Completion(values=fitting[:_MOST], total=len(fitting), has_more=len(fitting) > _MOST))
