"""Compare all documents that a project's slices were taken from with what the vendors have now."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from unified_gen.drift.model import Drift, Verdict
from unified_gen.drift.report import Compared, summary, to_json, to_markdown
from unified_gen.drift.vendors import MappingErrors, NotComparable, compare_documents
from unified_gen.pipeline.compiler import Models
from unified_gen.pipeline.inputs import VendorInputs
from unified_gen.specs.lock import LockFault, SourceDocument, read_lock
from unified_gen.specs.update import LOCK, finder
from unified_openapi.documents import Document, DocumentFault, parse_document
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.merge import OperationConflict
from unified_openapi.source.spans import Json

Get = Callable[[SourceDocument], "bytes | str"]
"""Returns the bytes of a document as it is now, or the reason why it has none."""


class State(enum.Enum):
    """State of a locked document."""

    UNCHANGED = "unchanged"
    COMPARED = "compared"
    UNAVAILABLE = "unavailable"
    """It could not be read: nothing is known of it."""


class Checked(Struct, frozen=True):
    """One locked document. `note` is the reason if it was not compared."""

    name: str
    before: str
    after: str
    state: State
    note: str = ""


class Watched(Struct, frozen=True):
    """One vendor: its documents, and their comparison if any of them changed."""

    vendor: str
    documents: tuple[Checked, ...]
    compared: Compared | None = None
    problem: str = ""
    """Why the changed documents could not be compared."""

    @property
    def complete(self) -> bool:
        """True if everything could be compared."""
        return not self.problem and all(one.state is not State.UNAVAILABLE for one in self.documents)

    def at_least(self, least: Verdict) -> bool:
        """Return true if an operation has this verdict or a worse one, or something about the vendor or its overlay changed."""
        if self.compared is None:
            return False
        order = list(Verdict)
        drift = self.compared.drift
        worst = max((order.index(operation.verdict) for operation in drift.operations), default=0)
        others = drift.overlay or drift.vendor_findings or drift.vendor_changes
        return worst >= order.index(least) or (bool(others) and order.index(least) <= order.index(Verdict.CHANGED))


def watch(
    inputs: VendorInputs,
    specs: Path,
    models: Models,
    get: Get,
    lacking: Callable[[Drift], tuple[tuple[str, tuple[str, ...]], ...]],
    documents: Path | None,
) -> Watched | None:
    """Return what has changed in the documents of one vendor; None if its slice was not taken from documents.

    Args:
        inputs: the vendor's files.
        specs: its folder `specs/<vendor>`.
        models: the unified models.
        get: returns a document as it is now.
        lacking: returns the connections that lack a scope.
        documents: a folder of complete documents, for those that have not changed.
    """
    try:
        lock = read_lock(specs / LOCK)
    except LockFault as fault:
        return Watched(inputs.name, (), problem=fault.diagnostic.message)
    if lock.product is not None:
        return None
    checked, new = [], dict[str, Document]()
    for source in lock.documents:
        found, document = _checked(source, get)
        checked.append(found)
        if document is not None:
            new[source.name] = document
    if not new:
        return Watched(inputs.name, tuple(checked))
    facts = open_facts(specs) if (specs / FACTS).is_file() else None
    try:
        drift = compare_documents(inputs, models, lock, new, finder(documents or Path(), facts))
    except (DocumentFault, LockFault) as fault:
        return Watched(inputs.name, tuple(checked), problem=fault.diagnostic.message)
    except (NotComparable, MappingErrors, OperationConflict) as error:
        return Watched(inputs.name, tuple(checked), problem=str(error))
    sources = [source for source in lock.documents if source.name in new]
    before, after = (", ".join(dict.fromkeys(texts)) for texts in ([s.version for s in sources], [new[s.name].version for s in sources]))
    return Watched(inputs.name, tuple(checked), Compared(drift, ", ".join(new), before, after, lacking(drift)))


def _checked(source: SourceDocument, get: Get) -> tuple[Checked, Document | None]:
    data = get(source)
    if isinstance(data, str):
        return Checked(source.name, source.version, "", State.UNAVAILABLE, data), None
    if hashlib.sha256(data).hexdigest() == source.sha256:
        return Checked(source.name, source.version, source.version, State.UNCHANGED), None
    try:
        document = parse_document(data, source.name, source.name)
    except DocumentFault as fault:
        return Checked(source.name, source.version, "", State.UNAVAILABLE, fault.diagnostic.message), None
    return Checked(source.name, source.version, document.version, State.COMPARED), document


# ------------------------------------------------------------------------------------------- report
def report_json(watched: list[Watched]) -> Json:
    """Return all vendors as one JSON object."""
    return {
        "vendors": [
            {
                "vendor": one.vendor,
                "documents": [
                    {"name": doc.name, "before": doc.before, "after": doc.after, "state": doc.state.value, "note": doc.note}
                    for doc in one.documents
                ],
                "problem": one.problem,
                "comparison": to_json(one.compared) if one.compared is not None else None,
            }
            for one in watched
        ]
    }


def report_markdown(watched: list[Watched]) -> Iterator[str]:
    """Yield the lines of a report: a table of all documents, then a section for each vendor with differences."""
    yield "# Changes in vendors' documents"
    yield ""
    yield "| vendor | document | version | result |"
    yield "|---|---|---|---|"
    for one in watched:
        for doc in one.documents:
            version = doc.before if doc.after in ("", doc.before) else f"{doc.before} → {doc.after}"
            yield f"| {one.vendor} | {doc.name} | {version} | {_result(one, doc)} |"
    yield ""
    for one in watched:
        if one.compared is not None and not one.compared.drift.clean:
            yield from to_markdown(one.compared)
        elif one.problem:
            yield from (f"## {one.vendor}", "", one.problem, "")


def report_text(watched: list[Watched]) -> Iterator[str]:
    """Yield a line for each document."""
    for one in watched:
        for doc in one.documents:
            yield f"{one.vendor}: {doc.name}: {_result(one, doc)}"


def _result(watched: Watched, document: Checked) -> str:
    if document.state is not State.COMPARED:
        return f"{document.state.value}{f': {document.note}' if document.note else ''}"
    if watched.compared is None:
        return f"not compared: {watched.problem}"
    return summary(watched.compared.drift)
