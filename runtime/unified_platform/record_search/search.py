"""Search of records across every connected vendor, by each vendor's own search."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextvars import copy_context

from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import AnyOperation, find_operation
from unified_platform.record_search.results import Failure, SearchResults, SearchSource, merged
from unified_runtime import AsyncClient, Client, InvalidInput, Unavailable, UnifiedError
from unified_runtime.client import current
from unified_runtime.client.broker import BrokerConnections
from unified_runtime.core.context import current_acting
from unified_runtime.core.operations import Invocation
from unified_runtime.core.records import Page, Record
from unified_runtime.core.suggestions import did_you_mean

THREADS = 8
"""Searches of one call that run at the same time."""

_ARGUMENTS = ("text", "query")

Found = tuple[SearchSource, Sequence[Record], bool]


def search(
    text: str,
    *,
    resources: Collection[str] = (),
    vendors: Collection[str] = (),
    limit: int = 20,
    timeout: float = 20.0,
    client: Client | None = None,
) -> SearchResults:
    """Search the records of every connected vendor, with the vendor's own search.

    A call like any other: with the connections of `acting`, and under policy, rate limits and audit log. One page is read of each vendor
    and resource. A search that fails is among the `failures` of the results.

    Args:
        text: what to search for.
        resources: such as `["tasks", "emails"]`; by default all that can be searched.
        vendors: vendors to search; by default all connected ones.
        limit: maximum number of records, from 1 to 100.
        timeout: seconds after which the results contain only what was found.
        client: client for the calls; by default the current one.

    Raises:
        InvalidInput: an argument is not valid, or nothing that is connected can be searched.
    """
    client = client or current.client()
    _check(text, resources, vendors, limit)
    return search_sources(client, _sources(client, resources, vendors), text, limit, timeout)


def search_sources(client: Client, sources: Sequence[SearchSource], text: str, limit: int, timeout: float) -> SearchResults:
    """Search these sources; see `search`."""
    pool = ThreadPoolExecutor(min(THREADS, len(sources)), thread_name_prefix="unified-search")
    futures: dict[SearchSource, Future[Found | Failure]] = {}
    try:
        for source in sources:
            futures[source] = pool.submit(copy_context().run, _searched, client, source, text, limit)
        wait_for(futures.values(), timeout)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return _results(
        [future.result() if future.done() and not future.cancelled() else _late(source) for source, future in futures.items()], limit
    )


async def asearch(
    text: str,
    *,
    resources: Collection[str] = (),
    vendors: Collection[str] = (),
    limit: int = 20,
    timeout: float = 20.0,  # noqa: ASYNC109  what was found until then is returned
    client: AsyncClient | None = None,
) -> SearchResults:
    """Search the records of every connected vendor, for async code; see `search`."""
    client = client or current.async_client()
    _check(text, resources, vendors, limit)
    return await asearch_sources(client, await asyncio.to_thread(_sources, client, resources, vendors), text, limit, timeout)


async def asearch_sources(
    client: AsyncClient,
    sources: Sequence[SearchSource],
    text: str,
    limit: int,
    timeout: float,  # noqa: ASYNC109  what was found until then is returned
) -> SearchResults:
    """Search these sources, for async code; see `search`."""
    slots = asyncio.Semaphore(THREADS)
    tasks = {source: asyncio.create_task(_asearched(client, source, text, limit, slots)) for source in sources}
    done, late = await asyncio.wait(tasks.values(), timeout=timeout)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return _results([task.result() if task in done else _late(source) for source, task in tasks.items()], limit)


def _check(text: str, resources: Collection[str], vendors: Collection[str], limit: int) -> None:
    if not text.strip():
        raise InvalidInput("text: give what to search for")
    if not 1 <= limit <= 100:
        raise InvalidInput("limit is a whole number from 1 to 100")
    entries = capabilities.load()
    known = capabilities.resource_names(entries)
    for name in resources:
        if name not in known:
            raise InvalidInput(f"resources: {name!r} is not a resource{did_you_mean(name, known)}")
    for name in vendors:
        capabilities.vendor(name, entries)


def _sources(client: Client | AsyncClient, resources: Collection[str], vendors: Collection[str]) -> list[SearchSource]:
    """Return the searches of the connected vendors. Blocks.

    Raises:
        InvalidInput: there are none.
    """
    entries = [entry for entry in capabilities.load() if not vendors or entry.name in vendors]
    acting, connections, policy = current_acting(), client.connections, client.policy
    if isinstance(connections, BrokerConnections):
        allowed = connections.operations([entry.name for entry in entries], acting)
        found = [one for one in _searchable(entries, resources) if one.vendor in allowed.get(one.operation, ())]
    else:
        connected = connections.vendors([entry.name for entry in entries], acting)
        found = [
            one
            for one in _searchable(entries, resources)
            if one.vendor in connected and (policy is None or policy.may_call(acting.agent, one.operation, one.vendor))
        ]
    if not found:
        raise InvalidInput("nothing that is connected can be searched: connect a vendor, or name other resources or vendors")
    return found


def _searchable(entries: Collection[capabilities.Entry], resources: Collection[str]) -> Iterator[SearchSource]:
    """Yield the searches of vendors that need no other input."""
    for entry in entries:
        for resource in entry.resources.values():
            if resources and resource.name not in resources:
                continue
            for one in resource.operations.values():
                found = search_source(f"{resource.name}.{one.name}", entry.name, one)
                if found is not None and find_operation(found.operation).like == "list":
                    yield found


def search_source(name: str, vendor: str, operation: capabilities.Operation) -> SearchSource | None:
    """Return the search by text that an operation of a vendor offers; None if it has none, or needs another input."""
    argument = next((one for one in _ARGUMENTS if one in operation.inputs), None)
    if argument is None or operation.effect != "read" or not {*operation.requires} <= {argument}:
        return None
    return SearchSource(name, vendor, argument)


def _call(source: SearchSource, text: str, limit: int) -> tuple[AnyOperation, Invocation[Page[Record]]]:
    operation = find_operation(source.operation)
    return operation, operation.bind({source.argument: text, "limit": limit, "via": source.vendor})


def _searched(client: Client, source: SearchSource, text: str, limit: int) -> Found | Failure:
    try:
        page = next(iter(client.list(*_call(source, text, limit)).pages()), None)
    except UnifiedError as error:
        return Failure(source.resource, source.vendor, error)
    return _found(source, page)


async def _asearched(client: AsyncClient, source: SearchSource, text: str, limit: int, slots: asyncio.Semaphore) -> Found | Failure:
    async with slots:
        try:
            page = await anext(aiter(client.list(*_call(source, text, limit)).pages()), None)
        except UnifiedError as error:
            return Failure(source.resource, source.vendor, error)
    return _found(source, page)


def _found(source: SearchSource, page: Page[Record] | None) -> Found:
    return (source, (), False) if page is None else (source, page.items, page.cursor is not None)


def _late(source: SearchSource) -> Failure:
    error = Unavailable("the search took too long", vendor=source.vendor, operation=source.operation, retry_safe=True)
    return Failure(source.resource, source.vendor, error)


def _results(found: Sequence[Found | Failure], limit: int) -> SearchResults:
    failures = [one for one in found if isinstance(one, Failure)]
    return merged([one for one in found if not isinstance(one, Failure)], failures, limit)
