"""The examples of the pages on multi-tenancy and secrets run as written."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.doc_examples import ROOT, blocks, commands
from unified import Denied, NotConnected, acting, tasks, using
from unified_emulation.serving.emulators import Emulators
from unified_platform.cli import main
from unified_platform.vault import open_vault

TENANTS, SECRETS = "docs/how-to/multi-tenancy.md", "docs/how-to/secrets.md"


def cedar(page: str) -> str:
    found = re.search(r"^```cedar\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def succeed(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


def test_users_have_their_own_accounts_and_rules(home: Path) -> None:
    (home / "users.cedar").write_text(cedar(TENANTS), encoding="utf-8")
    names: dict[str, Any] = {"__name__": "example"}
    for code in blocks(TENANTS):
        exec(compile(code, TENANTS, "exec"), names)
    assert names["titles"]("alice")
    with pytest.raises(NotConnected):
        names["titles"]("bob")
    succeed("connect", "jira", "--user", "bob", "-c", "site=acme", "--emulated")
    later: dict[str, Any] = {"__name__": "example"}
    for code in blocks(TENANTS):
        exec(compile(code, TENANTS, "exec"), later)
    assert later["titles"]("bob")
    for user, allowed in (("alice", True), ("bob", False)):
        box = later["toolbox"](user)
        assert all("user" not in tool.parameters["properties"] for tool in box if tool.name == "tasks_create")
        created = box.call("tasks_create", {"title": f"By {user}", "project_id": "PROJ"})
        assert created.failed is not allowed, created.text
    with using(later["client"]), acting(user="bob", via="jira"), pytest.raises(Denied):
        tasks.create(title="By bob", project_id="PROJ")


def test_tenants_are_separate(home: Path) -> None:
    assert open_vault().list(user="alice").records
    assert not open_vault(tenant="acme").list(user="alice").records


def test_a_program_prints_the_root_key_and_it_is_rotated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulated: tuple[str, Emulators]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("UNIFIED_VAULT", "UNIFIED_CONTROL"):
        monkeypatch.setenv(name, str(tmp_path / f"{name.lower()}.db"))
    source = re.search(r"^export UNIFIED_VAULT_KEY='(.*)'$", (ROOT / SECRETS).read_text(encoding="utf-8"), re.MULTILINE)
    assert source
    aws = tmp_path / "bin" / "aws"
    aws.parent.mkdir()
    key = base64.b64encode(bytes(range(32))).decode()
    expected = "kms decrypt --ciphertext-blob fileb://unified.key --query Plaintext --output text"
    aws.write_text(f'#!/bin/sh\n[ "$*" = "{expected}" ] && echo {key}\n', encoding="utf-8")
    aws.chmod(0o700)
    monkeypatch.setenv("PATH", f"{aws.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("UNIFIED_VAULT_KEY", source[1])
    written = [words for words in commands(ROOT / SECRETS) if words[0] == "vault"]
    assert [words[1] for words in written] == ["info", "rotate", "rotate", "verify"]
    monkeypatch.setenv("UNIFIED_EMULATOR", emulated[0])
    succeed("connect", "jira", "--user", "alice", "-c", "site=acme", "--emulated")
    for words in written:
        succeed(*(word.replace("/etc/unified/", f"{tmp_path}/") for word in words))
    assert CliRunner().invoke(main, ["connections", "list"]).exit_code != 0, "the old root key does not open it"
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path}/new.key")
    assert "alice" in succeed("connections", "list")
