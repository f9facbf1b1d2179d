"""Guesses of `gen new` that were wrong for documents of real vendors, in small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Gen
from tests.unit.cli.documents import TEXT, TIME, Json, many, operation, ref, save, some
from tests.unit.cli.test_new_skeletons import COMMENTS, ISSUE, PROJECTS, REPO, TASK, left, model_with, tasks, written

NUMBER: Json = {"type": "integer"}
STARS = {
    f"/{name}": {"get": operation(name, many(some(id=TEXT)))}
    for name in ("moons", "suns", "stars", "comets", "rings", "dust", "gas", "ice")
}
"""Operations without a parameter: otherwise one of a few would count as shared by most of the vendor's."""


def guess(gen: Gen, documents: Path, paths: dict[str, dict[str, Json]], *resources: str, **schemas: Json) -> None:
    save(documents, "api", {**paths, **STARS}, **schemas)
    chosen = [argument for resource in resources for argument in ("--resource", resource)]
    result = gen("new", "vendor", "second", "--document", "api.json", *chosen)
    assert result.exit_code == 0, result.output


@pytest.fixture
def documents(project: Path) -> Path:
    return project / "documents"


def guess_tasks(gen: Gen, documents: Path, record: Json, body: Json | None = None) -> None:
    guess(gen, documents, tasks(body or ref("Task"), ref("Task"), many(ref("Task"))), "tasks", Task=record)


def add_field(project: Path, line: str) -> None:
    model_with(project, "fields:\n", f"fields:\n  {line}\n")


URL = "url: {type: url, read_only: true, summary: Its page.}"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"url": TEXT, "html_url": TEXT}, "html_url"),
        ({"url": TEXT, "permalink": TEXT}, "permalink"),
        ({"hosted_invoice_url": TEXT}, "hosted_invoice_url"),
        ({"url": TEXT, "_links": some(webui=TEXT, self=TEXT)}, "_links.webui"),
        ({"links": some(html=TEXT)}, "links.html"),
        ({"url": TEXT, "public": {"type": "boolean"}}, "url"),
        ({"tags": some(url=TEXT)}, None),
        ({"public_id": TEXT}, None),
    ],
)
def test_the_page_of_a_record_is_the_one_for_people(
    gen: Gen, project: Path, documents: Path, names: dict[str, Json], found: str | None
) -> None:
    add_field(project, URL)
    guess_tasks(gen, documents, some(id=TEXT, title=TEXT, project_id=TEXT, **names))
    made = written(project, "tasks")
    assert (f"url: {{read: {found}}}  # guessed" if found else "url: the vendor's document shows no such field") in made, made


def test_a_whole_number_is_not_an_amount(gen: Gen, project: Path, documents: Path) -> None:
    add_field(project, "amount: {type: decimal, summary: What it costs.}")
    guess_tasks(gen, documents, some(id=TEXT, title=TEXT, project_id=TEXT, amount=NUMBER))
    made = " ".join(written(project, "tasks").replace("  # ", "").split())
    assert "perhaps `amount`: integer, which may be in cents amount: the vendor's document shows it with another type" in made
    assert "of the record: amount" in written(project, "tasks"), "a person decides if it is in minor units"


def test_a_decimal_number_is_an_amount(gen: Gen, project: Path, documents: Path) -> None:
    add_field(project, "amount: {type: decimal, summary: What it costs.}")
    guess_tasks(gen, documents, some(id=TEXT, title=TEXT, project_id=TEXT, amount={"type": "number", "nullable": True}))
    assert "amount: amount  # guessed" in written(project, "tasks")


@pytest.mark.parametrize(
    ("name", "found"), [("create_at", "created_at"), ("created_by", None), ("update_at", None), ("createTime", "created_at")]
)
def test_times_of_a_record(gen: Gen, project: Path, documents: Path, name: str, found: str | None) -> None:
    guess_tasks(gen, documents, some(id=TEXT, title=TEXT, project_id=TEXT, **{name: TIME}))
    assert ("created_at: {read: " + name in written(project, "tasks")) == (found is not None)


def test_fields_that_cannot_be_null_are_not_cleared(gen: Gen, project: Path, documents: Path) -> None:
    nullable = {"type": "string", "nullable": True}
    add_field(project, "location: {type: text, summary: The location.}")
    guess_tasks(gen, documents, some(id=TEXT, title=TEXT, project_id=TEXT, description=TEXT, location=nullable))
    made = written(project, "tasks")
    assert "description: {path: description, clear: never}  # guessed" in made
    assert "location: location  # guessed" in made
    assert "title: title  # guessed" in made, "a required field cannot be cleared"
    assert "MAP203" not in left(gen)


def test_an_input_that_nothing_accepts_has_a_reason(gen: Gen, project: Path, documents: Path) -> None:
    model_with(
        project, "  update: {", "  update: {inputs: {id: {type: id, summary: The task.}, loud: {type: boolean, summary: Notify all.}}, "
    )
    guess_tasks(gen, documents, TASK)
    assert "update.loud: the vendor's document shows no input for it  # guessed" in written(project, "tasks")
    assert "MAP109" not in left(gen)


def test_an_id_that_the_body_requires_too(gen: Gen, project: Path, documents: Path) -> None:
    paths = tasks(ref("Task"), ref("Task"), many(ref("Task")))
    item = paths.pop("/tasks/{id}")
    item["patch"] = operation("updateTask", ref("Task"), {**some(id=TEXT, title=TEXT), "required": ["id"]})
    guess(gen, documents, {**paths, "/tasks/{task_id}": item}, "tasks", Task=TASK)
    assert "{operation: updateTask, params: {task_id: id, id: id}, send: fields}" in written(project, "tasks")
    assert "MAP103" not in left(gen)


# --------------------------------------------------------------------------------------------------------- composite ids
LISTED, ONE = "/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/issues/{index}"


def repositories(issue: Json) -> dict[str, dict[str, Json]]:
    return {
        LISTED: {"get": operation("listIssues", many(ref("Issue"))), "post": operation("createIssue", ref("Issue"), some(title=TEXT))},
        ONE: {"get": operation("getIssue", ref("Issue")), "patch": operation("updateIssue", ref("Issue"), some(title=TEXT))},
        "/repos/{owner}/{repo}": {"get": operation("getRepo", ref("Repo"))},
        "/repos": {"get": operation("listRepos", many(ref("Repo")))},
    }


def with_projects(project: Path) -> None:
    model_with(project, "project_id: {type: id, required: create,", "project_id: {type: id, references: projects,")
    model_with(
        project, "      project_id: {field: project_id, required: true}", "      project_id: {field: project_id, references: projects}"
    )
    (project / "mappings/models/projects.yaml").write_text(PROJECTS)


def test_ids_of_several_parts(gen: Gen, project: Path, documents: Path) -> None:
    with_projects(project)
    add_field(project, "parent_id: {type: id, references: tasks, summary: The task it is part of.}")
    record = {**ISSUE, "properties": {**ISSUE["properties"], "repository": some(id=NUMBER), "parent": some(id=NUMBER)}}
    guess(gen, documents, repositories(record), "tasks", "projects", Issue=record, Repo=REPO)
    made = written(project, "tasks")
    assert 'parse: {number: "{index}"}' in made, "the number in the address, not the id of the database"
    assert 'project_id: {format: "{owner}/{repo}"}  # guessed' in made, "not the number of the repository"
    assert "parent_id: the vendor's document shows no such field  # guessed" in made, "a number is not an id of three parts"
    assert "operation: createIssue\n    requires: [project_id]\n    params: {repo: project_id.repo, owner: project_id.owner}\n" in made
    assert "write.project_id" not in made
    assert "update.project_id: the vendor's document shows no input for it  # guessed" in made
    assert not {"MAP004", "MAP103", "MAP224"} & set(left(gen))


def test_comments_within_a_record_with_an_id_of_several_parts(gen: Gen, project: Path, documents: Path) -> None:
    with_projects(project)
    (project / "mappings/models/comments.yaml").write_text(COMMENTS)
    comment = "/repos/{owner}/{repo}/issues/comments/{id}"
    paths = {
        **repositories(ISSUE),
        ONE + "/comments": {
            "get": operation("listComments", many(ref("Comment"))),
            "post": operation("createComment", ref("Comment"), some(body=TEXT)),
        },
        comment: {"get": operation("getComment", ref("Comment")), "delete": operation("deleteComment", None)},
    }
    guess(gen, documents, paths, "comments", "tasks", Issue=ISSUE, Repo=REPO, Comment=some(id=NUMBER, body=TEXT, created_at=TIME))
    made = written(project, "comments")
    assert "operation: createComment\n    params: {index: task_id.index, owner: task_id.owner, repo: task_id.repo}\n" in made
    assert "operation: listComments\n" in made
    assert 'task_id: {format: "{owner}/{repo}/{index}"}  # guessed' in made


# ------------------------------------------------------------------------------------------------------------ operations
USERS = """\
resource: users
record: User
summary: People.
fields:
  id: {type: id, read_only: true, summary: Identifies the person.}
  name: {type: text, read_only: true, summary: The name.}
  email: {type: email, read_only: true, summary: The address.}
operations:
  me: {kind: get, summary: Read the own account., inputs: {}}
  get: {summary: Read a person.}
  list: {summary: List people., inputs: {}}
"""
USER = some(id=NUMBER, login=TEXT, name=TEXT, email=TEXT)


@pytest.mark.parametrize("path", ["/user", "/users/me", "/users/current", "/me"])
def test_the_own_account(gen: Gen, project: Path, documents: Path, path: str) -> None:
    (project / "mappings/models/users.yaml").write_text(USERS)
    paths = {
        path: {"get": operation("getOwn", ref("Own"))},
        "/users/{username}": {"get": operation("getUser", ref("User"))},
        "/users": {"get": operation("listUsers", many(ref("User")))},
    }
    own = {**USER, "properties": {**USER["properties"], "plan": TEXT}}
    guess(gen, documents, paths, "users", User=USER, Own=own)
    made = written(project, "users")
    assert "schema: User  # guessed" in made
    assert "me: {operation: getOwn}  # guessed" in made
    assert "id: {read: login}  # guessed" in made, "a person is requested by that name"


def test_administrators_have_operations_of_their_own(gen: Gen, project: Path, documents: Path) -> None:
    (project / "mappings/models/users.yaml").write_text(USERS)
    paths = {
        "/admin/users": {"get": operation("adminUsers", many(ref("User")))},
        "/directory/users": {"get": operation("allPeople", many(ref("User")))},
        "/users/{id}": {"get": operation("getUser", ref("User"))},
    }
    guess(gen, documents, paths, "users", User=USER)
    assert "operation: allPeople" in written(project, "users")


def test_the_end_of_a_path_is_an_operation(gen: Gen, project: Path, documents: Path) -> None:
    inputs = "inputs: {id: {type: id, required: true, summary: The task.}}"
    model_with(project, "operations:\n", f"operations:\n  copy: {{kind: create, summary: Copy a task., fields: [title], {inputs}}}\n")
    paths = tasks(ref("Task"), ref("Task"), many(ref("Task")))
    paths["/tasks/{id}/copy"] = {"post": operation("duplicateTask", ref("Task"), some(title=TEXT))}
    guess(gen, documents, paths, "tasks", Task=TASK)
    made = written(project, "tasks")
    assert "copy: {operation: duplicateTask, params: {id: id}, send: fields}  # guessed" in made, made


def test_an_update_of_another_name_is_not_the_update(gen: Gen, project: Path, documents: Path) -> None:
    model_with(project, "  update: {", "  join: {kind: update, summary: Take part in a task., fields: []}\n  other: {kind: create, ")
    guess_tasks(gen, documents, TASK)
    assert "join: the vendor's document shows no such operation  # guessed" in written(project, "tasks")


def test_a_list_under_another_noun_of_the_record_it_belongs_to(gen: Gen, project: Path, documents: Path) -> None:
    (project / "mappings/models/comments.yaml").write_text(COMMENTS)
    paths = {
        "/tickets/{ticket_id}/notes": {"post": operation("createNote", ref("Entry"), some(body=TEXT))},
        "/tickets/{ticket_id}/conversations": {"get": operation("listConversations", many(ref("Entry")))},
        "/agents/{agent_id}/conversations": {"get": operation("listOfAgent", many(ref("Entry")))},
    }
    guess(gen, documents, paths, "comments", Entry=some(id=NUMBER, body=TEXT, ticket_id=NUMBER, created_at=TIME))
    made = written(project, "comments")
    assert "operation: listConversations\n    params: {ticket_id: task_id}\n" in made
    assert "write.task_id" not in made, "the path of a new comment has it"


def test_comments_of_something_else_are_not_recognized(gen: Gen, project: Path, documents: Path) -> None:
    (project / "mappings/models/comments.yaml").write_text(COMMENTS)
    paths = {"/comments/{id}": {"get": operation("getComment", ref("Comment")), "delete": operation("deleteComment", None)}}
    guess(gen, documents, paths, Comment=some(id=TEXT, body=TEXT, created_at=TIME))
    assert not (project / "mappings/vendors/second/comments.yaml").exists()


def test_an_id_is_not_a_record(gen: Gen, project: Path, documents: Path) -> None:
    (project / "mappings/models/users.yaml").write_text(USERS)
    paths = {"/pages/{id}/likes/users": {"get": operation("whoLikes", many(some(id=TEXT)))}}
    guess(gen, documents, paths)
    assert not (project / "mappings/vendors/second/users.yaml").exists()


# ------------------------------------------------------------------------------------------------------------------ forms
def in_a_form(operation: Json) -> Json:
    """Return an operation whose body is a form."""
    (schema,) = operation["requestBody"]["content"].values()
    return {**operation, "requestBody": {"content": {"application/x-www-form-urlencoded": schema}}}


def test_operations_with_forms_and_ids_of_the_last_record(gen: Gen, project: Path, documents: Path) -> None:
    """A vendor such as Stripe: bodies are forms, updates are sent by POST, and a page begins after the last record's id."""
    page = some(data=many(ref("Task")), has_more={"type": "boolean"})
    paths = {
        "/tasks": {
            "get": operation("GetTasks", page, query={"starting_after": TEXT, "limit": NUMBER, "project_id": TEXT}),
            "post": in_a_form(operation("PostTasks", ref("Task"), ref("Task"))),
        },
        "/tasks/{task}": {
            "get": operation("GetTasksTask", ref("Task")),
            "post": in_a_form(operation("PostTasksTask", ref("Task"), ref("Task"))),
        },
    }
    guess(gen, documents, paths, "tasks", Task=some(id=TEXT, title=TEXT, project_id=TEXT))
    made = written(project, "tasks")
    assert "update: {operation: PostTasksTask, params: {task: id}, send: fields}" in made
    assert "title: title" in made
    assert "last_record_param: starting_after" in written(project, "vendor")
