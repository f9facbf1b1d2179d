"""Operations of the catalog by name."""

from __future__ import annotations

import functools
import importlib
from typing import Any

from unified_platform.catalog import capabilities
from unified_runtime.client import current
from unified_runtime.client.operations import Downloading, Listing, Operation
from unified_runtime.core import vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.private_vendors import resource_package
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.operations import ToolkitOperation
from unified_runtime.toolkits.raw_requests import RawRequest, is_raw, raw_request

AnyOperation = Operation[Any, Any] | Listing[Any, Any] | Downloading[Any, Any] | ToolkitOperation | RawRequest


def find_operation(name: str) -> AnyOperation:
    """Return the operation of a name: `tasks.create`, or `jira.addWatcher` of a toolkit, or `jira.GET` for requests by path.

    Raises:
        InvalidInput: there is none.
    """
    resources = _resources()
    resource, dot, verb = name.partition(".")
    if dot and resource not in resources and is_raw(verb) and (resource in vendors.available() or resource in registry.names()):
        return raw_request(resource, verb)
    if dot and resource not in resources and resource in registry.names():
        return registry.toolkit(resource).operation(verb, current.client)
    if not dot or resource not in resources:
        meant = did_you_mean(name, [f"{one}.{verb}" for one in resources]) if dot else ""
        raise InvalidInput(f"{name!r} is not an operation: write RESOURCE.OPERATION{meant}; the resources are {', '.join(resources)}")
    module = importlib.import_module(f"{resource_package(resource)}.{resource}")
    found = {key: value for key, value in vars(module).items() if isinstance(value, (Operation, Listing, Downloading))}
    if verb not in found:
        raise InvalidInput(f"{resource} has no operation {verb!r}{did_you_mean(verb, found)}; it has {', '.join(found)}")
    return found[verb]


@functools.cache
def _resources() -> tuple[str, ...]:
    return tuple(capabilities.resource_names(capabilities.load()))
