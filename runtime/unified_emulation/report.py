"""Proofs of a project's vendors: verdicts, findings, and the table of what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from unified_emulation.laws.findings import findings
from unified_emulation.laws.prove import verdicts
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_gen.language.ast import Model
from unified_gen.pipeline.inputs import VendorInputs
from unified_openapi.diagnostics import Diagnostic

_NOTHING = "its mappings have no operation that a law applies to, or specs/ has no document of it"


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdicts on one vendor, and the findings of the broken laws that its mappings do not allow."""

    vendor: str
    verdicts: tuple[Verdict, ...]
    diagnostics: tuple[Diagnostic, ...]


def prove(vendor: VendorInputs, files: Mapping[str, str], models: Mapping[str, Model]) -> Proof:
    """Prove one vendor. `files` are the texts of its compiled files, by their names below `generated/`.

    Raises:
        DocumentFault: the vendor's document cannot be read.
    """
    decided = verdicts(vendor, files, models)
    return Proof(vendor.name, decided, findings(vendor, models, decided))


def table(proofs: Sequence[Proof]) -> str:
    """Return a table: for each vendor and law, the number of decided laws and of all."""
    head = ("vendor", *(law.title for law in Law if law is not Law.REQUESTS), "decided", "share")
    rows = [_row(proof.vendor, proof.verdicts) for proof in proofs]
    if len(proofs) > 1:
        rows.append(_row("all", [verdict for proof in proofs for verdict in proof.verdicts]))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    align: Sequence[Callable[[str, int], str]] = (str.ljust, *[str.rjust] * (len(head) - 1))
    return "\n".join(
        "  ".join(aligned(cell, width) for aligned, cell, width in zip(align, row, widths, strict=True)).rstrip() for row in (head, *rows)
    )


def _row(name: str, found: Iterable[Verdict]) -> tuple[str, ...]:
    listed = list(found)
    total, decided = Counter(one.law for one in listed), Counter(one.law for one in listed if one.state is not State.UNDECIDED)
    laws = [f"{decided[law]}/{total[law]}" if total[law] else "-" for law in Law if law is not Law.REQUESTS]
    all_decided = sum(decided.values())
    return (name, *laws, f"{all_decided}/{len(listed)}", f"{100 * all_decided // len(listed)} %" if listed else "-")


def undecided(proofs: Iterable[Proof]) -> str:
    """Return the laws that were not decided, with the reasons, one a line."""
    return "\n".join(
        f"{proof.vendor}: {one.law.title}: {one.resource}.{one.operation}{f' {one.subject}' if one.subject else ''}: {one.reason}"
        for proof in proofs
        for one in proof.verdicts
        if one.state is State.UNDECIDED
    )


def nothing_decided(proofs: Iterable[Proof]) -> list[str]:
    """Return the vendors of which no law was decided, each with the most frequent reason."""
    return [
        f"{proof.vendor}: {Counter(one.reason for one in proof.verdicts).most_common(1)[0][0] if proof.verdicts else _NOTHING}"
        for proof in proofs
        if all(one.state is State.UNDECIDED for one in proof.verdicts)
    ]
