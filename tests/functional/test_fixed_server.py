"""Fixed server of a connection: no response of a vendor changes the server that its requests are sent to.

Lists of each shipped vendor are requested from a hostile server: redirects, `Link` headers, and addresses of next pages in every field in
which vendors write them.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import httpx2
import pytest

import unified
from tests.support import samples
from tests.support.accounts import offers, required
from tests.support.cursors import vendors_own
from unified import models
from unified_runtime import Client, InvalidInput, UnifiedError, VendorProtocolError, using
from unified_runtime.client.operations import Listing
from unified_runtime.core.settings import Settings
from unified_runtime.core.vendors import available, load
from unified_runtime.rate_limits.rate_limiter import Unlimited

EVIL = "https://evil.test/services/data/v59.0/query/01g000000000001AAA-2000"
_MORE = {
    "nextRecordsUrl": EVIL, "done": False, "next": EVIL, "next_page": {"uri": EVIL, "path": EVIL, "offset": EVIL},
    "links": {"next": EVIL}, "@odata.nextLink": EVIL, "paging": {"next": {"link": EVIL, "after": EVIL}}, "meta": {"has_more": True},
    "additional_data": {"next_cursor": EVIL}, "instance_url": EVIL, "totalSize": 5000, "total": 5000,
}  # fmt: skip


class _Evil(httpx2.MockTransport):
    """Respond to every request with addresses of another server."""

    def __init__(self, status: int) -> None:
        super().__init__(self._response)
        self.status = status
        self.seen: list[httpx2.URL] = []

    def _response(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request.url)
        headers = {"Location": EVIL, "Link": f'<{EVIL}>; rel="next"', "Content-Type": "application/json"}
        # A response that is a list at one vendor is an object at another: both are tried in turn.
        body: Any = [] if len(self.seen) % 2 == 0 else {name: [] for name in ("records", "results", "data", "issues", "items")} | _MORE
        return httpx2.Response(self.status, headers=headers, content=json.dumps(body).encode())


def _listings(vendor: str) -> Iterator[tuple[Listing[Any, Any], dict[str, Any]]]:
    given: dict[str, Any] = {"of": "deals", "close_date": date(2031, 1, 2), "type": "Task", "text": "x"}
    for module in pkgutil.iter_modules(models.__path__):
        facade = importlib.import_module(f"unified.{module.name}")
        for operation in vars(facade).values():
            if isinstance(operation, Listing) and vendor in operation.vendors and offers(vendor, operation):
                parameters = inspect.signature(operation.build).parameters
                needed = {name.removesuffix("_") for name, each in parameters.items() if each.default is each.empty}
                values = {
                    name: given.get(name) or samples.sample_id(vendor, operation.name, name)
                    for name in needed | required(vendor, operation)
                }
                yield operation, values


@pytest.mark.parametrize("vendor", available())
@pytest.mark.parametrize("status", [200, 302, 307, 308])
def test_no_response_leads_to_another_server(vendor: str, status: int) -> None:
    wire, (scheme, credential) = _Evil(status), samples.credential(load(vendor))
    made = Client(transport=wire, rate_limiter=Unlimited(), settings=Settings(attempts=1))
    connection = made.connect(vendor, credential, scheme=scheme, **samples.connection_values(load(vendor)))
    own = {httpx2.URL(connection.server).host, *(httpx2.URL(url).host for url in connection.hosts.values())}
    requested = 0
    for operation, values in _listings(vendor):
        for _ in range(2):  # by an object, and by a list
            before = len(wire.seen)
            try:
                for page in islice(made.list(operation, operation.bind(values)).pages(), 3):
                    assert page.items is not None
            except (UnifiedError, RecursionError) as error:
                assert not isinstance(error, RecursionError)
            requested += len(wire.seen) > before
    assert requested > 0
    assert {url.host for url in wire.seen} <= own
    assert "evil.test" not in own


def test_the_next_records_of_salesforce_are_on_its_own_server() -> None:
    made = Client(transport=_Evil(200), rate_limiter=Unlimited())
    made.connect("salesforce", unified.bearer("token"), instance_url="https://acme.my.salesforce.com")
    with using(made), pytest.raises(VendorProtocolError, match="another server"):
        list(unified.contacts.list())


def test_a_cursor_cannot_bring_a_query_of_its_own() -> None:
    """Permission to list contacts gives no access to other objects through a cursor."""
    requested: list[httpx2.URL] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requested.append(request.url)
        return httpx2.Response(200, json={"done": True, "totalSize": 0, "records": []})

    made = Client(transport=httpx2.MockTransport(answer), rate_limiter=Unlimited())
    made.connect("salesforce", unified.bearer("token"), instance_url="https://acme.my.salesforce.com")
    base = "/services/data/v59.0"
    with using(made), vendors_own():
        for cursor in (
            f"{base}/query?q=SELECT+Id+FROM+User", f"{base}/query?Q=SELECT+Id+FROM+User", f"{base}/query?%71=SELECT+Id+FROM+User",
            f"{base}/query?x=1;q=SELECT+Id+FROM+User", f"{base}/sobjects/User/005", f"{base}/query/../sobjects/User/005",
            f"{base}/query/%2e%2e/sobjects/User/005",
        ):  # fmt: skip
            list(unified.contacts.list(cursor=cursor))
            url = requested.pop()
            assert url.path == f"{base}/query"
            assert [name for name, _ in url.params.multi_items()] in (["q"], ["x", "q"])
            assert url.params["q"] == "SELECT FIELDS(STANDARD) FROM Contact ORDER BY Id"
        list(unified.contacts.list(cursor=f"{base}/query/01g000000000001AAA-2000"))
        assert (requested[-1].path, requested[-1].query) == (f"{base}/query/01g000000000001AAA-2000", b"")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test", "https://acme.my.salesforce.com.evil.test", "https://evil.test/acme.my.salesforce.com",
        "https://acme.my.salesforce.com@evil.test", "http://acme.my.salesforce.com", "https://acme.my.salesforce.com\n",
        "https://acme.my.salesforce.com/x", "https://evilsalesforce.com", "https://acme.my.salesforce.com:444", "",
    ],
)  # fmt: skip
def test_a_salesforce_server_is_one_of_salesforce(address: str) -> None:
    with pytest.raises(InvalidInput):
        Client().connect("salesforce", unified.bearer("token"), instance_url=address)
