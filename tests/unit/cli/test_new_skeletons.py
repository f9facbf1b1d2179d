"""Skeletons of `gen new`: what is recognized, what is never guessed, and that there is always something to edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Gen
from tests.unit.cli.documents import TEXT, TIME, Json, many, operation, ref, save, some


@pytest.fixture
def documents(project: Path) -> Path:
    return project / "documents"


def written(project: Path, name: str, vendor: str = "second") -> str:
    return (project / "mappings/vendors" / vendor / f"{name}.yaml").read_text()


def left(gen: Gen, vendor: str = "second") -> list[str]:
    """Return the codes that `gen check` reports."""
    return [found["code"] for found in json.loads(gen("check", vendor, "--format", "json").stdout)["diagnostics"]]


def tasks(record: Json, one: Json, page: Json, **more: dict[str, Json]) -> dict[str, dict[str, Json]]:
    """Return the paths of a vendor with tasks: the schema of a record, and the responses with one and with a list of them."""
    return {
        "/tasks": {"get": operation("listTasks", page, query={"project_id": TEXT}), "post": operation("createTask", one, record)},
        "/tasks/{id}": {
            "get": operation("getTask", one),
            "patch": operation("updateTask", one, record),
            "delete": operation("deleteTask", None),
        },
        **more,
    }


TASK = some(id=TEXT, title=TEXT, description=TEXT, project_id=TEXT, created_at=TIME)


@pytest.mark.parametrize("more", [{}, {"status": TEXT, "code": TEXT, "message": TEXT, "request_id": TEXT}], ids=["bare", "with others"])
def test_envelopes_are_opened(gen: Gen, project: Path, documents: Path, more: dict[str, Json]) -> None:
    save(documents, "api", tasks(ref("Task"), some(data=ref("Task"), **more), some(data=many(ref("Task")), **more)), Task=TASK)
    assert gen("new", "vendor", "second", "--document", "api.json").exit_code == 0
    made = written(project, "tasks")
    assert "envelope: data  # guessed" in written(project, "vendor")
    for line in ("schema: Task  # guessed", "title: title  # guessed", 'items: "@"', "operation: updateTask"):
        assert line in made, made
    assert "MAP201" not in left(gen)
    assert "MAP209" not in left(gen)


def test_a_record_in_several_parts_is_one(gen: Gen, project: Path, documents: Path) -> None:
    record = {"allOf": [ref("Base"), some(title=TEXT, owner=ref("Person"))]}
    envelope = {"allOf": [some(ok={"type": "boolean"}), some(result=ref("Task"))]}
    page = {"allOf": [some(ok={"type": "boolean"}), some(result=many(ref("Task")))]}
    save(
        documents,
        "api",
        tasks(ref("Task"), envelope, page),
        Task=record,
        Base=some(id=TEXT, project=some(id=TEXT), created_at=TIME),
        Person=some(id=TEXT, name=TEXT),
    )
    assert gen("new", "vendor", "second", "--document", "api.json").exit_code == 0
    made = written(project, "tasks")
    assert "title: title  # guessed" in made
    assert "project.id" in made
    assert 'assignee_ids: {read: ["owner.id"]' in made or "owner.id" in made


def test_a_record_declared_in_place_gets_a_name(gen: Gen, project: Path, documents: Path) -> None:
    save(documents, "api", tasks(TASK, some(data=TASK), some(data=many(TASK))))
    result = gen("new", "vendor", "second", "--document", "api.json")
    assert "wrote specs/second/overlay.yaml" in result.stdout
    overlay = (project / "specs/second/overlay.yaml").read_text()
    assert "#/paths/~1tasks~1%7Bid%7D/get/responses/200/content/application~1json/schema/properties/data" in overlay
    assert "schema: Task  # guessed" in written(project, "tasks")
    assert set(left(gen)) <= {"MAP203", "MAP103"}


def test_a_us_state_is_not_a_status(gen: Gen, project: Path, documents: Path) -> None:
    states = {"type": "string", "enum": ["AL", "AK", "AZ", "CA", "IN", "MA", "OK", "OR"]}
    record = some(id=TEXT, title=TEXT, project_id=TEXT, state=states, open={"type": "boolean"})
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), Task=record)
    gen("new", "vendor", "second", "--document", "api.json")
    made = written(project, "tasks")
    assert "enum:" not in made
    assert "the values AL, AK, AZ, CA" in made
    assert "status: the vendor's values of it are not listed, or mean something else  # guessed" in made


def test_a_status_is_one_by_its_values(gen: Gen, project: Path, documents: Path) -> None:
    """Of two candidates the one with fitting values, though the other has the nearer name."""
    record = some(
        id=TEXT,
        title=TEXT,
        project_id=TEXT,
        status={"type": "string", "enum": ["red", "green"]},
        stage={"type": "string", "enum": ["open", "done"]},
    )
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), Task=record)
    gen("new", "vendor", "second", "--document", "api.json")
    made = written(project, "tasks")
    assert "path: stage\n    enum: {open: open, done: done}" in made


def model_with(project: Path, old: str, new: str) -> None:
    path = project / "mappings/models/tasks.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_search_text_goes_to_search_parameters_only(gen: Gen, project: Path, documents: Path) -> None:
    model_with(project, "      status: {field: status}", "      text: {type: text, searched_fields: [title], summary: Words in the title.}")
    paths = tasks(ref("Task"), ref("Task"), many(ref("Task")))
    listed = {"search": {"type": "string", "enum": ["mine", "all"]}, "title": TEXT, "q": TEXT}
    paths["/tasks"] = {"get": operation("listTasks", many(ref("Task")), query=listed)}
    save(documents, "api", paths, Task=TASK)
    gen("new", "vendor", "second", "--document", "api.json")
    made = written(project, "tasks")
    assert "params: {q: text}" in made, made


def test_a_filter_by_enum_needs_its_values(gen: Gen, project: Path, documents: Path) -> None:
    record = some(id=TEXT, title=TEXT, project_id=TEXT, status={"type": "string", "enum": ["open", "done"]})
    paths = tasks(ref("Task"), ref("Task"), many(ref("Task")))
    paths["/tasks"] = {"get": operation("listTasks", many(ref("Task")), query={"status": {"type": "string", "enum": ["active", "past"]}})}
    save(documents, "api", paths, Task=record)
    gen("new", "vendor", "second", "--document", "api.json")
    assert "filter.status: the vendor's document shows no such filter" in written(project, "tasks")


COMMENTS = """\
resource: comments
record: Comment
summary: A remark on a task.
fields:
  id: {type: id, read_only: true, summary: The comment's id.}
  task_id: {type: id, required: create, references: tasks, summary: The task it is about.}
  body: {type: markdown, required: create, summary: Its text.}
operations:
  create: {summary: Comment on a task.}
  list: {summary: List the comments on a task., inputs: {task_id: {field: task_id, required: true}}}
"""


@pytest.mark.parametrize(
    ("parent", "record", "found"),
    [
        ("/tasks/{id}", some(id=TEXT, body=TEXT, created_at=TIME), True),
        ("/issues/{issue_id}", some(id=TEXT, content=TEXT), True),
        ("/pages/{page_id}", some(id=TEXT, body=TEXT), False),
        ("/tasks/{id}", some(id=TEXT, rating={"type": "integer"}), False),
    ],
    ids=["of a task", "of an issue", "of a page", "no text"],
)
def test_comments_are_those_of_tasks(gen: Gen, project: Path, documents: Path, parent: str, record: Json, found: bool) -> None:
    (project / "mappings/models/comments.yaml").write_text(COMMENTS)
    path = f"{parent}/comments"
    more = {
        path: {"get": operation("listComments", many(ref("Comment"))), "post": operation("createComment", ref("Comment"), ref("Comment"))}
    }
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task")), **more), Task=TASK, Comment=record)
    result = gen("new", "vendor", "second", "--document", "api.json")
    assert (project / "mappings/vendors/second/comments.yaml").exists() == found, result.output
    assert ("not recognized: comments" in result.stdout) != found
    if found:
        assert ": task_id}" in written(project, "comments")


@pytest.mark.parametrize(
    ("server", "address"),
    [
        ("https://api.vendor.io/v1/", "https://api.vendor.io/v1"),
        ("//api.vendor.io/v1", "https://api.vendor.io/v1"),
        ("http://localhost:8080/v1", "https://{connection.host}/v1"),
        ("https://127.0.0.1/v1", "https://{connection.host}/v1"),
        ("https://10.1.2.3", "https://{connection.host}"),
        ("https://172.20.0.1", "https://{connection.host}"),
        ("https://192.168.1.10:3000/api", "https://{connection.host}/api"),
        ("https://api.example.com", "https://{connection.host}"),
        ("https://build.corp.internal/api", "https://{connection.host}/api"),
        ("https://server/api", "https://{connection.host}/api"),
        ("/api/v2", "https://{connection.host}/api/v2"),
        ("https://your-domain.vendor.io", "https://{connection.site}.vendor.io"),
        ("https://your-server.com/api", "https://{connection.host}/api"),
        ("https://{subdomain}.vendor.io/api", "https://{connection.subdomain}.vendor.io/api"),
        ("https://{your-host}/api", "https://{connection.host}/api"),
        ("https://account.vendor.io", "https://account.vendor.io"),
        ("https://10.vendor.io", "https://10.vendor.io"),
    ],
)
def test_the_server_is_the_vendors(gen: Gen, project: Path, documents: Path, server: str, address: str) -> None:
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), server, Task=TASK)
    assert gen("new", "vendor", "second", "--document", "api.json").exit_code == 0
    assert f"base_url: {address}  # guessed\n" in written(project, "vendor")


def test_a_parameter_of_most_operations_is_the_connections(gen: Gen, project: Path, documents: Path) -> None:
    paths = {f"/{{workspaceId}}{path}": item for path, item in tasks(ref("Task"), ref("Task"), many(ref("Task"))).items()}
    save(documents, "api", paths, Task=TASK)
    gen("new", "vendor", "second", "--document", "api.json")
    assert "workspace_id: The `workspaceId` of the vendor's requests." in written(project, "vendor")
    assert written(project, "tasks").count("workspaceId: connection.workspace_id") == 5
    assert "MAP103" not in left(gen)


def test_a_document_without_anything_like_it(gen: Gen, project: Path, documents: Path) -> None:
    save(documents, "odd", {"/moons": {"get": operation("listMoons", many(some(id=TEXT)))}})
    result = gen("new", "vendor", "odd", "--document", "odd.json")
    assert result.exit_code == 0
    assert "not recognized: tasks" in result.stdout
    assert "gen new resource odd RESOURCE" in written(project, "vendor", "odd")
    assert left(gen, "odd") == []


def test_a_resource_that_was_requested_is_written_to_be_completed(gen: Gen, project: Path, documents: Path) -> None:
    save(documents, "odd", {"/work": {"get": operation("findTask", many(some(id=TEXT)))}})
    result = gen("new", "vendor", "odd", "--document", "odd.json", "--resource", "tasks")
    assert result.exit_code == 0
    assert "tasks: nothing recognized; comments in the mapping describe how to complete it" in result.stdout
    made = written(project, "tasks", "odd")
    assert "gen spec take odd --document odd.json OPERATION" in made
    assert "findTask (GET /work)" in made
    assert left(gen, "odd") == ["MAP211"], "one cause: the record has no schema yet"


def test_operations_whose_responses_are_not_described(gen: Gen, project: Path, documents: Path) -> None:
    paths = tasks(TASK, some(), some())
    for item in paths.values():
        for one in item.values():
            one["responses"]["200"]["content"] = {}
    save(documents, "api", paths)
    assert gen("new", "vendor", "second", "--document", "api.json").exit_code == 0
    made = written(project, "tasks")
    assert "does not describe the tasks that its operations return" in made
    assert "operation: getTask" in made
    assert left(gen) == ["MAP211"]


def test_an_object_without_an_id(gen: Gen, project: Path, documents: Path) -> None:
    """Three operations show that it is a task: the one thing that is missing is reported."""
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), Task=some(title=TEXT, project_id=TEXT))
    gen("new", "vendor", "second", "--document", "api.json")
    assert "title: title  # guessed" in written(project, "tasks")
    assert "MAP401" in left(gen)


@pytest.mark.parametrize("parts", [{"x": {"type": "object"}}, True, 3, "a"], ids=["object", "true", "number", "text"])
def test_a_malformed_all_of_is_not_a_traceback(gen: Gen, documents: Path, parts: Any) -> None:
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), Task={**TASK, "allOf": parts, "oneOf": parts})
    assert gen("new", "vendor", "second", "--document", "api.json").exit_code in (0, 1)


def test_a_part_of_a_path_is_bound_to_its_own_kind(gen: Gen, project: Path, documents: Path) -> None:
    """The owner of a repository is not the assignee of its issues, though `owner` may mean that in a record."""
    model_with(project, "      status: {field: status}", "      assignee_id: {type: id, field: assignee_ids, references: users}")
    model_with(
        project, "      project_id: {field: project_id, required: true}", "      project_id: {field: project_id, references: projects}"
    )
    paths = {f"/repos/{{owner}}/{{repo}}{path}": item for path, item in tasks(ref("Task"), ref("Task"), many(ref("Task"))).items()}
    paths["/moons"] = {"get": operation("moons", many(some(id=TEXT)))}
    paths["/suns"] = {"get": operation("suns", many(some(id=TEXT)))}
    paths["/stars"] = {"get": operation("stars", many(some(id=TEXT)))}
    paths["/comets"] = {"get": operation("comets", many(some(id=TEXT)))}
    save(documents, "api", paths, Task=TASK)
    gen("new", "vendor", "second", "--document", "api.json")
    made = written(project, "tasks")
    assert "owner: assignee_id" not in made
    assert "repo: project_id" in made
    assert "requires: [project_id]" in made, "an optional filter fills a part of the path only if callers give it"


PROJECTS = """resource: projects
record: Project
summary: A project.
fields:
  id: {type: id, read_only: true, summary: The project's id.}
  description: {type: text, read_only: true, summary: More about it.}
operations:
  get: {summary: Read a project.}
  list: {summary: List projects., inputs: {}}
synonyms: [repository]
"""
ISSUE = some(id={"type": "integer"}, number={"type": "integer"}, title=TEXT, created_at=TIME)
REPO = some(id={"type": "integer"}, name=TEXT, owner=some(id={"type": "integer"}, login=TEXT), description=TEXT)


def test_parameters_of_a_path_make_up_an_id(gen: Gen, project: Path, documents: Path) -> None:
    model_with(
        project, "      project_id: {field: project_id, required: true}", "      project_id: {field: project_id, references: projects}"
    )
    model_with(project, "project_id: {type: id, required: create,", "project_id: {type: id, required: create, references: projects,")
    (project / "mappings/models/projects.yaml").write_text(PROJECTS)
    one, listed = "/repos/{owner}/{repo}/issues/{issue_number}", "/repos/{owner}/{repo}/issues"
    paths: dict[str, dict[str, Json]] = {
        listed: {"get": operation("listIssues", many(ref("Issue"))), "post": operation("createIssue", ref("Issue"), some(title=TEXT))},
        one: {"get": operation("getIssue", ref("Issue")), "delete": operation("deleteIssue", None)},
        "/repos/{owner}/{repo}": {"get": operation("getRepo", ref("Repo"))},
        "/repos": {"get": operation("listRepos", many(ref("Repo")))},
        **{f"/{name}": {"get": operation(name, many(some(id=TEXT)))} for name in ("moons", "suns", "stars", "comets", "rings")},
    }
    save(documents, "api", paths, Issue=ISSUE, Repo=REPO)
    gen("new", "vendor", "second", "--document", "api.json", "--resource", "tasks", "--resource", "projects")
    made, parents = written(project, "tasks"), written(project, "projects")
    assert 'format: "{owner}/{repo}/{issue_number}"' in made
    assert 'number: "{issue_number}"' in made
    assert made.count("id.owner") == made.count("id.repo") == 4, "get and delete; of a project: create and list"
    assert made.count("id.issue_number") == 2
    assert made.count("project_id.owner") == made.count("project_id.repo") == 2
    assert "requires: [project_id]" in made
    assert 'format: "{owner}/{repo}"' in parents
    assert 'owner.login: "{owner}", name: "{repo}"' in parents
    assert not {"MAP103", "MAP201", "MAP202", "MAP004", "MAP009"} & set(left(gen))


@pytest.mark.parametrize("body", [TASK, {}], ids=["declared", "without a schema"])
def test_an_input_in_two_parts_of_a_request_is_qualified(gen: Gen, project: Path, documents: Path, body: Json) -> None:
    save(documents, "api", tasks(body, ref("Task"), many(ref("Task"))), Task=TASK)
    gen("new", "vendor", "second", "--document", "api.json")
    assert "path.id: id" in written(project, "tasks")
    assert "MAP108" not in left(gen)


def test_an_operation_that_creates_something_else_is_dropped(gen: Gen, project: Path, documents: Path) -> None:
    paths = tasks(ref("Task"), ref("Task"), many(ref("Task")))
    paths["/tasks"]["post"] = operation("createTask", ref("Task"), some(ids=many(TEXT), colour=TEXT))  # type: ignore[index]
    save(documents, "api", paths, Task=TASK)
    gen("new", "vendor", "second", "--document", "api.json")
    made = written(project, "tasks")
    assert "create: the vendor's document shows no such operation  # guessed" in made
    assert "createTask" not in made


def test_custom_fields_of_a_model_have_a_reason(gen: Gen, project: Path, documents: Path) -> None:
    model_with(project, "record: Task\n", "record: Task\ncustom_fields: true\n")
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), Task=TASK)
    gen("new", "vendor", "second", "--document", "api.json")
    assert "custom_fields: the vendor's document does not show which fields an account adds  # guessed" in written(project, "tasks")
    assert not {"MAP401", "MAP403"} & set(left(gen))


@pytest.mark.parametrize(("path", "found"), [("/tickets", False), ("/tasks", True)])
def test_a_synonym_needs_more_than_a_name(gen: Gen, project: Path, documents: Path, path: str, found: bool) -> None:
    """Many records have an id and a name: under another noun, that is too little."""
    model_with(project, "project_id: {type: id, required: create,", "project_id: {type: id,")
    record = many(some(id=TEXT, name=TEXT))
    save(documents, "api", {path: {"get": operation("all", record, query={"project_id": TEXT})}})
    gen("new", "vendor", "second", "--document", "api.json")
    assert (project / "mappings/vendors/second/tasks.yaml").exists() == found


# --------------------------------------------------------------------------------------------------------------- resource
@pytest.mark.parametrize("facts", [False, True], ids=["document", "facts"])
def test_a_resource_is_added_to_a_vendor(gen: Gen, project: Path, documents: Path, monkeypatch: pytest.MonkeyPatch, facts: bool) -> None:
    (project / "mappings/models/comments.yaml").write_text(COMMENTS)
    path = "/tasks/{id}/comments"
    more = {
        path: {
            "get": operation("listComments", some(data=many(ref("Comment")))),
            "post": operation("createComment", some(data=ref("Comment")), some(data=ref("Comment"))),
        }
    }
    document = tasks(some(data=ref("Task")), some(data=ref("Task")), some(data=many(ref("Task"))), **more)
    save(documents / "acme", "api", document, Task=TASK, Comment=some(id=TEXT, body=TEXT))
    first = gen("new", "vendor", "second", "--document", "acme/api.json", "--resource", "tasks")
    assert first.exit_code == 0
    if facts:
        gen("spec", "take", "second", "--all")
        monkeypatch.delenv("UNIFIED_VENDOR_DOCUMENTS")
    result = gen("new", "resource", "second", "comments")
    assert result.exit_code == 0, result.output
    assert "wrote mappings/vendors/second/comments.yaml" in result.stdout
    made = written(project, "comments")
    assert "operation: createComment" in made
    assert 'items: "@"' in made, "the vendor's envelope is stepped through"
    lock = json.loads((project / "specs/second/lock.json").read_text())
    assert {"createComment", "createTask"} <= set(lock["documents"][0]["operations"])


def test_a_resource_is_added_without_the_document(gen: Gen, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIFIED_VENDOR_DOCUMENTS")
    (project / "mappings/models/comments.yaml").write_text(COMMENTS)
    result = gen("new", "resource", "acme", "comments")
    assert result.exit_code == 0, result.output
    assert "only the operations in specs/acme/openapi.yaml were searched" in result.stderr
    assert "Nothing in" in written(project, "comments", "acme")
    assert left(gen, "acme") == ["MAP211"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("acme", "tasks"), "mappings/vendors/acme/tasks.yaml exists already"),
        (("acme", "taks"), "there is no model of 'taks'; there is tasks"),
        (("other", "tasks"), "`gen new vendor other --document FILE` starts a vendor"),
    ],
)
def test_a_resource_that_cannot_be_added(gen: Gen, arguments: tuple[str, str], message: str) -> None:
    result = gen("new", "resource", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


# ------------------------------------------------------------------------------------------------------------------ model
def test_a_new_model_is_clean(gen: Gen, project: Path) -> None:
    result = gen("new", "model", "sales_orders")
    assert result.exit_code == 0, result.output
    made = (project / "mappings/models/sales_orders.yaml").read_text()
    for line in ("record: SalesOrder", "summary: A sales order.", "created_at:"):
        assert line in made
    assert gen("check").exit_code == 0
    assert gen("fmt", "--check", "mappings/models/sales_orders.yaml").exit_code == 0
    assert "sales_orders" in gen("new", "resource", "acme", "sales_orders", "--document", "acme/api.yaml").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tasks",), "mappings/models/tasks.yaml exists already"),
        (("errands", "--record", "Task"), "the model `tasks` has a record `Task` already"),
        (("Bad-Name",), "MAP011"),
        (("policy",), "MAP011"),
    ],
)
def test_a_model_that_cannot_be_written(gen: Gen, project: Path, arguments: tuple[str, ...], message: str) -> None:
    before = sorted(project.rglob("*"))
    result = gen("new", "model", *arguments)
    assert result.exit_code != 0
    assert message in result.output
    assert sorted(project.rglob("*")) == before


def test_a_model_that_is_only_read(gen: Gen, project: Path) -> None:
    assert gen("new", "model", "invoices", "--operation", "get", "--operation", "list").exit_code == 0
    made = (project / "mappings/models/invoices.yaml").read_text()
    assert "summary: An invoice." in made
    assert "create" not in made.replace("created_at", "").replace("was created", "")
    assert gen("check").exit_code == 0


def test_a_vendor_that_has_a_toolkit_only(gen: Gen, project: Path, documents: Path) -> None:
    """Start a mapping beside the facts that a toolkit was made from."""
    folder = project / "specs" / "second"
    folder.mkdir(parents=True)
    (folder / "facts.json.gz").write_bytes(b"")
    save(documents, "api", tasks(ref("Task"), ref("Task"), many(ref("Task"))), Task=TASK)
    assert gen("new", "vendor", "second", "--document", "api.json").exit_code == 0
    again = gen("new", "vendor", "second", "--document", "api.json")
    assert "`gen new resource second RESOURCE` adds a resource" in again.output
