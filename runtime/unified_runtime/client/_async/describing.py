"""`describe`, in async and sync: the statuses, types and fields that a connection supports."""

from __future__ import annotations

from typing import Any

from unified_runtime.client import current, descriptions
from unified_runtime.client.sources import aread_source
from unified_runtime.core.descriptions import Description
from unified_runtime.core.private_vendors import PACKAGE


async def adescribe(
    resource: str,
    *,
    via: str | None = None,
    project_id: str | None = None,
    task_id: str | None = None,
    type: str | None = None,
    refresh: bool = False,
) -> Description:
    """Describe a connection's resource: statuses, types, transitions, required and custom fields, pick lists, custom objects.

    It is cached for some minutes; meanwhile, `extra` of calls is checked against its fields. Parts that the vendor does not have, that
    require an input, or that this account may not read are listed in the description's `unsupported`.

    Args:
        resource: its name, such as `tasks`.
        via: the vendor to use, if it is not the one in `acting`.
        project_id: the project.
        task_id: the task whose transitions are returned.
        type: the type of task or the custom object, by its name at the vendor.
        refresh: request the lists again, even if a description is cached.

    Raises:
        InvalidInput: the resource, vendor or type does not exist.
        NotConnected: the vendor is not connected.
        UnifiedError: a request to the vendor failed; see `unified_runtime.core.errors`.
    """
    client = current.async_client()
    if client.broker_client is not None:
        given = descriptions.given(via, project_id, task_id, type, refresh)
        return await client.perform(client.broker_client.describe(resource, given, PACKAGE))
    await aread_source(client.connections)
    connection, key = descriptions.found(client.connections, resource, via, project_id, task_id, type)
    known = None if refresh else connection.descriptions.get(key)
    if known is not None:
        return known
    flow = descriptions.flow(connection, key)
    outcome: Any = None
    try:
        while True:
            listing, inputs = flow.send(outcome)
            records = client.list(listing, listing.build(**inputs, via=connection.vendor.name))
            try:
                outcome = [record async for record in records]
            except descriptions.REASONS as error:
                outcome = error
    except StopIteration as stop:
        described: Description = stop.value
        return described
