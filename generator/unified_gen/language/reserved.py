"""Names that a model cannot give to its own things, because generated code or its base classes use them.

A test holds each set against what generated code imports and what the base classes have.
"""

from __future__ import annotations

from unified_gen.codecs import CODECS, LANGUAGES

ARGUMENTS = frozenset({"cursor", "custom_fields", "extra", "idempotency_key", "limit", "progress", "self", "via"})
"""What every operation takes besides the model's inputs, and what Python passes by itself."""

FIELDS = ARGUMENTS | frozenset(
    {"construct", "copy", "dict", "from_orm", "json", "mro", "parse_file", "parse_obj", "parse_raw", "raw", "register", "schema"}
    | {"schema_json", "update_forward_refs", "validate", "vendor"}
    | {f"model_{name}" for name in ("computed_fields", "config", "construct", "copy", "dump", "dump_json", "extra", "fields", "fields_set")}
    | {f"model_{name}" for name in ("json_schema", "parametrized_name", "post_init", "rebuild", "validate", "validate_json")}
    | {"model_validate_strings", "bool", "bytes", "float", "int", "str"}
)
"""What pydantic's classes have, what a record has besides its fields, and types that a field of that name would hide."""

OPERATIONS = frozenset(
    {
        "answers",
        "attach",
        "call",
        "date",
        "datetime",
        "downloading",
        "exchanges",
        "fetch",
        "inputs",
        "jobs",
        "listing",
        "maker",
        "many",
        "media",
        "operation",
        "paging",
        "places",
        "reconcile",
        "re",
        "syncing",
        "types",
    }
    | {facts.module.rpartition(".")[2] for facts in CODECS.values() if facts.module}
    | set(LANGUAGES)
)
"""What adapters and facades import."""

CLASSES = frozenset(
    {
        "Agent",
        "Annotated",
        "Any",
        "AwareDatetime",
        "BaseModel",
        "Batch",
        "Wraps",
        "ConfigDict",
        "Content",
        "Context",
        "Decimal",
        "Endpoint",
        "Extra",
        "False",
        "Field",
        "Input",
    }
    | {
        "Fetch",
        "Invocation",
        "Later",
        "Literal",
        "Made",
        "Mapping",
        "None",
        "Page",
        "Progress",
        "Raw",
        "Source",
        "Record",
        "Retry",
        "RootModel",
        "Sequence",
        "Steps",
        "True",
        "Unset",
    }
)
"""Classes that the modules of models, adapters and facades import, and who a policy is about."""

RESOURCES = frozenset(
    {"aio", "catalog", "destructive", "list", "models", "policy", "read", "sorted", "tools", "types", "vendors", "write"}
    | {
        "acting",
        "adescribe",
        "api_key",
        "basic",
        "bearer",
        "connect",
        "describe",
        "disconnect",
        "observe",
        "pace",
        "protect",
        "remember",
    }
)
"""Modules and functions of `unified`, what its package uses, the module of a vendor's types, and a policy's groups of actions."""
