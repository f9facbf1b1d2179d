"""Rules about records, of a list of 50: what judging all of it in one batch adds to the call, and what judging them one by one would.

No HTTP: the answer is at hand, so that what is compared is the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bench import answers
from bench.measure import Series, functions

if TYPE_CHECKING:
    from unified_runtime import Response
    from unified_runtime.control.policy import Decision, PolicyEngine, Question
    from unified_runtime.messages import HTTPRequest

COUNT = 50
LEFT = 33
"""How many of them are not done."""

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
    """An engine that is asked about each record by itself."""

    embedded = True

    def __init__(self, engine: PolicyEngine) -> None:
        self._engine = engine
        self.immediate = getattr(engine, "immediate", False)

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        return [self._engine.decide([question])[0] for question in questions]


class AtHand:
    """A transport whose one answer is at hand."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def send(self, request: HTTPRequest) -> Response:
        from unified_runtime import Response

        return Response(200, [(b"Content-Type", b"application/json")], self._body, request.url)

    def close(self) -> None:
        """Nothing is open."""


def rules(quick: bool) -> tuple[Series, ...]:
    from unified_platform.policy.cedar import CedarPolicies
    from unified_platform.policy.rego import RegoPolicies

    cedar, rego = CedarPolicies({"policy.cedar": CEDAR}), RegoPolicies({"policy.rego": REGO})
    subjects = {
        "no policy": _lists(None, COUNT),
        "Cedar, in one batch": _lists(cedar, LEFT),
        "Cedar, one by one": _lists(OneByOne(cedar), LEFT),
        "Rego, in one batch": _lists(rego, LEFT),
        "Rego, one by one": _lists(OneByOne(rego), LEFT),
    }
    return functions(subjects, 1 if quick else 31, 10)


def _lists(engine: PolicyEngine | None, left: int) -> Callable[[int], None]:
    """Lists of 50 issues, of which a policy leaves so many."""
    import unified
    from unified import tasks
    from unified_runtime import Client, Guard

    client = Client(AtHand(answers.page(COUNT)), guard=Guard(engine) if engine is not None else None)
    client.connect("jira", unified.basic("me@example.com", "token"), site="acme")

    def lists(loops: int) -> None:
        with client, unified.acting(agent="helper"):
            for _ in range(loops):
                assert sum(1 for _ in tasks.list(project_id="PROJ", limit=COUNT)) == left

    return lists
