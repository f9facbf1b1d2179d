"""Table of the vendor documents in a folder that load, with the reasons why others do not: `docs/reference/documents.md`.

`python -m unified_gen.docs.documents FOLDER docs/reference/documents.md` writes it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from unified_openapi.documents.conversion import mapping
from unified_openapi.documents.load import load_document
from unified_openapi.documents.operations import operations
from unified_openapi.documents.reading import DocumentFault

_ENDINGS = (".json", ".yaml", ".yml")
_HEAD = """\
# Vendor documents

Every document that vendors publish must load, or be rejected with one line and a location. This is the outcome for the
{count} documents that the compiler is tested with; they are not part of this repository (`UNIFIED_VENDOR_DOCUMENTS` is
their folder). A fault is a mistake that does not prevent loading; `gen explain CODE` explains each. Swagger 2.0 and Google
Discovery documents are converted to OpenAPI 3.0, so their counts are those of the result.

| vendor | document | format | operations | schemas | faults | outcome |
|---|---|---|--:|--:|---|---|
"""


class Row(Struct, frozen=True):
    """One document: its contents if it loads, else the reason why it does not."""

    vendor: str
    document: str
    format: str = ""
    operations: int = 0
    schemas: int = 0
    faults: tuple[tuple[str, int], ...] = ()
    """Code and how often."""
    reason: str = ""


def documents(folder: Path) -> list[Path]:
    """Return the documents of a folder of vendors, in order."""
    return sorted(path for path in folder.glob("*/*") if path.suffix in _ENDINGS)


def row(path: Path, folder: Path) -> Row:
    """Return the result of loading one document."""
    name = path.relative_to(folder).as_posix()
    try:
        document = load_document(path, name, name)
    except DocumentFault as fault:
        found = fault.diagnostic
        return Row(path.parent.name, path.name, reason=f"{found.code}, line {found.span.line}: {found.message}")
    return Row(
        path.parent.name,
        path.name,
        document.format,
        len(operations(document)),
        len(mapping(mapping(document.root.get("components")).get("schemas"))),
        tuple(sorted(Counter(fault.code for fault in document.faults).items())),
    )


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a page of Markdown."""
    listed = list(rows)
    lines = [_line(row) for row in listed]
    loaded = sum(not row.reason for row in listed)
    total = sum(row.operations for row in listed)
    closing = f"\n{loaded} of {len(listed)} load, with {total} operations.\n"
    return _HEAD.format(count=len(listed)) + "".join(lines) + closing


def _line(row: Row) -> str:
    faults = ", ".join(f"{code} × {count}" if count > 1 else code for code, count in row.faults)
    if row.reason:
        return f"| {row.vendor} | {row.document} |  |  |  |  | {row.reason} |\n"
    return f"| {row.vendor} | {row.document} | {row.format} | {row.operations} | {row.schemas} | {faults} | loads |\n"


def main(arguments: list[str]) -> int:
    """Write the page for a folder."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m unified_gen.docs.documents FOLDER PAGE\n")
        return 2
    folder = Path(arguments[0])
    Path(arguments[1]).write_text(table(row(path, folder) for path in documents(folder)), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
