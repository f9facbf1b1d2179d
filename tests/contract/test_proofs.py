"""The list of proofs of lost writes in docs/explanation/reliability.md matches the catalog."""

from __future__ import annotations

import json
from pathlib import Path

from unified_gen.docs import proofs

ROOT = Path(__file__).parents[2]
CATALOGS = sorted((ROOT / "generated" / "unified" / "catalog").glob("*.json"))


def test_the_docs_state_the_proof_of_each_vendor() -> None:
    page = (ROOT / proofs.FOLDER / proofs.PAGE).read_text("utf-8")
    assert page == proofs.with_proofs(page, [path.read_text("utf-8") for path in CATALOGS]), "run: gen docs"
    assert "*key*: messages (send, reply)" in page


def test_every_write_has_a_proof_or_none_is_stated() -> None:
    for path in CATALOGS:
        for resource, found in json.loads(path.read_text())["resources"].items():
            for name, operation in found["operations"].items():
                assert ("proof" in operation) == (operation["effect"] != "read"), f"{path.stem}: {resource}.{name}"
