"""Codes of broken laws, found by running compiled adapters (`gen prove`), each with its explanation."""

from __future__ import annotations

from unified_openapi.diagnostics.model import Code, Severity

FAMILY = "LAW"
"""Beginning of the codes: they are found by running adapters, so that an `allow` for one is checked only then."""


def _code(code: str, title: str, explanation: str) -> Code:
    return Code(code, title, explanation, Severity.ERROR)


CODES: tuple[Code, ...] = (
    _code(
        "LAW001",
        "a list cannot be read, or a call fails",
        "`gen prove` runs the compiled adapter against a server that is derived from the vendor's document. The call sends a request that"
        " the document does not allow, or cannot read a response that the document allows. The message has the vendor's operation and the"
        " reason: correct the parameter, the path or the codec that it names.",
    ),
    _code(
        "LAW002",
        "a written value is not read back",
        "A field was written by create or update, and reading the record returns another value. The mapping writes one property of the"
        " vendor and reads another, or an operation does not send the field. Use one path for both directions, or `read` and `write` with"
        " paths that mean the same. If the vendor derives one property from the other, add an `allow` with the evidence.",
    ),
    _code(
        "LAW003",
        "an enum value does not arrive",
        "An enum value that the mapping supports was written, and another one is read: no step sends it, or two rows of the enum share a"
        " vendor's value. Send it in a step, or list it under `unsupported` with a reason.",
    ),
    _code(
        "LAW004",
        "clearing does not clear",
        "A field was set to None, and reading the record still returns a value. State under `clear` which value clears it at this vendor,"
        " or `clear: never`.",
    ),
    _code(
        "LAW005",
        "a change of one field changes another",
        "An update of one field changed another field of the record, which the caller did not name. A step sends a constant, a default or"
        " the path of the other field.",
    ),
    _code(
        "LAW006",
        "a filter does not filter",
        "A list with this filter returns records that do not match it, or lacks records that do. The filter is sent in a parameter that"
        " compares another property, in the wrong form, or not at all.",
    ),
    _code(
        "LAW007",
        "pages of a list are missing, repeated or out of order",
        "Read in small pages, a list does not return each record once and in order. Check the roles of the parameters under `pagination`:"
        " an offset is not a page number, and the path of the next token has to lead to a value that the parameter accepts.",
    ),
    _code(
        "LAW008",
        "an id of a list does not read the record",
        "The id of a listed record, passed to `get`, is not found or reads a record with other values. The list and `get` have to use the"
        " same property as the id.",
    ),
    _code(
        "LAW009",
        "a deleted record can still be read",
        "After `delete`, reading the record by its id still returns it. The operation deletes something else, or nothing.",
    ),
    _code(
        "LAW010",
        "two fields read the same value",
        "In all records of a list, two fields have the same text, although each property of the vendor has texts of its own: both fields"
        " read the same property. Correct the path of one; if the vendor has only one property for both, allow the finding.",
    ),
)
