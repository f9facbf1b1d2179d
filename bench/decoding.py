"""Benchmark of decoding a response of 100 full issues, and of rules about records, without HTTP."""

from __future__ import annotations

import json

import orjson

from bench import jira_responses
from bench.measure import Measured, functions
from bench.record_rules import rules

COUNT = 100


def measure(quick: bool) -> Measured:
    from unified.models.tasks import Task, TaskFilters
    from unified.vendors.jira import tasks, types
    from unified_runtime import Context, Page, Response
    from unified_runtime.core.decoding import decode

    body = jira_responses.page(COUNT, full=True)
    response = Response(200, [(b"Content-Type", b"application/json")], body, "https://acme.atlassian.net/rest/api/3/search/jql")
    context = Context({"site": "acme"}, {})
    filters = TaskFilters(project_id="PROJ")

    def narrow(loops: int) -> None:
        for _ in range(loops // COUNT):
            assert len(decode(response, types.SearchAndReconcileResults).issues or ()) == COUNT

    def read() -> Page[Task]:
        steps = tasks.list_(context, filters)
        next(steps)
        try:
            steps.send(response)
        except StopIteration as stop:
            page: Page[Task] = stop.value
            return page
        raise AssertionError("the list sends a second request")

    def models(loops: int) -> None:
        for _ in range(loops // COUNT):
            assert len(read().items) == COUNT

    def described(loops: int) -> None:
        for _ in range(loops // COUNT):
            assert all(task.description for task in read().items)

    def with_orjson(loops: int) -> None:
        for _ in range(loops // COUNT):
            assert len(orjson.loads(body)["issues"]) == COUNT

    def with_json(loops: int) -> None:
        for _ in range(loops // COUNT):
            assert len(json.loads(body)["issues"]) == COUNT

    subjects = {
        "narrow decode": narrow,
        "to Task models": models,
        "descriptions read": described,
        "orjson.loads": with_orjson,
        "json.loads": with_json,
    }
    return {"decoding": functions(subjects, 1 if quick else 61, 4 * COUNT), "record rules": rules(quick)}
