"""Facade module of a resource: one typed builder per operation, from which the sync and the async callables are made."""

from __future__ import annotations

from collections.abc import Sequence

from unified_gen.language import ast
from unified_gen.lower.context import nested_class
from unified_gen.lower.python import attribute, docstring, identifier, lit, snake
from unified_gen.lower.signatures import finds_custom, input_class, takes_custom, writes_custom
from unified_gen.render.catalog import EFFECTS
from unified_gen.render.engine import python, render
from unified_gen.render.resources import import_lines

RUNTIME = {
    "Content": "unified_runtime.core.content",
    "Progress": "unified_runtime.core.content",
    "UNSET": "unified_runtime.core.operations",
    "Extra": "unified_runtime.core.operations",
    "Invocation": "unified_runtime.core.operations",
    "Unset": "unified_runtime.core.operations",
    "downloading": "unified_runtime.client.operations",
    "listing": "unified_runtime.client.operations",
    "many": "unified_runtime.client.operations",
    "operation": "unified_runtime.client.operations",
    "VendorModules": "unified_runtime.core.vendor_modules",
}
"""Every name of the runtime that a facade may use; a test imports each."""

_PYTHON = {
    "boolean": "bool",
    "integer": "int",
    "decimal": "Decimal",
    "date": "date",
    "datetime": "datetime",
}
_WITH_EXTRA = frozenset({"create", "update", "delete", "list"})
_TYPES = frozenset({"typing", "datetime", "decimal"})
"""Modules that only type checkers need of a facade: importing them takes longer than all else there."""
_MODULES = {"Decimal": "decimal", "date": "datetime", "datetime": "datetime"}


class Facade:
    """Writer of the facade module of one resource."""

    def __init__(self, model: ast.Model, vendors: Sequence[str]) -> None:
        self.model = model
        self.vendors = vendors
        self.imports: set[tuple[str, str]] = set()
        self._use("VendorModules")
        self.types: set[str] = set()

    def render(self) -> str:
        """Return the module's source."""
        functions = [self._function(operation) for operation in self.model.operations]
        functions += [self._many(name) for name in in_bulk(self.model)]
        return python(
            render(
                "facade.py.j2",
                docstring=docstring(f"{self.model.summary} Written by `gen build`; do not edit.", ""),
                imports=import_lines({each for each in self.imports if each[0] not in _TYPES}, ()),
                typed=import_lines({each for each in self.imports if each[0] in _TYPES}, ()),
                models=self.models,
                types=sorted(self.types),
                vendors=lit(tuple(self.vendors)),
                functions=functions,
            )
        )

    def _use(self, name: str) -> str:
        self.imports.add((RUNTIME[name], name))
        return name

    @property
    def models(self) -> str:
        """The module of the pydantic models. It is imported by the first call: pydantic takes longer to import than all else here."""
        return f".models.{identifier(self.model.resource.value)}"

    def _class(self, name: str) -> str:
        """Return a model as a type, which only type checkers need."""
        self.types.add(identifier(name))
        return name

    def _value(self, operation: ast.ModelOperation, field: str) -> str:
        """Return the value of an input. None clears a field; of an input that is not a field, it means that it is not given."""
        parts = {identifier(given.name.value) for given in operation.inputs if not given.required}
        if operation.kind == "update" and field in parts:
            return f"{self._use('UNSET')} if {field} is None else {field}"
        return field

    def _function(self, operation: ast.ModelOperation) -> str:
        lists = operation.kind in ("list", "changes")
        decorate = "listing" if lists else "downloading" if operation.content else "operation"
        self._use(decorate)
        given = input_class(self.model, operation)
        positional = list(operation.ids)
        named = self._named(operation) if given is not None else []
        contents = [i for i in positional if i.type.kind == "bytes"]
        arguments = [f"{attribute(i.name.value)}: {self._type(i.type, None)}" for i in positional if i.required]
        keywords = [*(f"{name}: {kind}" + ("" if required else f" = {self._use('UNSET')}") for name, kind, required in named)]
        keywords += [f"{attribute(i.name.value)}: {self._type(i.type, None)} | None = None" for i in positional if not i.required]
        keywords += ["cursor: str | None = None", "limit: int | None = None"] if lists else []
        keywords += [f"progress: {self._use('Progress')} | None = None"] if contents else []
        custom = takes_custom(self.model, operation)
        if custom:
            self.imports.add(("collections.abc", "Sequence"))
            values = ""
            if writes_custom(self.model, operation) or finds_custom(self.model, operation):
                self.imports.add(("collections.abc", "Mapping"))
                values = "Mapping[str, object] | "
            keywords.append(f"custom_fields: {values}Sequence[str] = ()")
        keywords += ["via: str | None = None"]
        if operation.kind in _WITH_EXTRA:
            keywords.append(f"extra: {self._use('Extra')} | None = None")
        effect = EFFECTS.get(operation.kind, "read")
        if effect != "read":
            keywords.append("idempotency_key: str | None = None")
        result = "None" if operation.empty else operation.response or self._class(self.model.record.value)
        name = snake(operation.name.value).rstrip("_")
        facts = [] if lists else [f"effect={lit(effect)}"]
        facts += ["finds=True"] if finds_custom(self.model, operation) else []
        facts += [f"like={lit(operation.kind)}"] if operation.kind != operation.name.value else []
        words = [lit(self.model.resource.value), lit(operation.name.value), "VENDORS", *facts]
        decorator = f"@{decorate}({', '.join(words)})"
        signature = ", ".join([*arguments, "*", *keywords])
        body: list[str] = []
        if given is not None:
            body.append(f"model={identifier(given)}")
            body.append("given={" + ", ".join(f"{lit(field)}: {self._value(operation, field)}" for field, _, _ in named) + "}")
        secrets = tuple(field.name.value for field in self.model.fields if field.secret and operation.takes(field))
        if secrets:
            body.append(f"secrets={lit(secrets)}")
        ids = [i for i in positional if i not in contents]
        if ids:
            body.append("ids={" + ", ".join(f"{lit(i.name.value)}: {attribute(i.name.value)}" for i in ids) + "}")
        if contents:
            body.append("content={" + ", ".join(f"{lit(i.name.value)}: {attribute(i.name.value)}" for i in contents) + "}")
            body.append("progress=progress")
        optional = [i.name.value for i in positional if not i.required]
        if optional:
            body.append(f"optional={lit(tuple(optional))}")
        body += ["cursor=cursor", "limit=limit"] if lists else []
        body += ["custom_fields=custom_fields"] if custom else []
        body.append("via=via")
        if operation.kind in _WITH_EXTRA:
            body.append("extra=extra")
        if effect != "read":
            body.append("key=idempotency_key")
        return "\n".join(
            [
                decorator,
                f"def {name}({signature}) -> {self._use('Invocation')}[{result}]:",
                "    " + docstring(self._doc(operation, positional, named)),
                *([f"    from {self.models} import {identifier(given)}", ""] if given is not None else []),
                f"    return Invocation({', '.join(body)})",
            ]
        )

    def _many(self, name: str) -> str:
        return f'{name}_many = {self._use("many")}({name})\n"""`{name}` for many inputs; see `unified_runtime.client.operations.Many`."""'

    def _named(self, operation: ast.ModelOperation) -> list[tuple[str, str, bool]]:
        """Return (name, Python type, required) of the fields of an input model."""
        found = []
        if operation.kind in ("create", "update"):
            for field in self.model.fields:
                if not operation.takes(field):
                    continue
                required = operation.name.value in field.required
                kind = self._type(field.type, field)
                optional = "" if field.required else " | None"
                found.append((identifier(field.name.value), kind if required else f"{kind}{optional} | {self._use('Unset')}", required))
        for given in operation.inputs:
            if given in operation.ids:
                continue
            kind = self._type(given.type, None)
            found.append(
                (identifier(given.name.value), kind if given.required else f"{kind} | None | {self._use('Unset')}", given.required)
            )
        return sorted(found, key=lambda entry: not entry[2])

    def _type(self, type: ast.Type, field: ast.ModelField | None) -> str:
        if type.arms:
            return " | ".join(self._type(arm, None) for arm in type.arms)
        if type.kind == "enum":
            self.imports.add(("typing", "Literal"))
            one = f"Literal[{', '.join(lit(value.value) for value in type.values)}]"
        elif type.kind == "object":
            if field is None:
                self.imports.add(("collections.abc", "Mapping"))
            one = self._class(nested_class(field)) if field is not None else "Mapping[str, object]"
        else:
            one = self._use("Content") if type.kind == "bytes" else _PYTHON.get(type.kind, "str")
            if one in _MODULES:
                self.imports.add((_MODULES[one], one))
        if type.many:
            self.imports.add(("collections.abc", "Sequence"))
            return f"Sequence[{one}]"
        return one

    def _doc(self, operation: ast.ModelOperation, positional: list[ast.Input], named: list[tuple[str, str, bool]]) -> str:
        summaries = {field.name.value: field.summary for field in self.model.fields} if operation.kind in ("create", "update") else {}
        summaries |= {given.name.value: given.summary for given in operation.inputs}
        lines = [operation.summary, "", "Args:"]
        names = [*(i.name.value for i in positional), *(name for name, _, _ in named)]
        lines += [f"    {name}: {summaries[name]}" for name in names if summaries.get(name)]
        if operation.kind in ("list", "changes"):
            pages = "`cursor`, or from the `sync` of the last one; without it everything" if operation.kind == "changes" else "cursor"
            lines += [f"    cursor: Continue from this page's {pages}.", "    limit: Page size to request."]
        if any(i.type.kind == "bytes" for i in positional):
            lines.append("    progress: Called with the bytes sent so far, and their total if that is known.")
        if takes_custom(self.model, operation):
            known = "by the names that `describe` returns."
            if writes_custom(self.model, operation):
                lines.append(f"    custom_fields: Values of custom fields, or names of custom fields to read as well: {known}")
            elif finds_custom(self.model, operation):
                lines.append(f"    custom_fields: Values to find in fields that this account has added, or names of those to read: {known}")
            else:
                lines.append(f"    custom_fields: Custom fields to read as well: {known}")
        lines.append("    via: The vendor to use, if not the one that `acting` names.")
        if operation.kind in _WITH_EXTRA:
            own = "fields" if operation.kind in ("create", "update") else "parameters"
            lines.append(f"    extra: The vendor's own {own}, by vendor; checked against its schema.")
        if EFFECTS.get(operation.kind, "read") != "read":
            lines.append("    idempotency_key: The same call under the same key is made once; see `remember`.")
        return "\n".join(lines) + "\n"


def in_bulk(model: ast.Model) -> list[str]:
    """Return the operations that there is a form for many inputs of: those that write and take no content."""
    return [
        snake(operation.name.value).rstrip("_")
        for operation in model.operations
        if operation.kind in ("create", "update", "delete")
        and operation.response is None
        and not any(i.type.kind == "bytes" for i in operation.ids)
    ]


def render_facade(model: ast.Model, vendors: Sequence[str]) -> str:
    """Return the facade module of a resource."""
    return Facade(model, vendors).render()


def render_aio(model: ast.Model) -> str:
    """Return the async twin of a facade."""
    names = [(snake(operation.name.value).rstrip("_"),) * 2 for operation in model.operations]
    names += [(f"{name}_many",) * 2 for name in in_bulk(model)]
    return python(
        render(
            "aio.py.j2",
            docstring=docstring(f"{model.summary} Async. Written by `gen build`; do not edit.", ""),
            resource=identifier(model.resource.value),
            names=names,
        )
    )
