"""Private vendors in a clean environment: the wheel is installed, an application's own repository is compiled into a package, and the
package's vendor is used like one of the distribution. It takes about ten seconds, and needs no network.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.private.desk import serving
from tests.support.installed import Environment, attempt, run

ROOT = Path(__file__).parents[2]
PROJECT = Path(__file__).with_name("project")
APPLICATION = Path(__file__).with_name("application.py")
INTO = "src/acme_vendors"
TOOLS = ["invoices_create", "invoices_get", "tasks_create", "tasks_get", "tasks_list"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="module")
def project(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application's repository, with its package built and installed."""
    folder = tmp_path_factory.mktemp("project") / "acme"
    shutil.copytree(PROJECT, folder)
    (folder / "src").mkdir()
    gen = environment.bin / "gen"
    checked = run([gen, "check"], folder)
    assert "nothing found" in checked.stderr
    built = run([gen, "build", "--into", INTO], folder)
    assert "added" in built.stderr
    assert "pyproject.toml" not in built.stderr, "the package is registered already"
    environment.install("-e", folder)
    return folder


@pytest.mark.slow
def test_the_build_is_repeatable_and_checked(environment: Environment, project: Path) -> None:
    gen = environment.bin / "gen"
    run([gen, "build", "--into", INTO, "--check"], project)
    changed = project / INTO / "vendors/acme_desk/tasks.py"
    text = changed.read_text()
    changed.write_text(text + "\n")
    stale = attempt([gen, "build", "--into", INTO, "--check"], project)
    assert stale.returncode == 1
    assert f"changed: {INTO}/vendors/acme_desk/tasks.py" in stale.stderr
    assert f"run `gen build --into {INTO}`" in stale.stderr
    run([gen, "build", "--into", INTO], project)
    assert changed.read_text() == text


@pytest.fixture
def desk() -> Iterator[tuple[str, list[str]]]:
    with serving() as found:
        yield found


@pytest.mark.slow
def test_a_private_vendor_is_used_like_one_of_the_distribution(
    environment: Environment, project: Path, desk: tuple[str, list[str]]
) -> None:
    url, requests = desk
    found = json.loads(run([environment.python, APPLICATION, url], project).stdout)
    assert Path(found["package"]).is_relative_to(environment.bin.parent), "the wheel runs, not this checkout"
    assert found["made"] == ["T-1", "Printer", "acme-desk"]
    assert found["read"] == ["T-1", "It is on fire", "open"]
    assert found["listed"] == ["T-1"]
    assert found["permitted"] == ["T-1", "I-1"]
    assert found["described"] == ["tickets have no labels", "create"]
    assert found["broker"] == ["Printer", "Repair"]
    assert requests[0] == "POST /tickets Bearer secret"
    assert found["tools"] == TOOLS
    assert found["result"]["title"] == "Printer"
    assert found["found"][0] == "invoices_create"
    assert found["mcp"] == TOOLS
    assert found["invoice"] == ["I-1", "12.50", "T-1", "Repair"], "a private model"
    assert found["entry"] == ["Acme Desk", ["create", "get", "list"]]
    assert {"acme-desk", "jira", "github"} < {*found["vendors"]}


@pytest.mark.slow
def test_commands_know_a_private_vendor(environment: Environment, project: Path, tmp_path: Path, desk: tuple[str, list[str]]) -> None:
    unified, (url, requests) = environment.bin / "unified", desk
    vault = {"UNIFIED_VAULT": str(tmp_path / "vault.db"), "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}"}
    words = ["connect", "acme-desk", "--user", "alice", "--stdin", "-c", f"url={url}"]
    run([unified, *words], project, typed="token=from-the-vault\n", variables=vault)
    called = run([unified, "call", "invoices.get", "id=I-1", "--via", "acme-desk", "--user", "alice", "--json"], project, variables=vault)
    assert json.loads(called.stdout)["amount"] == "12.50"
    assert requests == ["GET /invoices/I-1 Bearer from-the-vault"]
    assert "private vendors: acme-desk in acme_vendors" in attempt([unified, "doctor"], project, variables=vault).stdout
    page = run([unified, "catalog", "acme-desk"], project).stdout
    assert "POST /tickets" in page
    assert "tickets are not nested" in page
    (tmp_path / "right.cedar").write_text('permit (principal, action, resource) when { context.vendor == "acme-desk" };')
    (tmp_path / "wrong.cedar").write_text('permit (principal, action, resource) when { context.vendor == "acme-disk" };')
    assert "no mistake" in run([unified, "policy", "check", tmp_path / "right.cedar"], project).stdout
    wrong = attempt([unified, "policy", "check", tmp_path / "wrong.cedar"], project)
    assert wrong.returncode == 1
    assert "acme-desk" in wrong.stderr, "the vendor that is meant"
