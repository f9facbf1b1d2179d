"""A vendor without its files.

A vendor has `mappings/vendors/<vendor>/vendor.yaml` and `specs/<vendor>/openapi.yaml`. `gen new vendor` makes the first, `gen
spec take` the second."""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Span, Text

CODE = rule("MAP406", "vendor lacks a file", __doc__)


def report(name: Text, folder: str) -> Diagnostic:
    """There is no document to check the mapping against."""
    return finding(
        CODE,
        f"specs/{folder}/openapi.yaml is missing: nothing to check the mapping against",
        name.span,
        help=f"`gen spec take {folder} --document FILE OPERATION…`",
    )


def no_declaration(span: Span, folder: str) -> Diagnostic:
    """There is no vendor.yaml."""
    return finding(CODE, f"mappings/vendors/{folder} has no vendor.yaml", span, help="`gen new vendor` makes one")
