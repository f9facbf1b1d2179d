"""Names that a model must not use for its fields and operations, because generated code or its base classes use them.

A test compares each set with the imports of generated code and the attributes of the base classes.
"""

from __future__ import annotations

from unified_gen.language.codecs import CODECS, LANGUAGES

ARGUMENTS = frozenset({"cursor", "custom_fields", "extra", "idempotency_key", "limit", "progress", "self", "via"})
"""Names of parameters that every operation has, and that Python passes by itself."""

FIELDS = ARGUMENTS | frozenset(
    {"construct", "copy", "dict", "from_orm", "json", "mro", "parse_file", "parse_obj", "parse_raw", "raw", "register", "schema"}
    | {"schema_json", "update_forward_refs", "validate", "vendor"}
    | {f"model_{name}" for name in ("computed_fields", "config", "construct", "copy", "dump", "dump_json", "extra", "fields", "fields_set")}
    | {f"model_{name}" for name in ("json_schema", "parametrized_name", "post_init", "rebuild", "validate", "validate_json")}
    | {"model_validate_strings", "bool", "bytes", "float", "int", "str"}
)
"""Attributes of pydantic's classes and of records, and types that a field of that name would hide."""

OPERATIONS = frozenset(
    {
        "attach",
        "background_jobs",
        "batches",
        "call",
        "change_cursors",
        "choices",
        "current_values",
        "date",
        "datetime",
        "detailed_lists",
        "downloading",
        "dropped_fields",
        "element_pages",
        "extra_objects",
        "fetch",
        "file_paths",
        "hidden_fields",
        "input_validation",
        "list_members",
        "list_slots",
        "listing",
        "local_order",
        "many",
        "media",
        "mime_requests",
        "next_versions",
        "operation",
        "pagination",
        "re",
        "reconciliation",
        "record_factory",
        "record_parts",
        "request_sequences",
        "response_headers",
        "responses",
        "styles",
        "text_files",
        "types",
    }
    | {facts.module.rpartition(".")[2] for facts in CODECS.values() if facts.module}
    | set(LANGUAGES)
)
"""Names that adapters and facades import."""

CLASSES = frozenset(
    {
        "Agent",
        "Annotated",
        "Any",
        "AwareDatetime",
        "CustomFieldLocation",
        "BaseModel",
        "BodyFormat",
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
        "LazyField",
        "ListedCustomFields",
        "Literal",
        "CreatedRecord",
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
        "VendorModules",
        "WrittenCustomFields",
    }
)
"""Classes that the modules of models, adapters and facades import, and who a policy is about."""

RUNTIME = (
    "ApprovalRequired",
    "AsyncClient",
    "AsyncTransport",
    "Client",
    "Conflict",
    "Denied",
    "Description",
    "Forbidden",
    "PolicyEnforcer",
    "InvalidInput",
    "IdempotencyStore",
    "ListTooLong",
    "NotConnected",
    "NotFound",
    "Observer",
    "Plan",
    "QuotaExceeded",
    "RateLimited",
    "Rejected",
    "Secret",
    "Settings",
    "StaleCursor",
    "Transport",
    "Unauthorized",
    "Unavailable",
    "Unconfirmed",
    "UnifiedError",
    "Unsupported",
    "VendorProtocolError",
    "acting",
    "adescribe",
    "api_key",
    "basic",
    "bearer",
    "configure",
    "connect",
    "describe",
    "disconnect",
    "using",
)
"""Names of the runtime that `unified` exports."""

RESOURCES = frozenset(
    {"aio", "api", "batches", "catalog", "destructive", "list", "models", "policy", "read", "sorted", "tools"}
    | {"types", "vendors", "webhooks", "write"}
    | {name for name in RUNTIME if name.islower()}
)
"""Modules and functions of `unified`, names that its package uses, the module of a vendor's types, and a policy's groups of actions."""
