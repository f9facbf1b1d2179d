"""Programs with mistakes that models make: each is rejected before anything is sent, with a short message that helps. Half a minute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from unified_platform.programs import ProgramRunner
from unified_platform.programs.diagnostics import MOST, TOKENS
from unified_platform.tools import tools
from unified_platform.tools.results import tokens
from unified_runtime import Client
from unified_runtime.core.connection_registry import Connections

CASES = [
    (kind["kind"], kind["program"].replace("{}", str(wrong), 1), str(expected))
    for kind in yaml.safe_load(Path(__file__).with_name("faulty.yaml").read_text(encoding="utf-8"))
    for wrong, expected in kind["cases"]
]


class _Silent(Client):
    """Client that fails if anything is called."""

    def run(self, operation: Any, invocation: Any) -> Any:
        raise AssertionError(f"{operation.name} was called")

    def list(self, operation: Any, invocation: Any) -> Any:
        raise AssertionError(f"{operation.name} was called")


@pytest.fixture(scope="module")
def runner() -> ProgramRunner:
    return ProgramRunner(
        list(
            tools(toolsets=["tasks", "comments", "projects", "users"], vendors=["jira", "asana"], client=_Silent(connections=Connections()))
        )
    )


def test_there_are_200() -> None:
    assert len({code for _, code, _ in CASES}) >= 200


@pytest.mark.parametrize(("kind", "code", "expected"), CASES, ids=[f"{kind} {number}" for number, (kind, _, _) in enumerate(CASES)])
def test_mistakes_are_rejected_with_a_helpful_message(runner: ProgramRunner, kind: str, code: str, expected: str) -> None:
    outcome = runner.run(code)
    assert outcome.state == "rejected", outcome.text
    assert expected in outcome.text
    assert all(tokens(problem) <= TOKENS for problem in outcome.problems[:MOST])
