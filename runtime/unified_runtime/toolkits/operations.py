"""Operations of a toolkit: callable by Python, and run by the same call pipeline as the operations of mappings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self

from msgspec.structs import replace
from pydantic import ConfigDict

from unified_openapi.requests import bodies
from unified_openapi.requests.formats import Arguments
from unified_openapi.requests.multipart import File
from unified_openapi.schemas.pagination import Pagination, pagination_of
from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.document_requests import DocumentOperation
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.content import Progress
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
from unified_runtime.toolkits import files
from unified_runtime.toolkits.arguments import ArgumentTable
from unified_runtime.toolkits.data import data
from unified_runtime.toolkits.pages import items_of, marked, next_cursor, query_of, repeats

if TYPE_CHECKING:
    from unified_runtime.http.media.downloads import Fetch


class Caller(Protocol):
    """Client that makes calls: `unified.Client` or `unified.AsyncClient`."""

    def run(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...

    def list(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...

    def plan(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...

    def download(self, operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> Any: ...


class ToolkitInput(Input):
    """Arguments of a toolkit's operation. They were checked against the vendor's document."""

    model_config = ConfigDict(frozen=True, extra="allow", arbitrary_types_allowed=True, protected_namespaces=())

    @classmethod
    def model_validate(cls, obj: Any, **_: Any) -> Self:
        """Return the arguments unchanged, without pydantic's validator: creating one takes longer than the rest of a first call."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", {})
        object.__setattr__(made, "__pydantic_extra__", dict(obj))
        object.__setattr__(made, "__pydantic_fields_set__", set(obj))
        object.__setattr__(made, "__pydantic_private__", None)
        return made


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
        query_text: that of a field of a GraphQL schema.
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
        query_text: str | None = None,
    ) -> None:
        self._query_text = query_text
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
        body = table.body_pointer if table.has_fields else None
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
        /,
        *args: Any,
        via: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        idempotency_key: str | None = None,
        progress: Progress | None = None,
        **given: Any,
    ) -> Invocation[Any]:
        positional = self.table.positional
        if len(args) > len(positional):
            known = ", ".join(positional) or "none"
            raise InvalidInput(f"{len(args)} arguments are given by position, and only these can be: {known}", operation=self.name)
        size = self.paging.size if self.paging is not None and self.pages else None
        # An operation that is not paged here may have arguments of these names.
        if limit is not None and (self._requires("limit") if size is not None else not self.pages or "limit" in self.table.arguments):
            given["limit"] = limit
        if cursor is not None and (not self.pages or self._requires("cursor")):
            given["cursor"], cursor = cursor, None
        if progress is not None and not callable(progress):  # the document has an argument of this name
            given["progress"], progress = progress, None
        if idempotency_key is not None and "idempotency_key" in self.table.arguments:
            given["idempotency_key"], idempotency_key = idempotency_key, None
        named = self.table.named({**dict(zip(positional, args, strict=False)), **given}, self.name)
        values, contents = files.split(named, self.table.contents, self.name)
        self.table.bind(values, self.name)
        return Invocation(
            model=ToolkitInput,
            given=values,
            content=contents or None,
            progress=progress,
            via=via,
            cursor=cursor if self.pages else None,
            limit=limit if size is not None else None,
            key=idempotency_key,
        )

    def _requires(self, name: str) -> bool:
        argument = self.table.arguments.get(name)
        return argument is not None and argument.required

    def bind(self, values: Mapping[str, Any]) -> Invocation[Any]:
        """Return the call for arguments by name, as from a command line or a model.

        Raises:
            InvalidInput: an argument is unknown, missing or not valid.
        """
        return self._build(**values)

    def __call__(self, /, *args: Any, **arguments: Any) -> Any:
        """Make the call. A list is fetched page by page while it is iterated.

        Raises:
            InvalidInput: an argument is unknown, missing or not valid; nothing is sent.
            UnifiedError: see `unified_runtime.core.errors`.
        """
        invocation = self._build(*args, **arguments)
        caller = self._caller()
        return caller.list(self, invocation) if self.pages else caller.run(self, invocation)

    def plan(self, /, *args: Any, **arguments: Any) -> Plan:
        """Return the request that this call would send, without sending it.

        Raises:
            InvalidInput: as the call itself.
        """
        plan: Plan = self._caller().plan(self, self._build(*args, **arguments))
        return plan

    def download(self, /, *args: Any, **arguments: Any) -> Any:
        """Return the response's content to receive: iterate over it, `read()` it or `save(path)` it. It is requested then.

        Raises:
            InvalidInput: as the call itself.
        """
        invocation = self._build(*args, **arguments)
        return self._caller().download(self.downloading, invocation)

    @cached_property
    def downloading(self) -> ToolkitDownload:
        """The operation that returns its response as a content to receive."""
        return ToolkitDownload(
            self.resource, self.operation, self.table, self.effect, self._retry, self.noun, self.host, self._caller, paged=False
        )

    @cached_property
    def returns_file(self) -> bool:
        """True if the document declares only contents other than JSON and text for successful responses."""
        declared = [kind for status, kinds in self.table.operation.responses.items() if status.startswith("2") for kind in kinds]
        return bool(declared) and all(bodies.kind(kind) == "binary" for kind in declared)

    def _load(self, vendor: str) -> Adapter:
        return Adapter(self._page if self.pages else self._run, {}, self._retry is not Retry.NEVER)

    def _run(self, context: Context, *given: Any) -> Steps[Any]:
        headers = {self._key_header: context.key} if self._key_header is not None else {}
        arguments = yield from self._arguments(context, given)
        response = yield from self._send(arguments, None, headers)
        files.sent(given[:-1])
        return data(self._value(response))

    def _value(self, response: Response) -> Any:
        """Return the body of a response; of a GraphQL operation the value of its field."""
        body = body_of(response)
        return body if self.table.operation.graphql is None else error_details.at(body, *self.table.operation.graphql.value_at)

    def _page(self, context: Context, *given: Any) -> Steps[Page[Any]]:
        assert self.paging is not None
        arguments = yield from self._arguments(context, given)
        if context.limit is not None and self.paging.size is not None:
            arguments = self._with(arguments, {self.paging.size: context.limit})
        changed, url = query_of(self.paging, context.cursor)
        arguments = self._with(arguments, changed)
        if url is not None:
            others = {name: value for name, value in arguments.query.items() if name not in url.added_params}
            arguments = replace(arguments, query=others)
        response = yield from self._send(arguments, url)
        body = self._value(response)
        items = items_of(body, self.noun)
        if items is None:
            return Page([data(body)])
        if repeats(context.cursor, items):
            return Page([])
        sent = {**arguments.query, **(arguments.body if isinstance(arguments.body, dict) else {})}
        following = next_cursor(self.paging, response, body, len(items), sent, context.cursor)
        return Page(data(items), marked(following, items))

    def _arguments(self, context: Context, given: Sequence[Any]) -> Steps[Arguments]:
        """Return the arguments of a request. `given` are the contents, in the order of the operation's, and the other arguments."""
        *sources, checked = given
        values: Mapping[str, Any] = checked.model_extra or {}
        arguments = self.table.with_connection(self.table.bind(values, self.name), context.connection)
        if sources:
            names = self.table.contents.marked(values)
            contents = yield from files.opened(dict(zip(names, sources, strict=True)))
            arguments = self.table.with_contents(arguments, contents)
        return arguments

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
        if self._query_text is not None:
            arguments = replace(arguments, body={"query": self._query_text, "variables": arguments.body or {}})
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


class ToolkitDownload(ToolkitOperation):
    """The same operation, of which the client receives the response piece by piece."""

    def _load(self, vendor: str) -> Adapter:
        return Adapter(self._fetch, {}, self._retry is not Retry.NEVER)

    def _fetch(self, context: Context, *given: Any) -> Steps[Fetch]:
        from unified_runtime.http.media.downloads import Fetch  # imported late: only files need it

        request = self.request((yield from self._arguments(context, given)))
        return Fetch(replace(request, stream=True, anywhere=True), None, {})


def _file(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_file(name, one) for one in value]
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
