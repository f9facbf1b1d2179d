"""Policies from files, folders and servers, in one language or several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.policy.test_cedar import ALL, called
from tests.policy.test_rego import ALLOW
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.policy import loader, starter_policies
from unified_platform.policy.combined import AllEngines
from unified_platform.policy.findings import PolicyErrors
from unified_platform.policy.opa import OPA
from unified_platform.policy.rego import RegoPolicies
from unified_runtime import InvalidInput
from unified_runtime.core.policy_decisions import Outcome


@pytest.fixture
def server() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


def test_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        loader.load(tmp_path / "missing.cedar")
    with pytest.raises(InvalidInput, match="holds no policy"):
        loader.load(tmp_path)
    with pytest.raises(InvalidInput, match="no location of policies"):
        loader.load()
    with pytest.raises(InvalidInput, match="is not a policy"):
        loader.load(Path(__file__))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.cedar").write_text(ALL)
    assert loader.load(tmp_path).decide([called("get")])[0].policies == ("all",)
    (tmp_path / "b.cedar").write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match="UTF-8"):
        loader.load(tmp_path)


def test_rego_beside_cedar_has_to_agree(tmp_path: Path) -> None:
    (tmp_path / "a.cedar").write_text(ALL)
    (tmp_path / "b.rego").write_text(starter_policies.text("read-only", "rego"))
    (tmp_path / "b_test.rego").write_text("package unified.policy_test\nimport rego.v1\ntest_x if { no_such_function(1) }")
    engine = loader.load(tmp_path)
    assert isinstance(engine, AllEngines)
    assert [d.outcome for d in engine.decide([called("get"), called("delete")])] == [Outcome.ALLOW, Outcome.DENY]
    assert set(loader.rules(engine)) == {"all"}
    (tmp_path / "a.cedar").unlink()
    assert isinstance(loader.load(tmp_path), RegoPolicies)


def test_mistakes_of_both_languages_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.cedar").write_text("permit (principal, action, resoorce);")
    (tmp_path / "b.rego").write_text("package unified.policy\nallow if {")
    with pytest.raises(PolicyErrors) as caught:
        loader.load(tmp_path)
    assert {Path(finding.file).name for finding in caught.value.findings} == {"a.cedar", "b.rego"}


def test_a_server(tmp_path: Path, server: Loopback) -> None:
    server.answers(Reply.of({"result": ALLOW}))
    (tmp_path / "a.cedar").write_text(ALL)
    engine = loader.load(tmp_path, server.url)
    assert isinstance(engine, AllEngines)
    assert isinstance(engine.engines[1], OPA)
    assert engine.embedded is False
    assert engine.decide([called("get")])[0].outcome is Outcome.ALLOW
    assert len(server.seen) == 1
