"""Background jobs: a call that is polled, an address that a response gives, and the compiler's diagnostics for both."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, Refused, call, document, model, obj
from unified_runtime import Rejected, Unconfirmed, VendorProtocolError

JOB = obj(state="string", thing="string?", why=obj(text="string?"))
MODEL = model("id: {type: id, read_only: true}\ntitle: {type: text, required: create}", "create: {}")


def built(
    build: Build, poll: str, *, step: str = "{operation: look, params: {job: begun.job}", vendor: str = "", envelope: bool = False
) -> object:
    job = obj(data=JOB) if envelope else JOB
    thing = obj(id="string", title="string?")
    return build(
        model=MODEL,
        document=document(
            [
                call("begin", "POST /things", takes=obj(title="string"), returns=obj(job="string")),
                call("look", "POST /jobs", takes=obj("job", job="string"), returns=job),
                call("read", "GET /things/{id}", returns="Thing"),
            ],
            {"Thing": thing, "Job": job},
        ),
        mapping=f"""
            resource: things
            schema: Thing
            fields: {{id: {{read: id}}, title: title}}
            operations:
              create:
                - {{operation: begin, send: fields, save: begun}}
                - {step}, poll: {poll}, save: {{made: thing}}}}
                - {{operation: read, params: {{id: made}}}}
        """,
        vendor=vendor,
    )


UNTIL = "{until: state == 'done', failed_if: state == 'failed', message: why.text}"


def test_a_job_is_polled_until_it_is_done(build: Build) -> None:
    catalog = built(build, UNTIL)
    ran = catalog.run(
        "create", title="x", responses=[{"job": "j"}, {"state": "busy"}, {"state": "done", "thing": "7"}, {"id": "7", "title": "x"}]
    )
    assert ran.value.id == "7"
    requested = ("POST /jobs", {"job": "j"})
    assert ran.sent == [("POST /things", {"title": "x"}), requested, requested, "GET /things/7"]
    planned = catalog.plan("create", title="x")
    assert planned == [("POST /things", {"title": "x"}), ("POST /jobs", {"job": "{begun.job}"}), "GET /things/{made.thing}"]
    with pytest.raises(Rejected, match="could not do it: no room"):
        catalog.run("create", title="x", responses=[{"job": "j"}, {"state": "failed", "why": {"text": "no room"}}])
    with pytest.raises(Rejected, match=r"could not do it\n"):
        catalog.run("create", title="x", responses=[{"job": "j"}, {"state": "failed"}])
    with pytest.raises(Unconfirmed, match="does not report if it is done"):
        catalog.run("create", title="x", responses=[{"job": "j"}, (404, {})])


def test_a_job_is_polled_only_if_an_earlier_step_started_it(build: Build) -> None:
    catalog = build(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text, required: create}\nnote: {type: text}", "create: {}"),
        document=document(
            [
                call("begin", "POST /things", takes=obj(title="string", note="string"), returns=obj(job="string?", thing="string?")),
                call("note", "POST /notes", takes=obj(title="string", note="string"), returns=obj(job="string?", thing="string?")),
                call("look", "POST /jobs", takes=obj("job", job="string"), returns=JOB),
                call("read", "GET /things", query={"id": "string"}, returns="Thing"),
            ],
            {"Thing": obj(id="string", title="string?", note="string?")},
        ),
        mapping=f"""
            resource: things
            schema: Thing
            fields: {{id: {{read: id}}, title: title, note: note}}
            operations:
              create:
                - {{operation: note, if: note, send: fields, save: begun}}
                - {{operation: begin, if: "!note", send: fields}}
                - {{operation: look, if: begun.job, params: {{job: begun.job}}, poll: {UNTIL}, save: {{made: thing}}}}
                - {{operation: read, templates: {{id: ["{{begun.thing}}", "{{made}}", "1"]}}}}
        """,
    )
    done = {"state": "done", "thing": "7"}
    sent = catalog.run("create", title="x", note="n", responses=[{"job": "j"}, done, {"id": "7"}]).sent
    assert sent[1:] == [("POST /jobs", {"job": "j"}), "GET /things?id=7"]
    assert catalog.run("create", title="x", responses=[{}, {"id": "1"}]).sent == [("POST /things", {"title": "x"}), "GET /things?id=1"]


def test_completed_job_names_the_created_record(build: Build) -> None:
    catalog = built(build, UNTIL)
    with pytest.raises(VendorProtocolError, match="an earlier response lacks the id"):
        catalog.run("create", title="x", responses=[{"job": "j"}, {"state": "done"}])


def test_an_address_is_polled_without_the_credential(build: Build) -> None:
    poll = "{url_header: Location, schema: Job, until: state == 'done'}"
    catalog = build(
        model=MODEL,
        document=document(
            [
                call("begin", "POST /things", takes=obj(title="string"), returns=obj()),
                call("read", "GET /things/{id}", returns="Thing"),
            ],
            {"Thing": obj(id="string", title="string?"), "Job": JOB},
        ),
        mapping=f"""
            resource: things
            schema: Thing
            fields: {{id: {{read: id}}, title: title}}
            operations:
              create:
                - {{operation: begin, send: fields, poll: {poll}, save: {{made: thing}}}}
                - {{operation: read, params: {{id: made}}}}
        """,
        vendor='transfer_hosts: ["https://*.jobs.example"]',
    )
    there = "https://eu.jobs.example/j/1?t=2"
    responses = [(202, None, {"location": there}), {"state": "busy"}, {"state": "done", "thing": "7"}, {"id": "7"}]
    ran = catalog.run("create", title="x", responses=responses)
    assert ran.sent == [("POST /things", {"title": "x"}), f"GET {there}", f"GET {there}", "GET /things/7"]
    sent = [str(request.credential.headers()) for request in ran.requests]
    assert ["secret" in each for each in sent] == [True, False, False, True]
    with pytest.raises(Unconfirmed, match=r"'jobs\.example', which is not a known host"):
        catalog.run("create", title="x", responses=[(202, None, {"location": "https://jobs.example/j"})])
    with pytest.raises(Unconfirmed, match="lacks the header Location"):
        catalog.run("create", title="x", responses=[202])


def test_an_address_needs_hosts_that_it_may_lie_on(build: Build) -> None:
    with pytest.raises(
        Refused, match="MAP218 the header `Location` of a response would be followed, and the vendor declares no `transfer_hosts`"
    ):
        built(build, "{url_header: Location, schema: Job, until: state == 'done'}")


def test_values_of_responses_are_looked_up(build: Build) -> None:
    for poll, expected in (
        ("{until: status == 'done'}", "the response of look has no `status` here"),
        ("{until: state == 'done', failed_if: wrong}", "the response of look has no `wrong` here"),
        ("{until: state == 'done', failed_if: state == 'failed', message: why.word}", "`why` of the response of look has no `word`"),
        ("{url_header: Location, schema: Jobs, until: state == 'done'}", "MAP211 the vendor's document has no schema `Jobs`"),
    ):
        with pytest.raises(Refused, match=expected):
            built(build, poll, vendor='transfer_hosts: ["https://jobs.example"]')


def test_responses_in_an_envelope(build: Build) -> None:
    catalog = built(build, UNTIL, vendor="envelope: data", envelope=True)
    responses = [{"job": "j"}, {"data": {"state": "busy"}}, {"data": {"state": "done", "thing": "7"}}, {"id": "7"}]
    assert catalog.run("create", title="x", responses=responses).value.id == "7"
    with pytest.raises(Rejected, match="could not do it: no room"):
        catalog.run("create", title="x", responses=[{"job": "j"}, {"data": {"state": "failed", "why": {"text": "no room"}}}])
