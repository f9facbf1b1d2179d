"""The list of proofs of lost writes in docs/explanation/reliability.md matches the catalog."""

from __future__ import annotations

import json
import textwrap
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "reliability.md"
PROOFS = {"key": "key", "mark": "mark", "exclusive": "exclusive connection", "none": "no proof"}


def item(path: Path) -> str:
    catalog = json.loads(path.read_text())
    by_proof = defaultdict(list)
    for resource, found in catalog["resources"].items():
        names = defaultdict(list)
        for name, operation in found["operations"].items():
            names[operation.get("proof")].append(name)
        for proof, operations in names.items():
            by_proof[proof].append(f"{resource} ({', '.join(operations)})")
    parts = [f"*{title}*: {', '.join(by_proof[proof])}" for proof, title in PROOFS.items() if by_proof[proof]]
    return textwrap.fill(f"- **{catalog['title']}**: {'; '.join(parts)}", 118, subsequent_indent="  ", break_on_hyphens=False)


def test_the_docs_state_the_proof_of_each_vendor() -> None:
    items = [item(path) for path in sorted((ROOT / "generated" / "unified" / "catalog").glob("*.json"))]
    wanted = "\n".join(items) + "\n"
    _, _, rest = PAGE.read_text().partition("<!-- proofs: from the mappings; tests/contract/test_proofs.py -->\n")
    stated, end, _ = rest.partition("<!-- proofs end -->")
    assert end
    assert stated == wanted, f"put this into {PAGE.name}:\n{wanted}"


def test_every_write_has_a_proof_or_none_is_stated() -> None:
    for path in sorted((ROOT / "generated" / "unified" / "catalog").glob("*.json")):
        for resource, found in json.loads(path.read_text())["resources"].items():
            for name, operation in found["operations"].items():
                assert ("proof" in operation) == (operation["effect"] != "read"), f"{path.stem}: {resource}.{name}"
