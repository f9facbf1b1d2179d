"""State of a generated module while its functions are written: imports, constants, helper functions, structs."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from unified_gen.language import ast
from unified_gen.language.codecs import CODECS, LANGUAGES
from unified_gen.lower.python import constant, identifier, lit, pascal, snake, unique
from unified_gen.lower.structs import StructDef, Structs
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.schemas.paths import Name, Segment
from unified_openapi.schemas.shapes import Schemas

RUNTIME = {
    "CustomFieldLocation": "unified_runtime.core.custom_field_location",
    "ListedCustomFields": "unified_runtime.core.custom_field_location",
    "WrittenCustomFields": "unified_runtime.core.custom_field_location",
    "Context": "unified_runtime",
    "Endpoint": "unified_runtime",
    "Page": "unified_runtime",
    "Raw": "unified_runtime",
    "Retry": "unified_runtime",
    "Steps": "unified_runtime",
    "responses": "unified_runtime.adapter_api",
    "attach": "unified_runtime",
    "Fetch": "unified_runtime",
    "LazyField": "unified_runtime",
    "CreatedRecord": "unified_runtime",
    "Source": "unified_runtime",
    "call": "unified_runtime",
    "detailed_lists": "unified_runtime.adapter_api",
    "record_parts": "unified_runtime.adapter_api",
    "text_files": "unified_runtime.adapter_api",
    "mime_requests": "unified_runtime.adapter_api",
    "next_versions": "unified_runtime.adapter_api",
    "request_sequences": "unified_runtime.adapter_api",
    "fetch": "unified_runtime",
    "input_validation": "unified_runtime.adapter_api",
    "background_jobs": "unified_runtime.adapter_api",
    "record_factory": "unified_runtime",
    "media": "unified_runtime.http",
    "pagination": "unified_runtime.adapter_api",
    "file_paths": "unified_runtime.adapter_api",
    "styles": "unified_openapi.requests",
    "BodyFormat": "unified_openapi.requests.bodies",
    "reconciliation": "unified_runtime.adapter_api",
    "response_headers": "unified_runtime.adapter_api",
    "element_pages": "unified_runtime.adapter_api",
    "local_order": "unified_runtime.adapter_api",
    "change_cursors": "unified_runtime.adapter_api",
    "hidden_fields": "unified_runtime.adapter_api",
    "list_slots": "unified_runtime.adapter_api",
    "list_members": "unified_runtime.adapter_api",
    "choices": "unified_runtime.adapter_api",
    "current_values": "unified_runtime.adapter_api",
    "dropped_fields": "unified_runtime.adapter_api",
    "extra_objects": "unified_runtime.adapter_api",
}
"""Every name of the runtime that generated adapters may use, and the module it comes from; a test imports each."""

BATCHES = {
    **dict.fromkeys(
        ("Batch", "Constant", "ItemParameter", "ParameterPattern", "QueryParameter", "SameValue", "SharedParameter", "ItemRequest"),
        "unified_runtime.adapter_api.batch_endpoints",
    ),
    "Endpoint": "unified_runtime",
    "Retry": "unified_runtime",
}
"""The same of a vendor's module `batches`."""

_IMPORTED = frozenset(
    {*RUNTIME, *(facts.module.rpartition(".")[2] for facts in CODECS.values()), *LANGUAGES, "types", "batches", "re", "date", "datetime"}
)
"""Lower-case names that a generated module may import."""


class ModuleContext(Struct):
    """State of the module of one resource at one vendor."""

    resource: ResolvedResource
    structs: Structs
    constants: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name to type and source, in the order of first use."""
    helpers: dict[str, str] = field(default_factory=dict)
    """Functions other than the operations, by name."""
    imports: set[tuple[str, str]] = field(default_factory=set)
    """(module, name)."""
    modules: set[str] = field(default_factory=set)
    siblings: set[str] = field(default_factory=set)
    """Modules of the vendor that it uses: `types`, `batches`."""
    reads_connection: bool = False
    endpoints: frozenset[str] = frozenset()
    """Names of constants that hold endpoints."""
    tables: dict[tuple[int, str], str] = field(default_factory=dict)
    """Constants of tables, by field and direction."""

    @property
    def schemas(self) -> Schemas:
        return self.resource.unit.schemas

    @property
    def title(self) -> str:
        """The vendor as people write it."""
        return self.resource.unit.declaration.title

    # ------------------------------------------------------------------------------------- names
    def reserved(self, *names: str) -> set[str]:
        """Return `names` and the names that no local may have, as they would hide what the module imports or defines."""
        reader = f"read_{snake(self.resource.model.record.value)}"
        return {*_IMPORTED, reader, *names}

    def use(self, name: str) -> str:
        """Return a name of the runtime, imported."""
        self.imports.add((RUNTIME[name], name))
        return name

    def codec(self, module: str) -> str:
        """Return a codec's module, imported under its own name."""
        package, _, name = module.rpartition(".")
        self.imports.add((package, identifier(name)))
        return name

    def language(self, name: str) -> str:
        """Return a query language's writer."""
        self.imports.add(("unified_runtime.adapter_api.query", identifier(name)))
        return name

    def struct(self, struct: StructDef) -> str:
        """Return a struct of this vendor."""
        self.siblings.add("types")
        return f"types.{struct.name}"

    def model(self, name: str) -> str:
        """Return a class of the unified models."""
        model = self.resource.model
        module = f"{'unified.' if model.shipped else '...'}models.{identifier(model.resource.value)}"
        self.imports.add((module, identifier(name)))
        return name

    def record_class(self, field: ResolvedField) -> str:
        """Return the class of a nested record."""
        return self.model(nested_class(field.model))

    def typing(self, name: str) -> str:
        self.imports.add(("typing", name))
        return name

    def constant(self, name: str, source: str, type: str = "") -> str:
        """Return a module constant; one that exists with the same source is shared."""
        for known, (_, value) in self.constants.items():
            if value == source and known.rstrip("_0123456789") == name.rstrip("_0123456789"):
                return known
        name = unique(name, {*self.constants, *self.endpoints, "CUSTOM", "FIELDS", "UNSUPPORTED"})
        self.constants[name] = (type, source)
        return name

    def pattern(self, readable: str, source: str) -> str:
        """Return a compiled regular expression."""
        self.modules.add("re")
        return self.constant(constant("pattern", *[word for word in (snake(readable),) if word]), f"re.compile({lit(source)})")

    @property
    def custom(self) -> bool:
        """True if callers may request fields that an account has added."""
        return self.resource.model.custom_fields and self.resource.ast.custom_fields is not None

    def helper(self, name: str, write: Callable[[str], str]) -> str:
        """Return a helper function under the name or the next one that is free; one that exists already is shared."""
        number = 1
        while True:
            candidate = name if number == 1 else f"{name}_{number}"
            source = write(candidate)
            if self.helpers.setdefault(candidate, source) == source:
                return candidate
            number += 1

    # ------------------------------------------------------------------------------------- structs
    @staticmethod
    def element_struct(struct: StructDef | None, segments: tuple[Segment, ...]) -> StructDef | None:
        """Return the struct of the elements of a list inside another struct; None if they are decoded as they are."""
        for segment in segments:
            if isinstance(segment, Name) and struct is not None:
                struct = struct.field(segment.name).struct
        return struct


def nested_class(field: ast.ModelField) -> str:
    """Return the class name of a nested record: the model's noun for it, or the field's name in the singular."""
    return field.type.record or pascal(field.name.value.removesuffix("s") if field.type.many else field.name.value)
