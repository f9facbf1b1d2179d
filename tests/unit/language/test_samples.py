"""Complete mappings of ten vendors parse without a finding, and the schemas accept them."""

from __future__ import annotations

from pathlib import Path

import jsonschema_rs
import pytest

from tests.unit.language.inputs import FILES, FOLDER, kind_of, parse, schema
from unified_openapi.source.nodes import plain
from unified_openapi.source.yaml12 import compose


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_parses_without_a_finding(file: Path) -> None:
    tree, found = parse(kind_of(file), file.read_text(), str(file))
    assert [f"{finding.span.line}: {finding.code} {finding.message}" for finding in found] == []
    assert tree is not None


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_schema_accepts(file: Path) -> None:
    errors = jsonschema_rs.validator_for(schema(kind_of(file))).iter_errors(plain(compose(file.read_text(), str(file))))
    assert [f"{list(error.instance_path)}: {error.message}" for error in errors] == []
