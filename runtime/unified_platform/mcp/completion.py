"""`completion/complete`: completion of vendor and model names in resource URIs."""

from __future__ import annotations

from typing import Any

from mcp.server.context import ServerRequestContext
from mcp_types import CompleteRequestParams, CompleteResult, Completion, ResourceTemplateReference

from unified_platform.catalog import capabilities
from unified_platform.mcp import resources

_NAMES = {resources.VENDOR_TEMPLATE: capabilities.vendor_names, resources.MODEL_TEMPLATE: resources.model_names}
_MOST = 100
"""Maximum values of a response."""


async def complete(ctx: ServerRequestContext[Any, Any], params: CompleteRequestParams) -> CompleteResult:
    """Return the names that begin with the given text. Arguments of prompts are free text, so they have no completions."""
    names = _NAMES.get(params.ref.uri) if isinstance(params.ref, ResourceTemplateReference) else None
    fitting = [name for name in names() if name.startswith(params.argument.value)] if names is not None else []
    return CompleteResult(completion=Completion(values=fitting[:_MOST], total=len(fitting), has_more=len(fitting) > _MOST))
