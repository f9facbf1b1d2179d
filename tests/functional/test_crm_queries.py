"""Searches in CRMs for any text: no text becomes a part of the query around it.

The queries are read by grammars that are independent of our writers: SOQL by the one of the Salesforce emulator, HubSpot's filters as JSON,
Pipedrive's search as the parameters of an address.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.accounts import client
from tests.support.judges import Request
from tests.support.store import Reply
from unified import companies, contacts, deals, users
from unified_emulation.query_languages import soql
from unified_runtime import InvalidInput, NotFound, using
from unified_runtime.adapter_api.query import soql as writer

FUZZ = settings(max_examples=300, deadline=None)
_SHARP = st.text(alphabet="'\"\\%_ ()=,;{}[]:.\n\r\t\u2019\u02bc\uff07ORANDselectFROMnullx0", max_size=40)
_KNOWN = st.sampled_from([
    "' OR Name != '", "\\' OR Id != null OR Name = \\'", "x' UNION SELECT Id FROM User", "') OR (Id != '", "%' OR Name LIKE '%",
    "\\", "\\\\'", "'--", "null", "' LIMIT 1", "{columns}", "a\u0000' OR 'b", "&term=*&fields=notes", "%26term%3D",
])  # fmt: skip
TEXTS = (st.text(max_size=60) | _SHARP | _KNOWN).filter(bool)
_EMPTY = {"done": True, "totalSize": 0, "records": [], "results": [], "total": 0, "success": True, "data": {"items": []}}


def sent(vendor: str, ask: Callable[[], object]) -> Request | None:
    """Return the first request that a call sends; none if its input is rejected."""
    made, wire = client(vendor, lambda request: Reply(200, (("Content-Type", "application/json"),), json.dumps(_EMPTY).encode()))
    with using(made):
        try:
            ask()
        except InvalidInput:
            return None
    return wire.sent[0]


SOQL: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "contacts.company_id": (lambda text: list(contacts.list(company_id=text)), "Contact", "AccountId"),
    "contacts.owner_id": (lambda text: list(contacts.list(owner_id=text)), "Contact", "OwnerId"),
    "contacts.email": (lambda text: list(contacts.list(email=text)), "Contact", "Email"),
    "companies.name": (lambda text: list(companies.list(name=text)), "Account", "Name"),
    "deals.stage_id": (lambda text: list(deals.list(stage_id=text)), "Opportunity", "StageName"),
    "deals.custom_fields": (lambda text: list(deals.list(custom_fields={"Size__c": text})), "Opportunity", "Size__c"),
}


def _requests_for(ask: Callable[[str], Any], source: str, column: str, text: str) -> None:
    request = sent("salesforce", lambda: ask(text))
    if request is None:
        return
    pairs = parse_qsl(request.query, keep_blank_values=True)
    assert [name for name, _ in pairs] == ["q"]
    query = soql.parse(pairs[0][1])
    assert (query.source, query.order) == (source, "Id")
    assert query.related in ({}, {"OpportunityContactRoles": ("ContactId",)})
    assert query.holds({column: text}, lambda name: ())
    for other in (None, "", text + "x", "x" + text, text[1:], "x"):
        if (other or "").casefold() != text.casefold() and (other or "").lower() != text.lower():
            assert not query.holds({column: other}, lambda name: ())


@pytest.mark.parametrize("name", SOQL)
@FUZZ
@given(TEXTS)
def test_soql_requests_the_text_and_nothing_else(name: str, text: str) -> None:
    _requests_for(*SOQL[name], text)


@FUZZ
@given(TEXTS)
def test_soql_searches_for_any_part_of_a_name(text: str) -> None:
    request = sent("salesforce", lambda: list(users.list(text=text)))
    if request is not None:
        query = soql.parse(parse_qsl(request.query)[0][1])
        assert (query.source, query.order) == ("User", "Id")
        assert query.holds({"Name": f"a{text}b", "Email": ""}, lambda name: ())
        assert query.holds({"Name": "", "Email": text}, lambda name: ())
        assert not query.holds({"Name": "\u2603", "Email": "\u2603"}, lambda name: ()) or text == "\u2603"


@FUZZ
@given(TEXTS)
def test_soql_keeps_a_text_within_the_inner_query(text: str) -> None:
    request = sent("salesforce", lambda: list(deals.list(contact_id=text)))
    if request is not None:
        query = soql.parse(parse_qsl(request.query)[0][1])
        roles = [{"OpportunityId": "006", "ContactId": text}, {"OpportunityId": "007", "ContactId": text + "x"}]
        assert query.holds({"Id": "006"}, lambda name: roles if name == "OpportunityContactRole" else ())
        assert not query.holds({"Id": "007"}, lambda name: roles if name == "OpportunityContactRole" else ())


@FUZZ
@given(TEXTS)
def test_soql_reads_the_deal_of_this_id_and_no_other(text: str) -> None:
    request = sent("salesforce", lambda: _quietly(lambda: deals.get(text)))
    if request is not None:
        query = soql.parse(parse_qsl(request.query)[0][1])
        assert query.holds({"Id": text}, lambda name: ())
        assert not query.holds({"Id": text + "x"}, lambda name: ())


def _quietly(ask: Callable[[], Any]) -> Any:
    """Make a call whose response holds no record."""
    with contextlib.suppress(NotFound):
        ask()


def test_the_fuzz_sees_a_writer_that_does_not_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "text", lambda value: f"'{value}'")
    with pytest.raises((AssertionError, ValueError)):
        _requests_for(*SOQL["companies.name"], "' OR Name != '")


HUBSPOT: dict[str, tuple[Callable[[str], Any], str]] = {
    "contacts.email": (lambda text: list(contacts.list(email=text)), "email"),
    "contacts.deal_id": (lambda text: list(contacts.list(deal_id=text)), "associations.deal"),
    "companies.name": (lambda text: list(companies.list(name=text)), "name"),
    "companies.domain": (lambda text: list(companies.list(domain=text)), "domain"),
    "deals.owner_id": (lambda text: list(deals.list(owner_id=text)), "hubspot_owner_id"),
    "companies.custom_fields": (lambda text: list(companies.list(custom_fields={"size_of_it": text})), "size_of_it"),
}


@pytest.mark.parametrize("name", HUBSPOT)
@FUZZ
@given(TEXTS)
def test_a_filter_of_hubspot_is_one_filter(name: str, text: str) -> None:
    ask, column = HUBSPOT[name]
    request = sent("hubspot", lambda: ask(text))
    if request is not None:
        assert request.body is not None
        body = json.loads(request.body)
        assert body["filterGroups"] == [{"filters": [{"propertyName": column, "operator": "EQ", "value": text}]}]
        assert body.keys() <= {"filterGroups", "properties", "limit", "after", "sorts"}


PIPEDRIVE: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "contacts.email": (lambda text: list(contacts.list(email=text)), "/persons/search", "email"),
    "companies.name": (lambda text: list(companies.list(name=text)), "/organizations/search", "name"),
}


@pytest.mark.parametrize("name", PIPEDRIVE)
@FUZZ
@given(TEXTS)
def test_a_search_of_pipedrive_is_for_the_text(name: str, text: str) -> None:
    ask, path, field = PIPEDRIVE[name]
    request = sent("pipedrive", lambda: ask(text))
    if request is not None:
        assert request.path == path
        pairs = parse_qsl(request.query, keep_blank_values=True)
        assert sorted(pairs) == [("exact_match", "true"), ("fields", field), ("limit", "100"), ("term", text)]


@pytest.mark.parametrize("vendor", ["hubspot", "salesforce", "pipedrive"])
@FUZZ
@given(TEXTS)
def test_an_id_is_one_segment_of_a_path(vendor: str, text: str) -> None:
    made, wire = client(vendor, lambda request: Reply(404, (), b"{}"))
    with using(made), pytest.raises(Exception, match=r"."):
        companies.get(text)
    for request in wire.sent:
        assert len(request.path.split("/")) == {"hubspot": 6, "salesforce": 4, "pipedrive": 3}[vendor]
        assert request.path.rsplit("/", 1)[1] not in (".", "..", "")
