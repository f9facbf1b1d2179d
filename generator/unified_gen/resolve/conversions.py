"""Conversions between the vendor's types and the unified ones.

Reading is lenient if nothing is lost (a number widens to text); writing is strict (text goes into a number only through a check).
"""

from __future__ import annotations

import enum

from unified_gen.language.ast import Type
from unified_openapi.schemas.shapes import Shape

TEXT_KINDS = frozenset({"id", "text", "markdown", "email", "url", "enum"})


class Conversion(enum.Enum):
    """Conversion of a value without a table or a codec."""

    SAME = "same"
    TO_TEXT = "to_text"
    """A number of the vendor becomes text (reading)."""
    TO_INTEGER = "to_integer"
    """Text that must be a whole number becomes one (writing)."""
    INTEGER = "integer"
    """Text of the format `int64` becomes a whole number (reading): JSON's numbers cannot hold all of them everywhere."""
    DATE = "dates"
    DATETIME = "datetimes"
    DECIMAL = "decimals"


def reading(type: Type, shape: Shape | None) -> Conversion | None:
    """Return the conversion of a vendor's value to a unified one; None if there is none. A free-form location is trusted (and counted)."""
    kinds = shape.kinds if shape is not None else frozenset()
    if shape is None or not kinds:
        return _of_kind(type.kind)
    if type.kind in TEXT_KINDS:
        if kinds <= {"string"}:
            return Conversion.SAME
        return Conversion.TO_TEXT if kinds <= {"string", "integer", "number"} else None
    if type.kind == "boolean":
        return Conversion.SAME if kinds <= {"boolean"} else None
    if type.kind == "integer":
        if kinds <= {"integer"}:
            return Conversion.SAME
        return Conversion.INTEGER if kinds <= {"string"} and shape.formats and shape.formats <= {"int64", "uint64"} else None
    if type.kind == "decimal":
        return Conversion.DECIMAL if kinds <= {"string", "integer", "number"} else None
    if type.kind == "date" and kinds <= {"string"} and shape.formats and shape.formats <= {"date", "date-time"}:
        return Conversion.DATE
    if type.kind == "datetime" and kinds <= {"string"} and shape.formats and shape.formats <= {"date-time"}:
        return Conversion.DATETIME
    if type.kind == "object":
        return Conversion.SAME if kinds <= {"object"} else None
    return None


def writing(type: Type, shape: Shape | None) -> Conversion | None:
    """Return the conversion of a unified value to one that the vendor accepts; None if there is none.

    Of several alternatives any one that is not an enum will do.
    """
    if shape is None or not shape.kinds:
        return _of_kind(type.kind)
    variants = tuple(shape.variants())
    open_ended = [variant for variant in variants if variant.enum_values is None]
    found = [_writing(type, variant) for variant in open_ended or variants]
    usable = [conversion for conversion in found if conversion is not None]
    return Conversion.SAME if Conversion.SAME in usable else next(iter(usable), None)


def _writing(type: Type, shape: Shape) -> Conversion | None:
    kinds = shape.kinds
    if type.kind in TEXT_KINDS:
        if "string" in kinds:
            return None if shape.format in ("date", "date-time", "binary") else Conversion.SAME
        return Conversion.TO_INTEGER if "integer" in kinds and type.kind == "id" else None
    if type.kind == "boolean":
        return Conversion.SAME if "boolean" in kinds else None
    if type.kind == "integer":
        return Conversion.SAME if kinds & {"integer", "number"} else None
    if type.kind == "decimal":
        return Conversion.DECIMAL if kinds & {"number", "string"} else None
    if type.kind == "date":
        return Conversion.DATE if "string" in kinds and shape.format == "date" else None
    if type.kind == "datetime":
        return Conversion.DATETIME if "string" in kinds and shape.format == "date-time" else None
    if type.kind == "object":
        return Conversion.SAME if "object" in kinds else None
    return None


def _of_kind(kind: str) -> Conversion:
    return {"date": Conversion.DATE, "datetime": Conversion.DATETIME, "decimal": Conversion.DECIMAL}.get(kind, Conversion.SAME)


def describe(type: Type) -> str:
    """Return a unified type in words."""
    if type.arms:
        return " or ".join(describe(arm) for arm in type.arms)
    return f"a list of {type.kind}s" if type.many else f"{'an' if type.kind[0] in 'aeio' else 'a'} {type.kind}"
