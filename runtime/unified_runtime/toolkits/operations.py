"""Operations of a toolkit: callable by Python, and run by the same call pipeline as the operations of mappings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec.structs import replace
from pydantic import ConfigDict

from unified_openapi.requests.formats import Arguments
from unified_openapi.requests.multipart import File
from unified_openapi.schemas.pagination import Pagination, pagination_of
from unified_runtime.adapter_api.document_requests import DocumentOperation
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.context import Context
from unified_runtime.core.decoding import broken, decode
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.messages import Request
from unified_runtime.core.operations import Adapter, Invocation, OperationBase
from unified_runtime.core.planning import PlanEnds, PlannedResponse
from unified_runtime.core.plans import Plan
from unified_runtime.core.policy_decisions import Effect
from unified_runtime.core.records import Input, Page
from unified_runtime.core.responses import Response
from unified_runtime.toolkits.arguments import ArgumentTable
from unified_runtime.toolkits.data import data
from unified_runtime.toolkits.pages import items_of, next_cursor, query_of


class Caller(Protocol):
    """Client that makes calls: `unified.Client` or `unified.AsyncClient`."""

    def run(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...

    def list(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...

    def plan(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...


class ToolkitInput(Input):
    """Arguments of a toolkit's operation. They were checked against the vendor's document."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True, protected_namespaces=())


class ToolkitOperation(OperationBase[..., Any]):
    """One operation of a vendor's document. Its name for policies, plans and logs is `vendor.operationId`.

    Args:
        vendor: the vendor's name.
        name: the operation's name in the document.
        table: its arguments.
        effect: read, write or destructive.
        retry: retry class of its requests.
        noun: the group that it is in.
        host: the vendor's other server that it is on, if any.
        caller: returns the client for calls.
        paged: a call returns the items of all pages, if its responses look like pages; else a call returns the response.
        key_header: the header in which the vendor accepts an idempotency key for it.
    """

    def __init__(
        self,
        vendor: str,
        name: str,
        table: ArgumentTable,
        effect: Effect,
        retry: Retry,
        noun: str,
        host: str | None,
        caller: Callable[[], Caller],
        *,
        paged: bool = True,
        key_header: str | None = None,
    ) -> None:
        self.table = table
        self.noun = noun
        self.host = host
        self._key_header = key_header
        self._caller = caller
        self._declared = DocumentOperation(name, table.format, retry, host)
        self._retry = retry
        paging = self._paging()
        self.paging = paging if paged else None
        super().__init__(vendor, name, {vendor: ""}, self._build, effect, "list" if paging and retry is Retry.SAFE else name)
        self.__name__ = name
        self.__doc__ = f"{table.operation.endpoint}\n\nArguments: {', '.join(table.arguments) or 'none'}."

    checks_inputs = True

    def value_of(self, plain: Any) -> Any:
        """Return a result with attribute access."""
        return data(plain)

    def _paging(self) -> Pagination | None:
        """Return the parameters of its pages; None if its responses do not look like pages."""
        table = self.table
        operation = table.operation
        body = operation.bodies[table.media_type] if table.media_type is not None and table.has_fields else None
        found = pagination_of(operation, table.schemas, body)
        links = any("link" in map(str.lower, headers) for status, headers in operation.headers.items() if status.startswith("2"))
        selects = found.offset or found.number or found.token
        return found if selects or links else None

    @property
    def pages(self) -> bool:  # type: ignore[override]  # a constant of the other kinds of operations
        """True if calls return the items of all pages."""
        return self.paging is not None and self._retry is Retry.SAFE

    def _build(
        self,
        *args: Any,
        via: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        idempotency_key: str | None = None,
        **given: Any,
    ) -> Invocation[Any]:
        positional = self.table.positional
        if len(args) > len(positional):
            known = ", ".join(positional) or "none"
            raise InvalidInput(f"{len(args)} arguments are given by position, and only these can be: {known}", operation=self.name)
        size = self.paging.size if self.paging is not None and self.pages else None
        # An operation that is not paged here may have arguments of these names.
        if limit is not None and size is None and (not self.pages or "limit" in self.table.arguments):
            given["limit"] = limit
        if cursor is not None and not self.pages:
            given["cursor"] = cursor
        if idempotency_key is not None and "idempotency_key" in self.table.arguments:
            given["idempotency_key"], idempotency_key = idempotency_key, None
        values = self.table.named({**dict(zip(positional, args, strict=False)), **given}, self.name)
        self.table.bind(values, self.name)
        return Invocation(
            model=ToolkitInput,
            given=values,
            via=via,
            cursor=cursor if self.pages else None,
            limit=limit if size is not None else None,
            key=idempotency_key,
        )

    def bind(self, values: Mapping[str, Any]) -> Invocation[Any]:
        """Return the call for arguments by name, as from a command line or a model.

        Raises:
            InvalidInput: an argument is unknown, missing or not valid.
        """
        return self._build(**values)

    def __call__(self, *args: Any, **arguments: Any) -> Any:
        """Make the call. A list is fetched page by page while it is iterated.

        Raises:
            InvalidInput: an argument is unknown, missing or not valid; nothing is sent.
            UnifiedError: see `unified_runtime.core.errors`.
        """
        invocation = self._build(*args, **arguments)
        caller = self._caller()
        return caller.list(self, invocation) if self.pages else caller.run(self, invocation)

    def plan(self, *args: Any, **arguments: Any) -> Plan:
        """Return the request that this call would send, without sending it.

        Raises:
            InvalidInput: as the call itself.
        """
        plan: Plan = self._caller().plan(self, self._build(*args, **arguments))
        return plan

    def _load(self, vendor: str) -> Adapter:
        return Adapter(self._page if self.pages else self._run, {}, self._retry is not Retry.NEVER)

    def _run(self, context: Context, given: ToolkitInput) -> Steps[Any]:
        headers = {self._key_header: context.key} if self._key_header is not None else {}
        response = yield from self._send(self._arguments(context, given), None, headers)
        return data(body_of(response))

    def _page(self, context: Context, given: ToolkitInput) -> Steps[Page[Any]]:
        assert self.paging is not None
        arguments = self._arguments(context, given)
        if context.limit is not None and self.paging.size is not None:
            arguments = self._with(arguments, {self.paging.size: context.limit})
        changed, url = query_of(self.paging, context.cursor)
        arguments = self._with(arguments, changed)
        if url is not None:
            others = {name: value for name, value in arguments.query.items() if name not in url.added_params}
            arguments = replace(arguments, query=others)
        response = yield from self._send(arguments, url)
        body = body_of(response)
        items = items_of(body, self.noun)
        if items is None:
            return Page([data(body)])
        sent = {**arguments.query, **(arguments.body if isinstance(arguments.body, dict) else {})}
        return Page(data(items), next_cursor(self.paging, response, body, len(items), sent, context.cursor))

    def _arguments(self, context: Context, given: ToolkitInput) -> Arguments:
        return self.table.with_connection(self.table.bind(given.model_extra or {}, self.name), context.connection)

    def _with(self, arguments: Arguments, values: Mapping[str, Any]) -> Arguments:
        """Return arguments with some values of parameters, or properties of the body, replaced."""
        for name, value in values.items():
            if name in self.table.format.by_location["query"]:
                arguments = replace(arguments, query={**arguments.query, name: value})
            else:
                body = arguments.body if isinstance(arguments.body, dict) else {}
                arguments = replace(arguments, body={**body, name: value}, media_type=self.table.media_type)
        return arguments

    def request(self, arguments: Arguments) -> Request:
        """Return the request for arguments; bytes among the properties of a body are files.

        Raises:
            InvalidInput: one cannot be sent.
        """
        if isinstance(arguments.body, dict):
            arguments = replace(arguments, body={name: _file(name, value) for name, value in arguments.body.items()})
        return self._declared.request(arguments)

    def _send(self, arguments: Arguments, url: Any, headers: Mapping[str, str] | None = None) -> Steps[Response]:
        request = self.request(arguments)
        if headers:
            request = replace(request, headers={**(request.headers or {}), **headers})
        if url is not None:
            request = replace(request, url=url)
        response = yield request
        if isinstance(response, PlannedResponse):
            raise PlanEnds
        if self._retry is not Retry.NEVER and broken(response):
            response = yield request
        return response


def _file(name: str, value: Any) -> Any:
    return File(value, name) if isinstance(value, bytes) else value


def body_of(response: Response) -> Any:
    """Return the body of a response: decoded JSON, a text, bytes, or None."""
    if not response.body:
        return None
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if "json" in kind or (not kind and response.body[:1] in (b"{", b"[")):
        return decode(response, Any)
    if kind.startswith("text/") or kind.endswith(("xml", "yaml")):
        return response.body.decode("utf-8", "replace")
    return response.body
