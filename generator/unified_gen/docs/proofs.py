"""List of the proofs of lost writes in `docs/explanation/reliability.md`, made from the compiled catalog."""

from __future__ import annotations

import json
import textwrap
from collections import defaultdict
from collections.abc import Iterable

FOLDER, PAGE = "docs/explanation", "reliability.md"
_BEGIN, _END = "<!-- proofs: written by `gen docs` -->\n", "<!-- proofs end -->"
_TITLES = {"key": "key", "mark": "mark", "exclusive": "exclusive connection", "none": "no proof"}


def with_proofs(page: str, catalogs: Iterable[str]) -> str:
    """Return the page with the list of each vendor's proofs; `catalogs` are the files of `unified/catalog`, in order.

    Raises:
        ValueError: the page lacks the marks around the list.
    """
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not end:
        raise ValueError(f"{PAGE} lacks {_BEGIN.strip()} or {_END}")
    return before + begin + "".join(_item(text) + "\n" for text in catalogs) + end + after


def _item(text: str) -> str:
    catalog = json.loads(text)
    by_proof = defaultdict(list)
    for resource, found in catalog["resources"].items():
        names = defaultdict(list)
        for name, operation in found["operations"].items():
            names[operation.get("proof")].append(name)
        for proof, operations in names.items():
            by_proof[proof].append(f"{resource} ({', '.join(operations)})")
    parts = [f"*{title}*: {', '.join(by_proof[proof])}" for proof, title in _TITLES.items() if by_proof[proof]]
    text = "; ".join(parts) or "only reads"
    return textwrap.fill(f"- **{catalog['title']}**: {text}", 118, subsequent_indent="  ", break_on_hyphens=False)
