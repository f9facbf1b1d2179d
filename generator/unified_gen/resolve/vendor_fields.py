"""Fields that a vendor declares once for its resources: `fields` of `vendor.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from unified_gen.diagnostics.codes import map210_unknown_field
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast


def with_vendor_fields(
    vendor: ast.Vendor, resources: Iterable[ast.Resource], models: Mapping[str, ast.Model]
) -> tuple[tuple[ast.Resource, ...], frozenset[str]]:
    """Return the mappings with the vendor's fields, and the names of the fields that some mapping gets.

    A mapping gets a field that its model has, unless it maps the field itself or lists it as unsupported. Fields are in the order of the
    model then.
    """
    used: set[str] = set()
    found = []
    for resource in resources:
        model = models.get(resource.resource.value)
        own = {field.name.value for field in resource.fields} | {name.value for name, _ in resource.unsupported}
        order = [field.name.value for field in model.fields] if model is not None else []
        shared = [field for field in vendor.fields if field.name.value in order and field.name.value not in own]
        used.update(field.name.value for field in shared)
        fields = list(resource.fields)
        for field in shared:
            rank = order.index(field.name.value)
            later = (at for at, other in enumerate(fields) if other.name.value in order[rank + 1 :])
            fields.insert(next(later, len(fields)), field)
        found.append(replace(resource, fields=tuple(fields)))
    return tuple(found), frozenset(used)


def report_unused(vendor: ast.Vendor, used: frozenset[str], reporter: Reporter) -> None:
    """Report each field of the vendor that no mapping gets."""
    for field in vendor.fields:
        if field.name.value not in used:
            reporter.add(map210_unknown_field.report(field.name, (), what="a field that a mapping of this vendor leaves to `vendor.yaml`"))
