"""Resources, prompts and completions: derived from the catalog, and limited to those that the client can use."""

from __future__ import annotations

import asyncio

import pytest
from mcp_types import PromptReference, ResourceTemplateReference

from tests.unit.platform.mcp.conftest import Opened, refused
from unified_platform import mcp
from unified_platform.catalog import capabilities
from unified_platform.mcp.prompts import load_prompts
from unified_platform.tools import definitions

EVERY = tuple(entry.name for entry in capabilities.load())


def test_every_resource_that_is_listed_can_be_read(opened: Opened) -> None:
    async def run() -> None:
        uris, cursor = [], None
        shown = {name: one for name, one in definitions().items() if not one.named}  # the other ones need their name in a toolset
        async with opened(profile=mcp.Profile(vendors=EVERY), page=5) as client:
            while True:
                found = await client.list_resources(cursor=cursor)
                uris += [str(one.uri) for one in found.resources]
                cursor = found.next_cursor
                if cursor is None:
                    break
            assert len(uris) == len(set(uris)) == 2 + len(EVERY) + len({one.resource for one in shown.values()})
            for uri in uris:
                (content,) = (await client.read_resource(uri)).contents
                assert len(content.text) > 100, uri
            matrix = (await client.read_resource("unified://catalog")).contents[0].text
            assert matrix == capabilities.table(capabilities.load())

    asyncio.run(run())


def test_only_pages_of_what_is_connected_are_listed(opened: Opened) -> None:
    async def run() -> set[str]:
        async with opened() as client:
            return {str(one.uri) for one in (await client.list_resources()).resources}

    found = asyncio.run(run())
    assert "unified://vendors/redmine" in found
    assert "unified://vendors/jira" not in found
    assert "unified://models/tasks" in found
    assert "unified://models/deals" not in found


@pytest.mark.parametrize(
    "uri", ["unified://vendors/nobody", "unified://models/../tools", "unified://", "file:///etc/passwd", "unified://vendors/"]
)
def test_a_resource_that_does_not_exist(opened: Opened, era: str, uri: str) -> None:
    async def run() -> None:
        async with opened() as client:
            error = await refused(client.read_resource(uri))
            assert (error.code, error.message) == (-32002 if era == "legacy" else -32602, "Resource not found")

    asyncio.run(run())


def test_names_are_completed(opened: Opened) -> None:
    async def run() -> None:
        async with opened() as client:
            template = (await client.list_resource_templates()).resource_templates[0]
            reference = ResourceTemplateReference(uri=template.uri_template)
            found = await client.complete(ref=reference, argument={"name": "vendor", "value": "re"})
            assert "redmine" in found.completion.values
            assert all(value.startswith("re") for value in found.completion.values)
            nothing = await client.complete(ref=PromptReference(name="report_bug"), argument={"name": "what", "value": "x"})
            assert nothing.completion.values == []

    asyncio.run(run())


def test_prompts_are_those_that_the_tools_can_do(opened: Opened) -> None:
    async def run(profile: mcp.Profile) -> set[str]:
        async with opened(profile=profile) as client:
            return {prompt.name for prompt in (await client.list_prompts()).prompts}

    assert asyncio.run(run(mcp.Profile(vendors=EVERY))) == set(load_prompts())
    assert asyncio.run(run(mcp.Profile(user="alice", toolsets=("tasks.read",)))) == {"status_report"}


def test_every_prompt_names_existing_tools_and_accepts_its_arguments() -> None:
    for job in load_prompts().values():
        assert set(job.tools) <= set(definitions()), job.name
        for tool in definitions():
            assert tool not in job.text or tool in job.tools, f"{job.name} is worded with {tool} and does not ask for it"
        filled = job.filled({name: f"<{name}>" for name in [*job.required, *job.optional]})
        assert all(f"<{name}>" in filled for name in [*job.required, *job.optional]), job.name
        assert "{" not in job.filled(dict.fromkeys(job.required, "x"))


@pytest.mark.parametrize(
    ("name", "given", "returned"),
    [
        ("report_bugs", {}, "Unknown prompt: report_bugs; did you mean 'report_bug'"),
        ("report_bug", {"what": "It breaks"}, "Missing argument: project"),
        ("report_bug", {"what": " ", "project": "P"}, "Missing argument: what"),
        ("report_bug", {"what": "x", "project": "P", "proect": "Q"}, "Unknown argument: proect; did you mean 'project'"),
    ],
)
def test_a_prompt_that_cannot_be_made(opened: Opened, name: str, given: dict[str, str], returned: str) -> None:
    async def run() -> None:
        async with opened() as client:
            assert (await refused(client.get_prompt(name, given))).message.startswith(returned)

    asyncio.run(run())


def test_braces_in_an_argument_stay_as_they_are(opened: Opened) -> None:
    async def run() -> str:
        async with opened() as client:
            found = await client.get_prompt("report_bug", {"what": "{project} {0} {{x}}", "project": "P"})
            text: str = found.messages[0].content.text
            return text

    assert "in the project P: {project} {0} {{x}}\n" in asyncio.run(run())
