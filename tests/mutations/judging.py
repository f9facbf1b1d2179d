"""Judge edits: compile the vendor in this process, and compare findings and generated code with those of the unchanged mapping."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from tests.mutations.declarations import DeclarationEditor
from tests.mutations.documents import Offers
from tests.mutations.edits import Edit
from tests.mutations.resources import ResourceEditor
from tests.mutations.texts import read, write
from unified_gen.pipeline.compiler import Models, compile_vendor, parse_models
from unified_gen.pipeline.inputs import Inputs, VendorInputs, read_inputs, resource_of
from unified_gen.render.engine import BrokenSource, formatted
from unified_openapi.diagnostics import Severity

ROOT = Path(__file__).parents[2]


class Outcome(enum.Enum):
    """Result of one edit."""

    REPORTED = "reported"
    EQUIVALENT = "equivalent"
    """The generated code is byte-identical."""
    PROVED = "proved"
    """Not reported by the compiler, but by running the adapter (`gen check --prove`)."""
    MISSED = "missed"
    CRASHED = "crashed"


class Judged(Struct, frozen=True):
    """One edit and its result. `codes` are the findings that it brings; `detail` the exception of a crash."""

    vendor: str
    file: str
    part: str
    kind: str
    name: str
    outcome: Outcome
    codes: tuple[str, ...] = ()
    errors: int = 0
    detail: str = ""


@cache
def project() -> Inputs:
    """Return the project's files, read once."""
    return read_inputs(ROOT)


@cache
def models() -> Models:
    """Return the project's models, parsed once."""
    return parse_models(project().models)


def vendor(name: str) -> VendorInputs:
    """Return the files of one vendor."""
    return next(found for found in project().vendors if found.name == name)


def files(name: str) -> tuple[str, ...]:
    """Return the files of a vendor that edits are made in."""
    inputs = vendor(name)
    return (*inputs.mappings, *(path for path in inputs.specs if path.endswith("/overlay.yaml")))


def edits(name: str, file: str, seed: str) -> Iterator[Edit]:
    """Yield the edits of one file, each once."""
    inputs = vendor(name)
    text = inputs.texts()[file]
    tree = read(text, file)
    assert isinstance(tree, dict)
    stem = file.rpartition("/")[2].removesuffix(".yaml")
    if file == inputs.declaration:
        found = DeclarationEditor(name, file, tree, seed).edits()
    elif file in inputs.specs:
        found = DeclarationEditor(name, file, tree, seed, "overlay").edits()
    else:
        model = models().by_resource[resource_of(text) or stem]
        found = ResourceEditor(name, file, tree, seed, Offers(inputs), model).edits()
    seen = set()
    for edit in found:
        if edit.name not in seen:
            seen.add(edit.name)
            yield edit


def changed(inputs: VendorInputs, file: str, text: str) -> VendorInputs:
    """Return a vendor's files with another text for one."""
    parts = (inputs.mappings, inputs.specs)
    mappings, specs = ({name: text if name == file else old for name, old in part.items()} for part in parts)
    return VendorInputs(inputs.name, mappings, specs)


Findings = frozenset[tuple[str, str, bool]]


def _compiled(inputs: VendorInputs) -> tuple[Findings, Mapping[str, str]]:
    result = compile_vendor(inputs, models())
    found = frozenset((one.code, one.message, one.severity is Severity.ERROR) for one in result.diagnostics)
    return found, result.files


def judge(name: str, file: str, chosen: Iterable[Edit]) -> list[Judged]:
    """Return the results of edits of one file."""
    inputs = vendor(name)
    before, code = _compiled(inputs)
    results: list[Judged] = []
    differs: list[tuple[Edit, dict[str, str]]] = []
    for edit in chosen:
        try:
            found, files = _compiled(changed(inputs, file, write(edit.tree)))
        except Exception as error:  # crashes are counted, and named in the report
            results.append(_judged(edit, Outcome.CRASHED, detail=f"{type(error).__name__}: {error}"))
            continue
        if new := found - before:
            codes = tuple(sorted({finding for finding, _, _ in new}))
            results.append(_judged(edit, Outcome.REPORTED, codes, sum(error for _, _, error in new)))
        elif files == code:
            results.append(_judged(edit, Outcome.EQUIVALENT))
        else:
            differs.append((edit, {path: files.get(path, "") for path in {*files, *code} if files.get(path) != code.get(path)}))
    return results + list(_formatted(differs, code))


def _formatted(differs: list[tuple[Edit, dict[str, str]]], code: Mapping[str, str]) -> Iterator[Judged]:
    """Compare what differs before formatting as it would be committed."""
    if not differs:
        return
    old = {("", path): code[path] for path in {path for _, files in differs for path in files} if path in code}
    try:
        done = formatted(old | {(edit.name, path): text for edit, files in differs for path, text in files.items()})
    except BrokenSource as error:
        if len(differs) == 1:
            yield _judged(differs[0][0], Outcome.CRASHED, detail=f"BrokenSource: {error}")
            return
        for one in differs:
            yield from _formatted([one], code)
        return
    for edit, files in differs:
        same = all(done[edit.name, path] == done.get(("", path)) for path in files)
        yield _judged(edit, Outcome.EQUIVALENT if same else Outcome.MISSED)


def _judged(edit: Edit, outcome: Outcome, codes: tuple[str, ...] = (), errors: int = 0, detail: str = "") -> Judged:
    return Judged(edit.vendor, edit.file, edit.part, edit.kind, edit.name, outcome, codes, errors, detail)
