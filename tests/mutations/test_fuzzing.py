"""Any mapping, `vendor.yaml`, overlay or document ends in diagnostics with a location, never in a traceback.

Cost: about 0.2 s for each edited file; 10 of each of 6 vendors in a sample, 100 of each vendor in `make test-all`.
"""

from __future__ import annotations

from random import Random

import pytest

from tests.mutations.fuzzing import fuzzed
from tests.mutations.judging import models, project
from tests.mutations.texts import read
from tests.support.sampling import ALL, seed
from unified_gen.pipeline.compiler import compile_vendor
from unified_gen.pipeline.inputs import VendorInputs
from unified_openapi.diagnostics import Diagnostic

VENDORS = {vendor.name: vendor for vendor in project().vendors}


def _found(vendor: VendorInputs, file: str, text: str) -> tuple[Diagnostic, ...]:
    """Return the findings of a vendor with another text of one file."""
    mappings = {name: text if name == file else own for name, own in vendor.mappings.items()}
    specs = {name: text if name == file else own for name, own in vendor.specs.items()}
    return compile_vendor(VendorInputs(vendor.name, mappings, specs), models()).diagnostics


@pytest.mark.sample("name", 6)
@pytest.mark.parametrize("name", sorted(VENDORS))
def test_any_file_gives_diagnostics(name: str) -> None:
    random = Random(f"{seed()} {name}")
    vendor = VENDORS[name]
    trees = {file: read(text, file) for file, text in (vendor.mappings | vendor.specs).items() if file.endswith(".yaml")}
    grafts = [tree for file, tree in trees.items() if not file.endswith("openapi.yaml")]
    for number in range(100 if seed() == ALL else 10):
        file = random.choice(list(trees))
        text = fuzzed(random, trees[file], grafts)
        try:
            found = _found(vendor, file, text)
        except Exception as error:
            error.add_note(f"edit {number} of {file}, with UNIFIED_SAMPLE={seed()}")
            raise
        for one in found:
            assert one.span.line >= 1
            assert one.span.column >= 1
            assert "\n" not in one.message


def test_edits_are_accepted_by_the_grammar_often_enough() -> None:
    """Edits that are all rejected by the grammar would test nothing else."""
    random = Random("grammar")
    vendor = VENDORS["todoist"]
    file = "mappings/vendors/todoist/tasks.yaml"
    tree = read(vendor.mappings[file], file)
    codes = [{one.code for one in _found(vendor, file, fuzzed(random, tree, [tree]))} for _ in range(100)]
    assert sum(not any(code < "MAP100" for code in found) for found in codes) >= 14
