"""Stubs of toolkits: type checkers accept right calls and report wrong ones."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from unified_platform.cli.toolkits import stubs
from unified_runtime import InvalidInput
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.stubs import stub

CALLS = """from typing import assert_type

from unified.aio.api import jira as later
from unified.api import jira, shop
from unified_runtime.core.plans import Plan

jira.issues.add_watcher("PROJ-7", body="x", idempotency_key="k")
assert_type(jira.issues.add_watcher.plan("PROJ-7", body="x"), Plan)
for issue in jira.search.search_and_reconsile_issues_using_jql(jql="project = P", fields=["summary"], limit=5):
    print(issue.key)
shop.orders.create_order(title="Tea", state="open", lines=[{"sku": "A-1", "count": 2}])


async def calls() -> None:
    await later.issues.add_watcher("PROJ-7", body="x")


"""
WRONG = {
    'jira.issues.get_issue("PROJ-7", update_history="yes")': "update_history",
    'jira.issues.get_issu("PROJ-7")': "get_issu",
    'jira.issues.add_watcher("PROJ-7", bodi="x")': "bodi",
    'shop.orders.create_order(title="Tea", state="lost")': "lost",
    'shop.orders.create_order(title="Tea", lines=[{"cuont": 2}])': "cuont",
    "shop.orders.create_order()": "title",
}


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_accept_right_calls_and_report_wrong_ones(checker: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(stubs, ["jira", "shop", "--into", str(tmp_path / "typings")])
    assert done.exit_code == 0, done.output
    (tmp_path / "calls.py").write_text(CALLS + "\n".join(WRONG) + "\n")
    if checker == "mypy":
        command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "calls.py"]
    else:
        (tmp_path / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "standard", "reportMissingModuleSource": False}))
        command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "calls.py"]
    environment = {**os.environ, "MYPYPATH": str(tmp_path / "typings")}
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    first = CALLS.count("\n") + 1
    lines = [line for line in found.stdout.splitlines() if "error" in line and "calls.py:" in line]
    reported = {int(line.partition("calls.py:")[2].partition(":")[0]): line for line in lines}
    assert set(reported) == set(range(first, first + len(WRONG))), found.stdout
    for number, name in enumerate(WRONG.values()):
        assert any(name in line for line in lines if f"calls.py:{first + number}:" in line) or name in found.stdout


def test_a_stub_of_some_operations_is_short() -> None:
    text = stub(registry.toolkit("shop"), ["createOrder", "orders.get"], plans=False)
    assert "def create_order(self, *, title: str, state: Literal['open', 'paid'] = ...," in text
    assert '"""create order: POST /orders"""' in text
    assert "def get_order(self, order_id: str) -> Any:" in text
    assert "list_orders" not in text
    assert "_operation" not in text
    with pytest.raises(InvalidInput, match="did you mean 'createOrder'"):
        stub(registry.toolkit("shop"), ["creatOrder"])


@pytest.mark.parametrize("vendor", ["asana", "github", "slack", "zoom"])
def test_every_stub_is_python_and_declares_each_operation(vendor: str) -> None:
    toolkit = registry.toolkit(vendor)
    tree = ast.parse(stub(toolkit))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    groups = {node.target.id: node.annotation.id for node in tree.body if isinstance(node, ast.AnnAssign)}  # type: ignore[union-attr]
    assert set(groups) == set(toolkit.groups)
    for group, names in toolkit.groups.items():
        declared = [one.name for one in classes[groups[group]].body if isinstance(one, ast.FunctionDef)]
        assert sorted(declared) == sorted(names)
