"""Pages of programs: people approve, deny and cancel there; agents, other sites and other tenants do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.broker.test_dashboard import logged_in, text_of
from tests.support.brokers import serving
from tests.support.dashboards import House
from unified_platform.programs.store import Contained, Owner, Program


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    made.fill(10)
    with serving(made.broker, port=made.port):
        yield made
    made.close()


@pytest.fixture
def person(house: House) -> Iterator[httpx2.Client]:
    client = logged_in(house)
    yield client
    client.close()


def waiting(house: House) -> Program:
    return next(one for one in house.programs.list("paused") if one.approval)


def csrf(page: str) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', page)[-1]


def decide(person: httpx2.Client, id: str, decision: str, **fields: str) -> httpx2.Response:
    path = f"/dashboard/programs/{id}"
    return person.post(path, data={"csrf": csrf(person.get(path).text), "decision": decision, **fields})


def test_the_trace_has_the_source_the_calls_and_the_plan(house: House, person: httpx2.Client) -> None:
    found = waiting(house)
    page = text_of(person.get(f"/dashboard/programs/{found.id}").text)
    for expected in (
        "line 4 waits",
        "> 4 tasks.create(title=",
        "1. tasks.get 3 read jira",
        "an approval of line 4",
        "POST https://acme/x",
        "acme.atlassian.net",
        "tasks.create tasks.get",
        found.hash,
    ):
        assert expected in page, expected


@pytest.mark.parametrize(("decision", "status"), [("approve", "approved"), ("deny", "denied")])
def test_a_person_decides_the_call_that_waits(house: House, person: httpx2.Client, decision: str, status: str) -> None:
    found = waiting(house)
    page = decide(person, found.id, decision, note="as planned")
    assert page.status_code == 200
    decided = house.approvals.get(found.approval)
    assert (decided.status, decided.decided_by, decided.note) == (status, "ada", "as planned")
    again = person.post(f"/dashboard/programs/{found.id}", data={"csrf": csrf(page.text), "decision": decision})
    assert again.status_code == 409
    assert f"is {status} and can no longer be" in again.text


def test_a_person_cancels_a_program(house: House, person: httpx2.Client) -> None:
    found = waiting(house)
    page = decide(person, found.id, "cancel")
    assert house.programs.get(found.id).status == "canceled"
    assert "Cancel the program" not in page.text
    assert house.approvals.get(found.approval).status == "pending"
    (entry,) = [one for _, one in house.audit.entries() if one.get("kind") == "program_canceled"]
    assert (entry["by"], entry["program"]["id"], entry["agent"]) == ("ada", found.id, found.agent)
    assert decide(person, waiting(house).id, "cancel").status_code == 200


@pytest.mark.parametrize("decision", ["", "resume", "approve"])
def test_other_decisions_are_rejected(house: House, person: httpx2.Client, decision: str) -> None:
    limited = next(one for one in house.programs.list("paused") if one.resume_at)
    page = decide(person, limited.id, decision)
    assert page.status_code == 409
    assert house.programs.get(limited.id).status == "paused"


def test_forms_of_other_sites_and_agents_are_rejected(house: House, person: httpx2.Client) -> None:
    found = waiting(house)
    path = f"/dashboard/programs/{found.id}"
    token = csrf(person.get(path).text)
    assert person.post(path, data={"decision": "approve"}).status_code == 401
    assert person.post(path, data={"csrf": "0" * len(token), "decision": "approve"}).status_code == 401
    foreign = person.post(path, data={"csrf": token, "decision": "approve"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code in (401, 403)
    key = {"Authorization": f"Bearer {house.key}"}
    for request in ("GET", "POST"):
        assert httpx2.request(request, house.url + path, headers=key, trust_env=False).status_code == 401, "an agent's key decides nothing"
    assert house.approvals.get(found.approval).status == "pending"


def test_programs_of_another_tenant_are_not_shown(house: House, person: httpx2.Client) -> None:
    token = house.programs.begin("f" * 16, Owner("elsewhere", "eve", None, "spy"), None, "hash", Contained("secret_source"), retain=600)
    assert token is not None
    house.programs.end("f" * 16, token, "paused", Contained("secret_source"), line=1)
    assert "f" * 16 not in person.get("/dashboard/programs").text
    page = person.get("/dashboard/programs/" + "f" * 16)
    assert page.status_code == 404
    assert "secret_source" not in page.text
    forged = person.post("/dashboard/programs/" + "f" * 16, data={"csrf": csrf(person.get("/dashboard").text), "decision": "cancel"})
    assert forged.status_code == 404
    assert house.programs.get("f" * 16).status == "paused"
