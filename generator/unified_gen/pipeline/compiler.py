"""The compiler as one pure function: texts in, files and diagnostics out. No clock, no network, no disk.

A vendor is compiled by itself (`compile_vendor`), given the models; the files that all vendors share (`compile_shared`) need only the
operations that each vendor offers. So vendors can be compiled separately, in parallel, and cached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.check import (
    map231_error_path,
    map242_reconcile_times,
    map245_batches,
    map255_constants_of_a_vendor,
    map257_payload_errors,
    map311_misspelt_value,
    map312_rows_differ,
    map408_oauth,
    map409_webhooks,
    map410_limits,
    map411_scopes,
    map413_oauth_address,
    map501_tool_tokens,
    map502_unknown_reference,
    map503_duplicate_record,
    map504_time_name,
)
from unified_gen.check.all_rules import check_resource
from unified_gen.check.consequences import without_consequences
from unified_gen.check.grouping import grouped
from unified_gen.diagnostics.codes import map104_unknown_input, map212_response, map405_unused_allow, map406_no_document, map407_no_model
from unified_gen.diagnostics.laws import FAMILY
from unified_gen.diagnostics.report import has_errors
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.parse import parse_model, parse_resource, parse_vendor
from unified_gen.language.reserved import RUNTIME
from unified_gen.language.strings import is_vendor_name, vendor_name
from unified_gen.lower.batches import Batches
from unified_gen.lower.python import lit
from unified_gen.lower.structs import Structs
from unified_gen.pipeline.inputs import Inputs, VendorInputs
from unified_gen.pipeline.results import Result, Stats, VendorResult
from unified_gen.render.catalog import extra_schemas, to_json, vendor_catalog
from unified_gen.render.engine import formatted, python, render
from unified_gen.render.facade import render_aio, render_facade
from unified_gen.render.models import render_models
from unified_gen.render.policy import cedar_schema
from unified_gen.render.resources import render_batches, render_resource, vendor_module
from unified_gen.render.tools import tool_costs, tools
from unified_gen.render.vendors import render_types, render_vendor, vendor_schemes
from unified_gen.render.webhooks import render_webhooks
from unified_gen.resolve.resolved import ResolvedResource, VendorUnit
from unified_gen.resolve.resource import resolve_resource
from unified_gen.resolve.vendor_fields import report_unused, with_vendor_fields
from unified_openapi.diagnostics import Diagnostic, Severity
from unified_openapi.diagnostics.codes import DANGLING
from unified_openapi.documents import Document, DocumentFault, operations, parse_document
from unified_openapi.documents.overlay import apply, parse_overlay
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.source.pointers import child
from unified_openapi.source.spans import Span, Text

Offers: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Of each vendor that ships, the operations that it offers, by resource."""


class Models(Struct, frozen=True):
    """The unified models, parsed."""

    by_resource: Mapping[str, ast.Model]
    diagnostics: tuple[Diagnostic, ...]


def parse_models(texts: Mapping[str, str]) -> Models:
    """Parse every model of a project."""
    found: dict[str, ast.Model] = {}
    diagnostics: list[Diagnostic] = []
    for file, text in sorted(texts.items()):
        model, faults = parse_model(text, file)
        diagnostics += faults
        if model is not None and not has_errors(faults):
            found[model.resource.value] = model
            diagnostics += map501_tool_tokens.check(model, tool_costs(model))
    if not has_errors(diagnostics):  # what a malformed model declares is unknown
        for rule in (map502_unknown_reference, map503_duplicate_record, map504_time_name):
            diagnostics += rule.check(found)
    return Models(found, tuple(diagnostics))


def compile(inputs: Inputs) -> Result:
    """Compile an entire project."""
    models = parse_models(inputs.models)
    vendors = tuple(compile_vendor(vendor, models) for vendor in inputs.vendors)
    return combine(models, vendors, lambda offers: compile_shared(models, model_classes(models), offers))


def combine(models: Models, vendors: Iterable[VendorResult], shared: Callable[[Offers], Mapping[str, str]]) -> Result:
    """Join the results that were compiled separately and format the sources that are not formatted yet; nothing is emitted after an error.

    `shared` returns the files of `compile_shared` for the operations that each vendor offers.
    """
    vendors = tuple(vendors)
    diagnostics = sorted((*models.diagnostics, *(d for vendor in vendors for d in vendor.diagnostics)), key=lambda d: d.order)
    offers = {vendor.name: vendor.offers for vendor in vendors if not vendor.stats.draft}
    if not has_errors(diagnostics):
        diagnostics += _check_toolsets(models, offers)
    broken = has_errors(diagnostics)
    common, vendors = _laid_out({} if broken else shared(offers), vendors)
    files = dict(common)
    for vendor in () if broken else vendors:
        files.update(vendor.files)
    return Result(dict(sorted(files.items())), tuple(diagnostics), vendors)


def _check_toolsets(models: Models, offers: Offers) -> Iterator[Diagnostic]:
    """Check the tools of each vendor together."""
    found = {name: models.by_resource[name] for resources in offers.values() for name in resources}
    costs = {name: tool_costs(model) for name, model in found.items() if model.tools}
    for vendor, resources in offers.items():
        tokens = [
            (found[name], sum(costs[name][f"{name}_{operation}"] for operation in offered))
            for name, offered in resources.items()
            if name in costs
        ]
        yield from map501_tool_tokens.check_toolset(vendor, tokens)


def _laid_out(shared: Mapping[str, str], vendors: tuple[VendorResult, ...]) -> tuple[Mapping[str, str], tuple[VendorResult, ...]]:
    """Return the same files, formatted in one run of the formatter; those that were saved are already."""
    by_vendor = {(vendor.name, name): text for vendor in vendors for name, text in vendor.files.items()}
    done = formatted({("", name): text for name, text in shared.items()} | by_vendor)
    return (
        {name: done["", name] for name in shared},
        tuple(replace(vendor, files={name: done[vendor.name, name] for name in vendor.files}) for vendor in vendors),
    )


# ------------------------------------------------------------------------------------------- one vendor
class _Work(Struct):
    """A vendor being compiled."""

    inputs: VendorInputs
    models: Models
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def declaration(self) -> ast.Vendor | None:
        name = self.inputs.declaration
        if name is None:
            path = f"mappings/vendors/{self.inputs.name}/vendor.yaml"
            self.diagnostics.append(map406_no_document.no_declaration(Span(path, 1, 1, 1, 2), self.inputs.name))
            return None
        if not is_vendor_name(self.inputs.name):
            self.diagnostics.append(vendor_name(self.inputs.name, Span(name, 1, 1, 1, 2)))
            return None
        vendor, faults = parse_vendor(self.inputs.mappings[name], name, self.inputs.name)
        self.diagnostics += faults
        return vendor

    def document(self, vendor: ast.Vendor) -> Document | None:
        spec = self.inputs.spec("openapi.yaml")
        if spec is None:
            self.diagnostics.append(map406_no_document.report(vendor.name, self.inputs.name))
            return None
        try:
            document = parse_document(spec[1], spec[0])
            overlay = self.inputs.spec("overlay.yaml")
            if overlay is not None:
                document = apply(document, parse_overlay(overlay[1].encode(), overlay[0]))
        except DocumentFault as fault:
            self.diagnostics.append(fault.diagnostic)
            return None
        self.diagnostics += document.faults
        return document

    def resources(self) -> list[ast.Resource]:
        found = []
        for name, text in sorted(self.inputs.mappings.items()):
            if name == self.inputs.declaration:
                continue
            resource, faults = parse_resource(text, name, self.inputs.name)
            self.diagnostics += faults
            if resource is not None and not has_errors(faults):
                found.append(resource)
        return found


def compile_vendor(inputs: VendorInputs, models: Models) -> VendorResult:
    """Compile one vendor: parse, look up, check, write."""
    work = _Work(inputs, models)
    vendor = work.declaration()
    document = work.document(vendor) if vendor is not None else None
    parsed = work.resources()
    lines = sum(1 for text in inputs.mappings.values() for line in text.splitlines() if line.strip())
    if vendor is None or document is None:
        return VendorResult(inputs.name, {}, tuple(sorted(work.diagnostics, key=lambda d: d.order)), {}, Stats(inputs.name, lines=lines))
    resources, given = with_vendor_fields(vendor, parsed, models.by_resource)
    unit = VendorUnit(vendor, document, Schemas(document), operations(document), resources)
    reporter = Reporter(document)
    resolved: list[ResolvedResource] = []
    used: dict[str, dict[str, frozenset[str]]] = {}
    unchecked: dict[str, int] = {}
    for resource in resources:
        model = models.by_resource.get(resource.resource.value)
        if model is None:
            if not has_errors(models.diagnostics):  # a model with errors is unknown, and its errors are reported
                reporter.add(map407_no_model.report(resource.resource, tuple(models.by_resource)))
            continue
        takes: dict[str, frozenset[str]] = {}
        found = resolve_resource(unit, resource, model, reporter, takes)
        if found is not None:
            resolved.append(found)
            used[model.resource.value] = takes
            findings = check_resource(found, takes)
            unchecked[model.resource.value] = sum(1 for finding in findings if finding.code == "MAP205")
            reporter.diagnostics += findings
    complete = len(resolved) == len(inputs.mappings) - 1
    if complete:
        report_unused(vendor, given, reporter)
        _vendor_rules(unit, models, resolved, reporter)
    work.diagnostics = _needed(document, work.diagnostics, reporter.uses) + reporter.diagnostics + unit.schemas.faults
    accepted = accept(vendor, parsed, work.diagnostics)
    if not complete:  # what a malformed file uses is not known, and its errors are reported
        accepted = tuple(one for one in accepted if one.code != "MAP405")
    diagnostics = grouped(without_consequences(parsed, accepted))
    files = {} if has_errors(diagnostics) or has_errors(models.diagnostics) else emit(unit, resolved, used, unchecked)
    return VendorResult(
        name=inputs.name,
        files={} if vendor.draft else files,
        diagnostics=diagnostics,
        offers={r.model.resource.value: tuple(o.name for o in r.operations) for r in resolved},
        stats=Stats(
            vendor=inputs.name,
            operations=sum(len(r.operations) for r in resolved),
            lines=lines,
            checked=len(reporter.uses),
            unchecked=sum(unchecked.values()),
            draft=vendor.draft,
        ),
        uses=frozenset(reporter.uses),
        of_any_type=frozenset(reporter.of_any_type),
    )


def _vendor_rules(unit: VendorUnit, models: Models, resolved: list[ResolvedResource], reporter: Reporter) -> None:
    """Report what concerns the declaration of a vendor and all its mappings."""
    vendor = unit.declaration
    mapped = {one.ast.resource.value for one in resolved}
    nouns = frozenset(model.noun for resource, model in models.by_resource.items() if resource in mapped)
    if vendor.envelope is not None and not _wrapped(unit, vendor.envelope.value):
        reporter.add(map212_response.no_envelope(vendor.envelope))
    reporter.diagnostics += map408_oauth.check(vendor, {name: kind for name, (kind, _) in vendor_schemes(unit, resolved).items()})
    reporter.diagnostics += map413_oauth_address.check(vendor, unit.document)
    reporter.diagnostics += map409_webhooks.check(vendor, resolved, nouns)
    reporter.diagnostics += map410_limits.check(vendor, unit.operations, unit.schemas, resolved)
    reporter.diagnostics += map411_scopes.check(vendor, resolved)
    reporter.diagnostics += map231_error_path.check(vendor, unit.schemas, resolved)
    reporter.diagnostics += map311_misspelt_value.check(unit.resources, unit.document)
    reporter.diagnostics += map242_reconcile_times.check(resolved)
    reporter.diagnostics += map245_batches.check(resolved)
    reporter.diagnostics += map255_constants_of_a_vendor.check(resolved)
    reporter.diagnostics += map257_payload_errors.check(vendor, unit.schemas, resolved)
    reporter.diagnostics += map312_rows_differ.check(resolved)
    reporter.diagnostics += [map104_unknown_input.nowhere(text) for text, _ in vendor.constants if text not in reporter.set]


def _wrapped(unit: VendorUnit, envelope: str) -> bool:
    """Return true if a request or a response that the mappings use has a property of that name, or none is described."""
    steps = (step for resource in unit.resources for operation in resource.operations for step in operation.steps)
    facts = [found for step in steps if (found := unit.operations.get(step.operation.value)) is not None]
    contents = [content for one in facts for content in (one.bodies, *one.responses.values())]
    shapes = [unit.schemas.shape(pointer) for content in contents for pointer in content.values()]
    described = [shape for shape in shapes if shape.properties or shape.arms or shape.items is not None]
    return not described or any(envelope in variant.properties for shape in described for variant in (shape, *shape.variants()))


def _needed(document: Document, diagnostics: list[Diagnostic], uses: set[str]) -> list[Diagnostic]:
    """Return the diagnostics, with a missing part of the document as an error if a mapping uses it."""
    missing = {fault.span for fault in diagnostics if fault.code == DANGLING.code}
    needed = {document.span(child(pointer, "$ref")) for pointer in uses} & missing if missing else set()
    return [replace(d, severity=Severity.ERROR) if d.code == DANGLING.code and d.span in needed else d for d in diagnostics]


def accept(
    vendor: ast.Vendor, resources: Iterable[ast.Resource], diagnostics: Iterable[Diagnostic], *, laws: bool = False
) -> tuple[Diagnostic, ...]:
    """Take out the findings that the vendor's files accept with a reason, and report a line that accepts nothing.

    A line of `vendor.yaml` accepts findings of all the vendor's files, a line of a mapping those of the mapping.
    `laws`: the findings are those of `gen prove`, and only lines about these count; otherwise only the others.
    """
    lines = [text for text, _ in vendor.allow] + [text for resource in resources for text, _ in resource.allow]
    allowed: list[Text] = [text for text in lines if text.value.startswith(FAMILY) is laws]
    hit: set[Text] = set()
    saved = []
    for diagnostic in dict.fromkeys(diagnostics):
        for text in allowed:
            code, _, subject = text.value.partition(" ")
            elsewhere = text.span.file not in (vendor.span.file, diagnostic.span.file)
            if diagnostic.code == code and not elsewhere and (not subject or f"`{subject}`" in diagnostic.message):
                hit.add(text)
                break
        else:
            saved.append(diagnostic)
    saved += [map405_unused_allow.report(text) for text in allowed if text not in hit]
    return tuple(sorted(saved, key=lambda d: d.order))


def emit(
    unit: VendorUnit, resources: list[ResolvedResource], used: Mapping[str, Mapping[str, frozenset[str]]], unchecked: Mapping[str, int]
) -> dict[str, str]:
    """Return the files of a vendor that nothing is wrong with; those that are Python are source yet, not laid out."""
    structs, batches = Structs(unit.schemas), Batches()
    folder = f"unified/vendors/{vendor_module(unit.name)}"
    files = {
        f"{folder}/{resource.model.resource}.py": render_resource(resource, structs, batches, used[resource.model.resource.value])
        for resource in resources
    }
    if batches.constants:
        files[f"{folder}/batches.py"] = render_batches(unit.declaration.title, batches)
    files[f"{folder}/types.py"] = render_types(unit.declaration, structs)
    files[f"{folder}/__init__.py"] = render_vendor(unit, resources)
    if unit.declaration.webhooks is not None:
        known = {resource.model.noun: resource.model.resource.value for resource in resources}
        files[f"{folder}/webhooks.py"] = render_webhooks(unit.declaration, unit.declaration.webhooks, known)
    files[f"{folder}/extra.json"] = to_json(extra_schemas(resources))
    files[f"unified/catalog/{unit.name}.json"] = vendor_catalog(unit, resources, used, unchecked)
    return files


# ------------------------------------------------------------------------------------------- what all vendors share
def model_classes(models: Models) -> dict[str, str]:
    """Return the pydantic classes of each model, by resource. They depend on the models only, not on what vendors offer."""
    return formatted({resource: render_models(model) for resource, model in sorted(models.by_resource.items())})


def compile_shared(models: Models, classes: Mapping[str, str], offers: Offers) -> dict[str, str]:
    """Return the facade, the models and the tools, given the models' classes and the offers of each vendor; not formatted yet."""
    files: dict[str, str] = {}
    shipped = []
    for resource, model in sorted(models.by_resource.items()):
        vendors = sorted(name for name, resources in offers.items() if resource in resources)
        if not vendors:
            continue
        shipped.append(resource)
        files[f"unified/{resource}.py"] = render_facade(model, vendors)
        files[f"unified/aio/{resource}.py"] = render_aio(model)
        files[f"unified/models/{resource}.py"] = classes[resource]
        if model.tools:
            files[f"unified/tools/{resource}.json"] = to_json(tools(model))
    files["unified/policy/schema.json"] = to_json(cedar_schema(models.by_resource[resource] for resource in shipped))
    files["unified/__init__.py"] = python(render("package.py.j2", resources=shipped, runtime=RUNTIME))
    files["unified/api.py"] = python(render("api.py.j2", asynchronous=False))
    files["unified/aio/api.py"] = python(render("api.py.j2", asynchronous=True))
    files["unified/aio/__init__.py"] = python(render("aio_package.py.j2", resources=shipped, names=lit(shipped)))
    for folder, text in _PACKAGES.items():
        files[f"unified/{folder}/__init__.py"] = f'"""{text} Written by `gen build`; do not edit."""\n'
    files["unified/py.typed"] = ""
    return files


_PACKAGES = {
    "models": "The unified models.",
    "vendors": "One package for each vendor.",
    "catalog": "What each vendor offers, as data.",
    "policy": "The Cedar schema of policies, as data.",
    "tools": "Tool schemas, as data.",
}
