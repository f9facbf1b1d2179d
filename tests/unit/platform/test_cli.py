"""The command `unified`, over the compiled catalog and a scripted server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.runtime.server import Loopback, Reply
from unified_platform.catalog import capabilities
from unified_platform.cli import main, output
from unified_platform.cli.inputs import parse_inputs
from unified_platform.connections import environment
from unified_platform.vault import ConnectionKey, ConnectionRecord, Kind, new_id, open_vault
from unified_runtime import KeyLocation, Scheme, Secret, Vendor
from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired

SECRET = "sentinel-7f3a"
ME = {"user": {"id": 7, "login": "me", "firstname": "Ada", "lastname": "Lovelace", "mail": "ada@example.test"}}


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def run(*words: str, env: dict[str, str] | None = None, stdin: str | None = None) -> Result:
    clean: dict[str, str | None] = {f"UNIFIED_REDMINE_{name}": None for name in ("USERNAME", "PASSWORD", "TOKEN", "KEY", "URL")}
    return CliRunner().invoke(main, words, env=clean | (env or {}), input=stdin, catch_exceptions=False)


def call(server: Loopback, *words: str, **options: Any) -> Result:
    env = {"UNIFIED_REDMINE_USERNAME": "me", "UNIFIED_REDMINE_PASSWORD": SECRET} | options.pop("env", {})
    return run("call", words[0], "--via", "redmine", "-c", f"url={server.url}", *words[1:], env=env, **options)


# ------------------------------------------------------------------------------------------- catalog
def test_the_catalog_is_a_table_of_vendors_and_operations() -> None:
    done = run("catalog")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    tasks = next(line for line in lines if line.startswith("tasks "))
    assert {"Asana", "Jira", "Redmine", "Trello"} <= set(tasks.split()[1:])
    create = next(line for line in lines[lines.index(tasks) :] if line.startswith("  create "))
    assert create.count("yes") >= 4
    assert "unchecked paths" in done.stdout
    assert "Dropbox" not in tasks, "a vendor stands where it offers something"
    assert "Discord" not in next(line for line in lines if line.startswith("contacts "))
    for note in ("[1]", "[2]"):
        assert done.stdout.count(f"  {note} ") >= 1, "a mark is explained below its table"


def test_the_catalog_as_data_holds_what_the_compiler_wrote() -> None:
    data = json.loads(run("catalog", "jira", "--json").stdout)
    assert [entry["vendor"] for entry in data] == ["jira"]
    create = data[0]["resources"]["tasks"]["operations"]["create"]
    assert create["effect"] == "write"
    assert create["calls"][0] == "POST /rest/api/3/issue"
    only = json.loads(run("catalog", "--resource", "users", "--json").stdout)
    assert {name for entry in only for name in entry["resources"]} == {"users"}


def test_the_catalog_states_what_a_vendor_rests_on() -> None:
    data = json.loads(run("catalog", "jira", "--json").stdout)[0]["behaviour"]
    assert data["facts"] == sum(data["basis"].values()) > 20
    line = run("catalog", "jira").stdout.splitlines()[1]
    assert line.startswith(f"rests on: document, {data['facts']} facts beyond it (")
    assert line.endswith(f"checked {data['checked']})")


def test_the_catalog_is_shown_without_the_library_that_reads_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.delitem(sys.modules, "unified_openapi.source.yaml12", raising=False)
    assert json.loads(run("catalog", "jira", "--json").stdout)[0]["behaviour"] is None
    lines = run("catalog", "jira").stdout.splitlines()
    assert lines[1] == "rests on: document; to count the facts beyond it, run pip install 'unified-apis[emulate]'"
    assert "tasks.create (write)" in lines
    assert json.loads(run("catalog", "trello", "--json").stdout)[0]["vendor"] == "trello"


def test_details_of_a_vendor_list_requests_and_unsupported_fields() -> None:
    text = run("catalog", "trello", "--resource", "tasks").stdout
    assert "tasks.create (write)" in text
    assert "tasks: not available" in text
    assert "users." not in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("catalog", "jura"), "no vendor 'jura'; did you mean 'jira'?"),
        (("catalog", "--resource", "task"), "no resource 'task'; did you mean 'tasks'?"),
        (("plan", "task.create", "--via", "jira"), "did you mean 'tasks.create'?"),
        (("plan", "tasks", "--via", "jira"), "write RESOURCE.OPERATION"),
        (("plan", "tasks.crate", "--via", "jira"), "no operation 'crate'; did you mean 'create'?"),
        (("plan", "users.me", "--via", "jura"), "did you mean 'jira'?"),
        (("plan", "comments.create", "--via", "jira", "body"), "'body' is not an input: write name=text"),
        (("plan", "comments.create", "--via", "jira", "body:={"), "is not JSON"),
        (("plan", "comments.create", "--via", "jira", "task_id=P-1", "boddy=x"), "boddy: there is no such input; did you mean 'body'?"),
        (("plan", "comments.list", "--via", "jira", "task_id=P-1", "limit=5"), "limit is the page size, a whole number from 1, not '5'"),
    ],
)
def test_a_wrong_command_is_reported_and_exits_with_2(words: tuple[str, ...], message: str) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    data = json.loads(run(*words, "--json").stderr)
    assert data["error"] == "InvalidInput"


# ------------------------------------------------------------------------------------------- plan
def test_a_plan_needs_no_account() -> None:
    done = run("plan", "comments.create", "--via", "jira", "task_id=P-1", "body=*now*")
    assert done.exit_code == 0
    assert "1. POST https://{site}.atlassian.net/rest/api/3/issue/P-1/comment" in done.stdout
    assert "Authorization: Basic •••" in done.stdout
    data = json.loads(run("plan", "comments.list", "--via", "jira", "task_id=P-1", "limit:=5", "--json").stdout)
    assert ["maxResults", "5"] in data["requests"][0]["query"]


def test_a_plan_with_the_connection_of_a_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path}/key")
    words = ("plan", "tasks.get", "--via", "jira", "id=P-1")
    assert "vault" in run(*words, "--user", "alice").stderr, "there is no vault yet"
    key = ConnectionKey(vendor="jira", user="alice")
    secrets = {"password": Secret(SECRET)}
    open_vault().put(
        ConnectionRecord(id=new_id(), key=key, scheme="basicAuth", kind=Kind.BASIC, username="a", secrets=secrets, values={"site": "acme"})
    )
    for operation in (words, ("plan", "jira.getVotes", "issue_id_or_key=P-1")):
        planned = run(*operation, "--user", "alice")
        assert "GET https://acme.atlassian.net/rest/api/3/issue/P-1" in planned.stdout, planned.stderr
        assert SECRET not in planned.stdout
        bob = run(*operation, "--user", "bob")
        assert (bob.exit_code, bob.stdout) == (3, "")
        assert "bob" in bob.stderr
        assert "{site}" in run(*operation).stdout
    given = run(*words, "--user", "alice", "-c", "site=other")
    assert (given.exit_code, given.stdout) == (2, "")
    assert "cannot be given together" in given.stderr


def test_a_plan_with_values_of_a_connection() -> None:
    words = ("plan", "tasks.get", "--via", "jira", "id=P-1")
    assert "1. GET https://acme.atlassian.net/rest/api/3/issue/P-1?" in run(*words, "-c", "site=acme").stdout
    own = run("plan", "tasks.get", "--via", "github", "id=o/r#1", "-c", "url=https://github.example.org/api/v3")
    assert "1. GET https://github.example.org/api/v3/repos/o/r/issues/1\n" in own.stdout
    calendar = ("plan", "calendars.list", "--via", "microsoft-graph", "-c", "principal=ada@example.org", "--json")
    assert json.loads(run(*calendar).stdout)["requests"][0]["url"].endswith("/users/ada%40example.org/calendars")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("site", "--connection accepts NAME=VALUE, not 'site'"),
        ("sit=acme", "Jira has no connection value 'sit'; did you mean 'site'?"),
        ("site=a/../b", "site 'a/../b' of a Jira connection is not of the form"),
    ],
)
def test_a_plan_checks_values_of_a_connection(value: str, message: str) -> None:
    done = run("plan", "tasks.get", "--via", "jira", "id=P-1", "-c", value)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


# ------------------------------------------------------------------------------------------- call
def test_a_call_prints_the_record(server: Loopback) -> None:
    server.answers(Reply.of(ME), Reply.of(ME))
    text = call(server, "users.me")
    assert text.exit_code == 0
    assert "ada@example.test" in text.stdout
    data = json.loads(call(server, "users.me", "--json").stdout)
    assert data["id"] == "7"
    assert server.seen[0].headers["Authorization"].startswith("Basic ")


def test_a_call_prints_a_list_as_json_lines(server: Loopback) -> None:
    users = [{"id": number, "firstname": "U", "lastname": str(number)} for number in range(5)]
    server.answers(*[Reply.of({"users": users, "total_count": 5, "offset": 0, "limit": 100})] * 2)
    lines = call(server, "users.list", "--json", "--most", "3").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["0", "1", "2"]
    assert call(server, "users.list").stdout.count("\n\n") == 4


def test_requests_by_path(server: Loopback) -> None:
    env = {"UNIFIED_REDMINE_USERNAME": "me", "UNIFIED_REDMINE_PASSWORD": SECRET}

    def api(*words: str) -> Result:
        return run("api", "redmine", *words, "-c", f"url={server.url}", "--json", env=env)

    server.answers(Reply.of({"plugins": []}), Reply.of({"id": 1}), Reply.of(ME))
    assert json.loads(api("get", "/plugins.json", "on=today").stdout) == {"plugins": []}
    assert json.loads(api("POST", "/plugins.json", "name=tea", "size:=2").stdout) == {"id": 1}
    assert json.loads(api("GET", "/users/7.json").stdout) == ME
    assert [seen.target for seen in server.seen] == ["/plugins.json?on=today", "/plugins.json", "/users/7.json"]
    assert json.loads(server.seen[1].body) == {"name": "tea", "size": 2}
    assert server.seen[0].headers["Authorization"].startswith("Basic ")
    wrong = api("GET")
    assert wrong.exit_code == 2
    assert "unified api redmine GET /path" in wrong.stderr


def test_an_empty_list_is_stated(server: Loopback) -> None:
    server.answers(Reply.of({"users": [], "total_count": 0}))
    assert call(server, "users.list").stdout == "nothing found\n"


@pytest.mark.parametrize(("status", "code"), [(401, 3), (403, 3), (404, 4), (409, 5), (422, 5)])
def test_an_error_of_the_vendor_has_its_exit_status(server: Loopback, status: int, code: int) -> None:
    server.answers(Reply.of({"errors": [f"it failed because of {SECRET}"]}, status, X_Request_Id="r-1"))
    done = call(server, "users.me", "--json")
    assert done.exit_code == code
    data = json.loads(done.stderr)
    assert (data["status"], data["request_id"], data["vendor"]) == (status, "r-1", "redmine")
    assert SECRET not in done.output


def test_credentials_come_from_standard_input_too(server: Loopback) -> None:
    server.answers(Reply.of(ME))
    env = {"UNIFIED_REDMINE_USERNAME": "", "UNIFIED_REDMINE_PASSWORD": ""}
    done = call(server, "users.me", "--stdin", stdin=f"# from the vault\n\nx_redmine_api_key={SECRET}\n", env=env)
    assert done.exit_code == 0
    assert {name.lower(): value for name, value in server.seen[0].headers.items()}["x-redmine-api-key"] == SECRET


def test_a_line_of_standard_input_that_is_wrong_is_not_quoted(server: Loopback) -> None:
    done = call(server, "users.me", "--stdin", stdin=f"{SECRET}\n")
    assert done.exit_code == 2
    assert "line 1 of standard input" in done.stderr
    assert SECRET not in done.output


def test_a_missing_credential_lists_the_variables(server: Loopback) -> None:
    done = run("call", "users.me", "--via", "redmine", "-c", f"url={server.url}")
    assert done.exit_code == 3
    assert "UNIFIED_REDMINE_X_REDMINE_API_KEY" in done.stderr
    assert "UNIFIED_REDMINE_USERNAME and UNIFIED_REDMINE_PASSWORD" in done.stderr
    assert server.seen == []


def test_the_scheme_and_the_connection_are_checked(server: Loopback) -> None:
    assert "has no scheme 'Nope'" in call(server, "users.me", "--scheme", "Nope").stderr
    assert "accepts NAME=VALUE" in call(server, "users.me", "-c", "url").stderr
    assert "no connection value 'urll'; did you mean 'url'" in call(server, "users.me", "-c", "urll=x").stderr
    assert "cannot be Redmine's server" in call(server, "users.me", "--server", "http://example.com").stderr


def test_a_vendors_text_does_not_steer_the_terminal(server: Loopback) -> None:
    server.answers(Reply.of({"user": ME["user"] | {"firstname": "\x1b[2J\x07Ada"}}))
    done = call(server, "users.me")
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert "Ada" in done.stdout


# ------------------------------------------------------------------------------------------- the parts
def test_inputs_are_texts_values_and_lists() -> None:
    assert parse_inputs(["a=1", "b:=1", "c=", "d==x", "e:=null", "f=x", "f=y", "f:=3", "g:=[1]"]) == {
        "a": "1",
        "b": 1,
        "c": "",
        "d": "=x",
        "e": None,
        "f": ["x", "y", 3],
        "g": [1],
    }


def test_every_error_of_the_tree_has_an_exit_status() -> None:
    named = (*vars(errors).values(), ApprovalRequired)
    kinds = [kind for kind in named if isinstance(kind, type) and issubclass(kind, errors.UnifiedError)]
    for kind in kinds:
        status = output.exit_status(kind("x"))
        assert (status == 1) == (kind is errors.UnifiedError)
    assert output.exit_status(errors.Unconfirmed("x")) == 7


def test_the_names_of_variables() -> None:
    vendor = Vendor(
        name="google-drive",
        title="Drive",
        servers={"default": "https://x.test"},
        schemes={
            "keys": Scheme("api_key", (KeyLocation("key", "query", "k"), KeyLocation("token", "header", "T"))),
            "bearer": Scheme("bearer"),
        },
    )
    assert environment.variable("google-drive", "token") == "UNIFIED_GOOGLE_DRIVE_TOKEN"
    found = environment.from_variables(vendor, {"UNIFIED_GOOGLE_DRIVE_TOKEN": "t", "UNIFIED_GOOGLE_DRIVE_KEY": "", "OTHER": "x"})
    assert found == {"token": "t"}
    assert environment.credential(vendor, found, None)[0] == "bearer"
    assert environment.credential(vendor, {"token": "t", "key": "k"}, None)[0] == "keys"


def test_the_catalog_loads_every_vendor() -> None:
    entries = capabilities.load()
    assert {entry.name for entry in entries} >= {"asana", "jira", "redmine", "trello"}
    assert "tasks" in capabilities.resource_names(entries)


def test_commands_are_described_without_their_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise errors.InvalidInput("the vault needs cryptography: install it with pip install 'unified-apis[vault]'")

    monkeypatch.setattr("unified_platform.cli.import_module", missing)
    assert "connect      Connect a vendor and store the connection in the vault." in run("--help").stdout
    help = run("vault", "--help")
    assert help.exit_code == 0
    assert "Manage the vault" in help.stdout
    assert "unified-apis[vault]" in help.stdout
    assert run("vault", "verify").exit_code == 1


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"unified, version {metadata.version('unified-apis')}\n"
