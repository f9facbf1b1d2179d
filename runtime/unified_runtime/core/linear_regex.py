"""Matching of regular expressions from vendors' documents in linear time, by the engine of pydantic (Rust's `regex`).

The compiler translates the expressions (`unified_openapi.schemas.patterns`), and omits those that this engine cannot parse.
"""

from __future__ import annotations

from functools import cache

from pydantic_core import SchemaValidator, core_schema


@cache
def _engine(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))


def matches(pattern: str, text: str) -> bool:
    """Return true if a pattern matches anywhere in a text.

    Raises:
        pydantic_core.SchemaError: the engine cannot parse the pattern.
    """
    return _engine(pattern).isinstance_python(text)
