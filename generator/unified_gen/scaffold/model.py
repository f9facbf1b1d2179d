"""First unified model of a resource: a record with a name and times, and its operations."""

from __future__ import annotations

from collections.abc import Sequence

from unified_gen.scaffold import keys
from unified_gen.scaffold.emit import comment, entry
from unified_gen.scaffold.similarity import singular

OPERATIONS = ("create", "get", "list", "update", "delete")


def new_model(resource: str, record: str | None, operations: Sequence[str]) -> str:
    """Return the text of a model.

    Args:
        resource: its plural name: `sales_orders`.
        record: the class of a record; `SalesOrder` if None.
        operations: some of `OPERATIONS`.
    """
    words = resource.split("_")
    words[-1] = singular(words[-1])
    noun = " ".join(words)
    article = "an" if noun[:1] in "aeiou" else "a"
    summaries = {
        "create": f"Create {article} {noun}.",
        "get": f"Read {article} {noun}.",
        "list": f"List or search {resource.replace('_', ' ')}.",
        "update": f"Change {article} {noun}.",
        "delete": f"Delete {article} {noun}.",
    }
    writes = {"create", "update"} & set(operations)
    name: dict[str, object] = {"type": "text", "summary": "Its name."}
    if "create" in operations:
        name["required"] = "create"
    elif not writes:
        name[keys.READ_ONLY] = True
    lines = [
        comment(f"A first model. Complete its fields: those that most vendors of {resource.replace('_', ' ')} have. Types and keys:"),
        comment("docs/reference/mapping.md#model. Names: times end in _at, dates in _date, ids in _id or _ids."),
        *entry("resource", resource),
        *entry("record", record or "".join(word.capitalize() for word in words)),
        *entry("summary", f"{article.capitalize()} {noun}."),
        "fields:",
        *entry("id", {"type": "id", keys.READ_ONLY: True, "summary": f"The {noun}'s id."}, indent=2),
        *entry("name", name, indent=2),
        "  " + comment(f"owner_id: {{type: id, {keys.REFERENCES}: users, summary: The responsible user.}}"),
        *entry("created_at", {"type": "datetime", keys.READ_ONLY: True, "summary": "When it was created."}, indent=2),
        *entry("updated_at", {"type": "datetime", keys.READ_ONLY: True, "summary": "When it last changed."}, indent=2),
        "operations:",
    ]
    for operation in OPERATIONS:
        if operation in operations:
            value: dict[str, object] = {"summary": summaries[operation]}
            if operation == "list":
                value["inputs"] = {"updated_after": {"type": "datetime", "field": "updated_at", "summary": "Changed since then."}}
            lines += entry(operation, value, indent=2)
    return "\n".join(lines) + "\n"
