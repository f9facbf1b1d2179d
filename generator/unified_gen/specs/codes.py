"""Codes of findings in `specs/`, each with its explanation."""

from __future__ import annotations

from unified_openapi.diagnostics.model import Code, Severity

_E, _W = Severity.ERROR, Severity.WARNING

INVALID_SLICE = Code(
    "SPEC302",
    "the slice is not a valid OpenAPI document",
    "openapi-spec-validator refuses `specs/<vendor>/openapi.yaml`. The file is written by `gen spec take`, which fixes what it knows;"
    " if the vendor's document has a new kind of fault, teach it to `specs/repair.py`.",
    _E,
)
PROSE = Code(
    "SPEC303",
    "the slice holds more than facts",
    "`specs/` holds paths, parameters, types, enumerations, bounds, security and status codes, never a vendor's descriptions,"
    " examples or extensions. Take the slice again instead of editing it.",
    _E,
)
DIFFERS = Code(
    "SPEC304",
    "the slice differs from the vendor's document",
    "What `gen spec take` would take from the document named in `lock.json` is not what the slice has at this location. The slice was"
    " edited, or taken by another version of the compiler. Corrections belong into `overlay.yaml`.",
    _E,
)
OTHER_DOCUMENT = Code(
    "SPEC305",
    "the document is not the one the slice was taken from",
    "Its sha256 is not the one in `lock.json`. See what changed with `gen diff`, then take the slice again.",
    _E,
)
BAD_LOCK = Code(
    "SPEC306",
    "lock.json is missing or malformed",
    "`lock.json` lists which documents a slice was taken from (name, version, sha256, format), which operations, and which properties"
    " of large responses were saved. `gen spec take` writes it.",
    _E,
)
NO_DOCUMENT = Code(
    "SPEC307",
    "the vendor's document is not there",
    "The slice could not be compared with the complete document, because the folder of vendor documents (UNIFIED_VENDOR_DOCUMENTS) has"
    " no file of that name. The slice itself was checked.",
    _W,
)
MISSING_OPERATION = Code(
    "SPEC309",
    "the slice and lock.json disagree",
    "`lock.json` lists operations that the slice does not have, or the reverse. Take the slice again.",
    _E,
)
OTHER_FACTS = Code(
    "SPEC313",
    "the facts of complete documents and lock.json disagree",
    "`facts.json.gz` has the facts of other documents than `lock.json` names, or of other versions of them; or, with the documents at"
    " hand, other facts than these have. `gen spec take <vendor> --all` writes them again.",
    _E,
)

CHANGED = Code(
    "SPEC320",
    "a new document changes what is compiled",
    "`gen diff` and `gen watch` compile the mappings under the present and under the new document, and compare the results. The mapping"
    " still compiles, but to other requests, or it compiles to less: another path, method, retry class, scope, type, bound or"
    " serialization, an enum value that is not accepted any more. The present adapter does not fit the new document. Take the slice again,"
    " adjust what the finding names, and run `gen build`.",
    _W,
)
LACKS_SCOPE = Code(
    "SPEC321",
    "a connection lacks a scope",
    "Under the new document an operation needs an OAuth scope that this connection was not granted: the vendor will respond with 403."
    " Connect it again after the build (`unified connect`), which requests the scopes that are needed then.",
    _W,
)
UNKNOWN_SUBJECT = Code(
    "SPEC402",
    "a fact names something that the document does not have",
    "A fact of `behaviour.yaml` names operations, properties, parameters and enum values as the vendor's complete documents have them"
    " (`specs/<vendor>/facts.json.gz`). This one is not in them: it is misspelt, or the vendor has changed it.",
    _E,
)
BAD_TOOLKIT = Code(
    "SPEC403",
    "corrections of a toolkit are malformed",
    "`specs/<vendor>/toolkit.yaml` has corrections of a toolkit: effects, parameters that a connection provides, excluded operations,"
    " names, groups and idempotency keys. What it names is in the vendor's facts (`specs/<vendor>/facts.json.gz`)."
    " `docs/reference/schemas/toolkit.json` is its schema.",
    _E,
)

CODES: tuple[Code, ...] = (
    INVALID_SLICE,
    PROSE,
    DIFFERS,
    OTHER_DOCUMENT,
    BAD_LOCK,
    NO_DOCUMENT,
    MISSING_OPERATION,
    OTHER_FACTS,
    CHANGED,
    LACKS_SCOPE,
    UNKNOWN_SUBJECT,
    BAD_TOOLKIT,
)
