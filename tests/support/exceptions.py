"""Exceptions of one vendor in tests of its document, in its own `specs/<vendor>/test-exceptions.yaml`; most vendors need none.

`unnoticed`   changes of the document that the compiler need not notice: `KIND POINTER NAME`, a regular expression, to the reason
              (test_compiler_mutations)
`overlay`     actions of the overlay that neither the compiler nor a judge of requests needs, by target: the reason (test_overlays)
`outside`     operations whose requests the judges cannot read, by reason (test_requests)
`responses`   operations whose responses, as Prism generates them from the document, cannot be read: by reason, operations, or `all`
              (test_prism_responses, which lists the reasons)
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import msgspec
import yaml

ROOT = Path(__file__).parents[2]
NAME = "test-exceptions.yaml"


class Exceptions(msgspec.Struct, forbid_unknown_fields=True):
    """Content of the file: the parts above, each with reasons."""

    unnoticed: dict[str, str] = {}
    overlay: dict[str, str] = {}
    outside: dict[str, list[str]] = {}
    responses: dict[str, Any] = {}


@functools.cache
def exceptions(vendor: str) -> Exceptions:
    """Return a vendor's exceptions.

    Raises:
        msgspec.ValidationError: the file has an unknown part, or one in another form.
    """
    file = ROOT / "specs" / vendor / NAME
    return msgspec.convert(yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}, Exceptions)


@functools.cache
def mapping(vendor: str, name: str) -> dict[str, Any]:
    """Return a mapping of a vendor, or its `vendor` file, as it is written."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "mappings" / "vendors" / vendor / f"{name}.yaml").read_text("utf-8"))
    return found


def values(node: Any, key: str) -> list[Any]:
    """Return the values of a key anywhere in a mapping."""
    if isinstance(node, list):
        return [value for item in node for value in values(item, key)]
    if not isinstance(node, dict):
        return []
    return [value for name, inner in node.items() for value in ([inner] if name == key else values(inner, key))]
