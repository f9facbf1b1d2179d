"""Benchmark of policy rules about records: a list of 50, evaluated in one batch and one by one.

The response is in memory, so only the policy differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bench import jira_responses
from bench.measure import Series, functions
from unified_runtime import using

if TYPE_CHECKING:
    from unified_runtime import Response
    from unified_runtime.core.messages import HTTPRequest
    from unified_runtime.core.policy_decisions import Decision, PolicyEngine, PolicyRequest

COUNT = 50
REMAINING = 33
"""Number of them that are not done."""

CEDAR = """
permit (principal, action in Action::"tasks", resource);
forbid (principal, action, resource is Task) when { resource has status && resource.status == "done" };
"""

REGO = """
package unified.policy
import rego.v1
allow := true
deny contains "it is done" if input.record.status == "done"
on_record contains "done" if not input.record
"""


class OneByOne:
    """Policy engine that evaluates each record separately."""

    embedded = True

    def __init__(self, engine: PolicyEngine) -> None:
        self._engine = engine
        self.immediate = getattr(engine, "immediate", False)

    def decide(self, requests: Sequence[PolicyRequest]) -> list[Decision]:
        return [self._engine.decide([request])[0] for request in requests]


class FixedTransport:
    """Transport that always returns the same response."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def send(self, request: HTTPRequest) -> Response:
        from unified_runtime import Response

        return Response(200, [(b"Content-Type", b"application/json")], self._body, request.url)

    def close(self) -> None:
        """Do nothing: no connection is open."""


def rules(quick: bool) -> tuple[Series, ...]:
    from unified_platform.policy.cedar import CedarPolicies
    from unified_platform.policy.rego import RegoPolicies

    cedar, rego = CedarPolicies({"policy.cedar": CEDAR}), RegoPolicies({"policy.rego": REGO})
    subjects = {
        "no policy": _list_calls(None, COUNT),
        "Cedar, in one batch": _list_calls(cedar, REMAINING),
        "Cedar, one by one": _list_calls(OneByOne(cedar), REMAINING),
        "Rego, in one batch": _list_calls(rego, REMAINING),
        "Rego, one by one": _list_calls(OneByOne(rego), REMAINING),
    }
    return functions(subjects, 1 if quick else 31, 10)


def _list_calls(engine: PolicyEngine | None, remaining: int) -> Callable[[int], None]:
    """Return calls that list 50 issues, of which the policy allows `remaining`."""
    import unified
    from unified import tasks
    from unified_runtime import Client, PolicyEnforcer

    client = Client(FixedTransport(jira_responses.page(COUNT)), policy=PolicyEnforcer(engine) if engine is not None else None)
    client.connect("jira", unified.basic("me@example.com", "token"), site="acme")

    def run(loops: int) -> None:
        with using(client), unified.acting(agent="helper"):
            for _ in range(loops):
                assert sum(1 for _ in tasks.list(project_id="PROJ", limit=COUNT)) == remaining

    return run
