"""Rules that can never match are found when policies are loaded, and by `unified policy check`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from unified_platform.cli import main
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.findings import PolicyErrors
from unified_platform.policy.rego import RegoPolicies
from unified_platform.policy.schema import Schema, shipped

TASKS = 'forbid (principal, action in Action::"tasks", resource) when {{ {} }};'
DEALS = 'forbid (principal, action in Action::"deals", resource) when {{ {} }};'
NAMED = '{} (principal, action in Action::"tasks", resource);'
TAG = 'context has custom_fields && context.custom_fields.hasTag("{}")'
CEDAR = {
    "a path as a name": (TASKS.format(TAG.format("fields.customfield_10010")), '"fields.customfield_10010"', 'write "customfield_10010"'),
    "another spelling": (TASKS.format(TAG.format("cf_10010")), '"cf_10010"', r"jira `customfield_\d+`"),
    "a capital": (TASKS.format(TAG.format("Customfield_10010")), '"Customfield_10010"', 'write "customfield_10010"'),
    "of another resource": (DEALS.format(TAG.format("story points")), '"story points"', "salesforce"),
    "a resource without": (TASKS.format(TAG.format("1")).replace("tasks", "users"), "context.custom_fields", "extra_fields"),
    "a vendor": (TASKS.format('context.vendor == "jiira"'), '"jiira"', "did you mean 'jira'?"),
    "a vendor of a set": (TASKS.format('["jira", "githb"].contains(context.vendor)'), '"githb"', "did you mean 'github'?"),
    "a vendor without deals": (DEALS.format('context.vendor == "jira"'), '"jira"', "it can be hubspot, pipedrive, salesforce"),
    "extra with its vendor": (
        TASKS.format('context.extra.contains("jira.update.labels")'),
        '"jira.update.labels"',
        'write "update.labels"',
    ),
    "extra without its place": (
        TASKS.format('context.extra.contains("customfield_10010")'),
        '"customfield_10010"',
        "did you mean `fields.customfield_10010`?",
    ),
    "one extra of several": (
        TASKS.format('context.extra.containsAny(["duplicate_issue_id", "duplicate_issue_ids"])'),
        '"duplicate_issue_ids"',
        "did you mean 'duplicate_issue_id'?",
    ),
    "an input": (TASKS.format('context.cleared.contains("titel")'), '"titel"', "did you mean `title`?"),
    "a field of extra": (
        TASKS.format('context has extra_fields && context.extra_fields.contains("asignee_ids")'),
        '"asignee_ids"',
        "did you mean `assignee_ids`?",
    ),
    "a name of a vendor": (
        '@extra("jria.fields") permit (principal, action in Action::"tasks", resource);',
        "extra",
        "did you mean 'jira'?",
    ),
    "a name of a path": (
        '@extra("jira.feilds") permit (principal, action in Action::"tasks", resource);',
        "extra",
        "did you mean 'fields'?",
    ),
    "a forbid with names": (NAMED.format('@extra("jira") forbid'), "extra", "before a permit"),
    "no names": (NAMED.format("@extra permit"), "extra", "jira.fields.components"),
}


def marked(message: str) -> str:
    """Return the part of the source line that the first finding underlines."""
    lines = message.splitlines()
    line, carets = next((lines[number - 1], one) for number, one in enumerate(lines) if "^" in one)
    return line[carets.index("^") : carets.rindex("^") + 1]


@pytest.mark.parametrize(("text", "where", "help"), CEDAR.values(), ids=CEDAR.keys())
def test_cedar(text: str, where: str, help: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        CedarPolicies({"p.cedar": text})
    message = str(caught.value)
    assert marked(message) == where
    assert help in message


@pytest.mark.parametrize(
    "text",
    [
        *(TASKS.format(TAG.format(name)) for name in ("customfield_10010", "1205", "86ab0b6e-3d6c-4c0e-9d51-0c8a2a4fd3c1")),
        DEALS.format(TAG.format("discount__c")),
        DEALS.format(TAG.format("favourite_colour")),
        TASKS.format('context.vendor == "jira" || context.vendor != "nobody"'),
        TASKS.format('context.extra.contains("fields.customfield_10010") || context.extra.contains("update.assignee")'),
        TASKS.format('context.cleared.contains("title")'),
        '@extra("jira, github.duplicate_issue_id, asana.custom_fields") permit (principal, action in Action::"tasks", resource);',
    ],
)
def test_cedar_that_can_match(text: str) -> None:
    CedarPolicies({"p.cedar": text})


def test_a_schema_of_ones_own_is_not_compared_with_the_catalog() -> None:
    CedarPolicies({"p.cedar": 'permit (principal, action, resource) when { context.vendor == "mine" };'}, schema=Schema(shipped().text))


REGO = {
    "a name": ('input.vendr == "jira"', "input.vendr", "did you mean 'vendor'?"),
    "a vendor": ('input.vendor == "jiira"', '"jiira"', "did you mean 'jira'?"),
    "a vendor before": ('"jiira" == input.vendor', '"jiira"', "did you mean 'jira'?"),
    "a vendor by its key": ('input["vendor"] == "jiira"', '"jiira"', "did you mean 'jira'?"),
    "a vendor of a set": ('input.vendor in {"jira", "githb"}', '"githb"', "did you mean 'github'?"),
    "an operation with its resource": ('input.operation == "tasks.create"', '"tasks.create"', "did you mean 'create'?"),
    "a resource": ('input.resource == "task"', '"task"', "did you mean 'tasks'?"),
    "an effect": ('input.effect == "writes"', '"writes"', "did you mean 'write'?"),
    "an input": ("input.input.titel", "input.input.titel", "did you mean 'title'?"),
    "a field of the record": ('input.record.projekt_id == "P"', "input.record.projekt_id", "did you mean 'project_id'?"),
    "a part of the request": ('input.request.url == "x"', "input.request.url", "it can be body"),
    "a cleared input": ('"titel" in input.cleared', '"titel"', "did you mean 'title'?"),
    "a custom field": ('input.custom_fields["fields.customfield_1"]', 'input.custom_fields["fields.customfield_1"]', "customfield_1"),
    "a capital": ("input.custom_fields.Discount__c", "input.custom_fields.Discount__c", 'write "discount__c"'),
    "extra": ('"jira.fields.components" in input.extra', '"jira.fields.components"', 'write "fields.components"'),
}


def rego(condition: str) -> RegoPolicies:
    return RegoPolicies({"p.rego": f'package unified.policy\nimport rego.v1\nallow := true\ndeny contains "x" if {{\n{condition}\n}}\n'})


@pytest.mark.parametrize(("condition", "where", "help"), REGO.values(), ids=REGO.keys())
def test_rego(condition: str, where: str, help: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        rego(condition)
    message = str(caught.value)
    assert marked(message) == where
    assert help in message


@pytest.mark.parametrize(
    "condition",
    [
        'input.vendor == "jira"  # input.vendr == "x"',
        '"input.vendr" == input.agent',
        "data.input.vendr",
        'input.vendor != "nobody"',
        "input.custom_fields.customfield_10010",
        '"fields.components" in input.extra',
        'input.tenant == "acme"',
        'input.undetermined == []; "title" in input.extra_fields',
        'input.local.weekday > 5; input.request.method == "DELETE"; input.record.created_at',
    ],
)
def test_rego_that_can_match(condition: str) -> None:
    rego(condition)


def test_the_command_reports_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.cedar").write_text(TASKS.format(TAG.format("cf_10010")))
    (tmp_path / "b.rego").write_text('package unified.policy\nimport rego.v1\nallow if input.vendor == "jiira"\n')
    done = CliRunner().invoke(main, ["policy", "check", str(tmp_path)])
    assert done.exit_code == 1
    assert "no custom field is called 'cf_10010'" in done.output
    assert "there is no vendor 'jiira'" in done.output
    assert "2 mistakes" in done.output


def test_rules_about_agents_that_do_not_exist(tmp_path: Path) -> None:
    (tmp_path / "agents.toml").write_text('[agents.helper]\ntoolsets = ["tasks"]\n[agents.triage]\ntoolsets = ["tasks"]\n')
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "a.cedar").write_text(
        'permit (principal == Agent::"helpr", action, resource);\n'
        'permit (principal == Agent::"helper", action, resource);\n'
        'forbid (principal, action, resource) when { principal == Agent::"tirage" };\n'
    )
    (policies / "b.rego").write_text(
        'package unified.policy\nimport rego.v1\nallow if input.agent in {"helper", "other"}\nallow if input.agent == "triage"\n'
    )
    done = CliRunner().invoke(main, ["policy", "check", str(policies), "--agents", str(tmp_path / "agents.toml")])
    assert done.exit_code == 1
    assert [line for line in done.output.splitlines() if line.startswith("error")] == [
        "error: there is no agent 'helpr'",
        "error: there is no agent 'tirage'",
        "error: there is no agent 'other'",
    ]
    assert "did you mean `helper`?" in done.output
    assert CliRunner().invoke(main, ["policy", "check", str(policies)]).exit_code == 0
