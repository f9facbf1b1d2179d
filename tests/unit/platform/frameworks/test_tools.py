"""Each framework's tools, called as the framework calls them: sync and async, typed arguments, null that clears, errors in its own way."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.runtime.server import Loopback, Reply
from unified_platform import frameworks
from unified_platform.frameworks import anthropic, google_adk, langchain, llama_index, openai_agents, pydantic_ai
from unified_platform.frameworks.toolboxes import ToolboxOptions, ToolOptions
from unified_platform.tools import tools as toolbox
from unified_runtime import AsyncClient, Client, api_key, bearer

ISSUE = {"id": 1, "subject": "One", "project": {"id": 3}, "status": {"id": 1, "name": "New", "is_closed": False}, "tracker": {"id": 1}}


@pytest.fixture
def redmine() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def options(redmine: Loopback) -> dict[str, Any]:
    client = Client()
    client.connect("redmine", api_key("key"), url=redmine.url, user="alice")
    return {"user": "alice", "toolsets": "tasks", "client": client, "async_client": AsyncClient(connections=client.connections)}


def named(tools: Any, name: str) -> Any:
    return next(one for one in tools if one.name == name)


# ---------------------------------------------------------------------- calls of each framework: return the text, and whether it failed
Stated = tuple[str, bool]


def by_langchain(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    message = named(langchain.tools(**options), name).invoke({"type": "tool_call", "id": "1", "name": name, "args": given})
    return message.content, message.status == "error"


def by_langchain_async(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    call = {"type": "tool_call", "id": "1", "name": name, "args": given}
    message = asyncio.run(named(langchain.tools(**options), name).ainvoke(call))
    return message.content, message.status == "error"


def by_llama_index(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    output = next(one for one in llama_index.tools(**options) if one.metadata.name == name).call(**given)
    return output.content, output.is_error


def by_llama_index_async(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    output = asyncio.run(next(one for one in llama_index.tools(**options) if one.metadata.name == name).acall(**given))
    return output.content, output.is_error


def by_anthropic(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    from anthropic.lib.tools import ToolError

    try:
        return str(next(one for one in anthropic.tools(**options) if one.to_dict()["name"] == name).call(given)), False
    except ToolError as error:
        return str(error), True


def by_anthropic_async(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    from anthropic.lib.tools import ToolError

    try:
        return str(asyncio.run(next(one for one in anthropic.async_tools(**options) if one.to_dict()["name"] == name).call(given))), False
    except ToolError as error:
        return str(error), True


def by_openai_agents(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    """That SDK has no signal: a tool reports an error in its text."""
    text = asyncio.run(named(openai_agents.tools(**options), name).on_invoke_tool(None, json.dumps(given)))
    return text, not text.endswith("</data>") and text != "done"


def by_openai_agents_strict(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    """Every argument is given; null means not given, and `clear` names the fields to be emptied."""
    tool = named(openai_agents.tools(strict=True, **options), name)
    written = dict.fromkeys(tool.params_json_schema["properties"]) | {key: value for key, value in given.items() if value is not None}
    cleared = [key for key, value in given.items() if value is None]
    text = asyncio.run(tool.on_invoke_tool(None, json.dumps(written | ({"clear": cleared} if cleared else {}))))
    return text, not text.endswith("</data>") and text != "done"


def by_google_adk(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    response = asyncio.run(named(google_adk.tools(**options), name).run_async(args=given, tool_context=None))
    ((kind, text),) = response.items()
    return text, kind == "error"


def by_pydantic_ai(options: dict[str, Any], name: str, given: dict[str, Any]) -> Stated:
    from pydantic_ai import ModelRetry
    from pydantic_ai.exceptions import ToolFailed

    try:
        return asyncio.run(named(pydantic_ai.tools(**options), name).function(**given)), False
    except (ModelRetry, ToolFailed) as error:
        return error.message, True


CALLS: dict[str, Callable[..., Stated]] = {
    "langchain": by_langchain,
    "langchain, async": by_langchain_async,
    "llama_index": by_llama_index,
    "llama_index, async": by_llama_index_async,
    "anthropic": by_anthropic,
    "anthropic, async": by_anthropic_async,
    "openai_agents": by_openai_agents,
    "openai_agents, strict": by_openai_agents_strict,
    "google_adk": by_google_adk,
    "pydantic_ai": by_pydantic_ai,
}


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest, redmine: Loopback) -> Callable[..., Stated]:
    made = CALLS[request.param]
    return lambda name, given: made(options(redmine), name, given)


# ---------------------------------------------------------------------------------------------------------------------- common to all
@pytest.mark.parametrize("name", CALLS)
def test_programs_run_in_every_framework(name: str, redmine: Loopback) -> None:
    redmine.answers(Reply.of({"issue": ISSUE}))
    given = {"code": "from unified import tasks\ntasks.get('1').title"}
    text, failed = CALLS[name]({**options(redmine), "programs": True}, "run_program", given)
    assert (text, failed) == ('<data from="program">{"value":"One"}</data>', False)


def test_a_call_returns_the_tools_result(call: Callable[..., Stated], redmine: Loopback) -> None:
    redmine.answers(Reply.of({"issue": ISSUE}))
    text, failed = call("tasks_get", {"id": "1"})
    assert not failed
    assert text.startswith('<data from="redmine">{"id":"1","title":"One"')


def test_null_clears_and_what_is_not_given_stays(call: Callable[..., Stated], redmine: Loopback) -> None:
    redmine.answers(Reply(204, b""), Reply.of({"issue": ISSUE}))
    text, failed = call("tasks_update", {"id": "1", "title": "Two", "due_date": None})
    assert not failed, text
    written = next(seen for seen in redmine.seen if seen.method == "PUT").json["issue"]
    assert written["subject"] == "Two"
    assert not written["due_date"]
    assert set(written) == {"subject", "due_date"}


@pytest.mark.parametrize(
    ("given", "returned"),
    [
        ({"title": "a", "project_id": "3", "priority": "highest"}, "low, medium, high, urgent"),
        ({"title": [5], "project_id": "3"}, "title: must be text"),
        ({"project_id": "3"}, "title: is required"),
        ({"title": "a", "project_id": "3", "due_date": "tomorrow"}, "due_date"),
        ({"title": "a", "project_id": "3", "assignee_ids": {"a": 5}}, "assignee_ids"),
    ],
)
def test_a_mistake_is_reported_and_nothing_is_sent(
    call: Callable[..., Stated], redmine: Loopback, given: dict[str, Any], returned: str, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["call"] == "openai_agents, strict" and "title" not in given:
        returned = "title: is required"  # written out as null
    text, failed = call("tasks_create", given)
    assert failed
    assert returned in text
    assert not redmine.seen


@pytest.mark.parametrize("given", [{"id": "1", "dueDate": "2030-01-02"}, {"arguments": {"id": "1", "due_date": "2030-01-02"}}])
def test_arguments_are_corrected(call: Callable[..., Stated], redmine: Loopback, given: dict[str, Any]) -> None:
    redmine.answers(Reply(204, b""), Reply.of({"issue": ISSUE}))
    text, failed = call("tasks_update", given)
    assert not failed, text
    assert next(seen for seen in redmine.seen if seen.method == "PUT").json["issue"] == {"due_date": "2030-01-02"}


def test_an_unknown_argument_is_reported(call: Callable[..., Stated], redmine: Loopback) -> None:
    text, failed = call("tasks_get", {"id": "1", "titel": "a"})
    assert failed
    assert "titel" in text
    assert not redmine.seen


def test_vendor_rejections_are_errors(call: Callable[..., Stated], redmine: Loopback) -> None:
    redmine.answers(Reply(404))
    text, failed = call("tasks_get", {"id": "9"})
    assert failed
    assert "tasks_list finds id." in text


# ------------------------------------------------------------------------------------------------------------- specific to one framework
def test_pydantic_ai_retries_what_can_be_fixed_and_nothing_else(redmine: Loopback) -> None:
    from pydantic_ai import ModelRetry
    from pydantic_ai.exceptions import ToolFailed

    tool = named(pydantic_ai.tools(**options(redmine)), "tasks_get")
    redmine.answers(Reply(404), Reply.of({}, 403))
    with pytest.raises(ModelRetry):
        asyncio.run(tool.function(id="9"))
    with pytest.raises(ToolFailed, match="may not do this"):
        asyncio.run(tool.function(id="9"))


def test_langchain_keeps_the_record_as_the_artifact(redmine: Loopback) -> None:
    redmine.answers(Reply.of({"issue": ISSUE}))
    tool = named(langchain.tools(**options(redmine)), "tasks_get")
    message = tool.invoke({"type": "tool_call", "id": "1", "name": "tasks_get", "args": {"id": "1"}})
    assert message.artifact["title"] == "One"
    assert tool.metadata == {"effect": "read", "vendors": ["redmine"]}


@pytest.mark.parametrize("vendors", [None, ["redmine", "jira"]])
def test_a_model_chooses_among_connected_vendors_only(redmine: Loopback, vendors: list[str] | None) -> None:
    given = options(redmine) | {"vendors": vendors}
    assert "via" not in named(langchain.tools(**given), "tasks_create").args_schema["properties"]
    given["client"].connect("todoist", bearer("token"), user="alice")
    properties = named(langchain.tools(**given), "tasks_create").args_schema["properties"]
    assert ("via" in properties) == (vendors is None)
    if vendors is None:
        assert properties["via"]["enum"] == ["redmine", "todoist"]


def test_openai_agents_get_errors_for_invalid_json(redmine: Loopback) -> None:
    tool = named(openai_agents.tools(**options(redmine)), "tasks_get")
    assert "not JSON" in asyncio.run(tool.on_invoke_tool(None, '{"id": '))


def test_arguments_have_the_tools_own_schema(redmine: Loopback) -> None:
    own = {tool.name: tool for tool in toolbox(**options(redmine))}
    for tool in langchain.tools(**options(redmine)):
        assert tool.args_schema == own[tool.name].parameters
    for made in llama_index.tools(**options(redmine)):
        schema = made.metadata.fn_schema.model_json_schema()
        assert schema["properties"] == own[made.metadata.name].parameters["properties"]
        assert schema.get("required") == own[made.metadata.name].parameters.get("required")


def test_options_of_frameworks_are_those_of_tools() -> None:
    assert ToolOptions.__annotations__.keys() == inspect.signature(toolbox).parameters.keys()
    assert ToolboxOptions.__annotations__.keys() - ToolOptions.__annotations__.keys() == {"programs", "program_store", "limits"}


def test_every_framework_is_tested() -> None:
    from pathlib import Path

    folder = Path(frameworks.__file__).parent
    modules = {file.stem for file in folder.glob("*.py")} - {
        "__init__",
        "approvers",
        "argument_models",
        "requirements",
        "toolboxes",
        "crewai",
        "code_mode",
    }
    assert {name.partition(",")[0] for name in CALLS} == modules
