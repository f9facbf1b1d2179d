"""Every code that loading, overlays and slices can give, with the text that explains it."""

from __future__ import annotations

from unified_gen.diagnostics.codes import Code
from unified_gen.diagnostics.model import Diagnostic, Note, Severity
from unified_gen.source import Span


def finding(
    code: Code, span: Span, message: str, *, label: str | None = None, notes: tuple[Note, ...] = (), help: str | None = None
) -> Diagnostic:
    """A diagnostic of one of these kinds."""
    return Diagnostic(code.code, code.severity, message, span, label, notes, help)


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNREADABLE = Code(
    "SPEC101",
    "the file cannot be read",
    "There is no such file, it may not be opened, or its bytes are no text. Documents are UTF-8 (with or without a byte order mark)"
    " or UTF-16 with one; the place is that of the first byte that is neither.",
    _E,
)
MALFORMED = Code(
    "SPEC102",
    "the text is neither JSON nor YAML",
    "A text that begins with `{` or `[` is read as JSON, then as YAML unless its name ends in `.json`; any other as YAML 1.2. The"
    " message is the parser's, at the place where it gave up. Aliases that contain themselves or would make the document explode,"
    " and nesting deeper than 200 levels, are refused here too.",
    _E,
)
NOT_A_DESCRIPTION = Code(
    "SPEC103",
    "this is no API description",
    'The file was read, but nothing in it says that it describes an HTTP API. Expected is `openapi: 3.x`, `swagger: "2.0"` or the'
    " `kind: discovery#restDescription` of a Google Discovery document at the top.",
    _E,
)
UNSUPPORTED = Code(
    "SPEC104",
    "this kind of description is not supported",
    "The file describes something else than requests and answers over HTTP (AsyncAPI describes messages, GraphQL has its own"
    " schema), or an HTTP API in a form that is not read: Swagger 1.x, a Postman collection, RAML. Convert it to OpenAPI first.",
    _E,
)
DANGLING = Code(
    "SPEC105",
    "a `$ref` leads nowhere",
    "Nothing stands where the reference points. The document is loaded all the same; an operation that needs the missing part is"
    " an error when a mapping uses it. If the vendor's document is wrong, add the part with an overlay.",
    _W,
)
MALFORMED_REFERENCE = Code(
    "SPEC106",
    "a `$ref` is malformed",
    "A reference is text such as `#/components/schemas/Task`. One without the slash (`#components/...`) or with a bare schema name"
    " is read as it was meant if that leads somewhere; any other is treated as a schema that allows everything.",
    _W,
)
EXTERNAL = Code(
    "SPEC107",
    "a `$ref` leads out of the document",
    "References into other files or to the web are not followed: a document must stand alone to be compiled. Bundle the files into"
    " one, or add what is missing with an overlay.",
    _W,
)
REPEATED_OPERATION = Code(
    "SPEC108",
    "two operations share an operationId",
    "Names of operations are unique in OpenAPI. Both operations are kept, neither can be found by the shared name: write"
    " `METHOD /path` in the mapping.",
    _W,
)
UNDECLARED_PARAMETER = Code(
    "SPEC109",
    "a path parameter is not declared",
    "The path has a `{name}` that neither the path item nor the operation declares. It is added as a required string.",
    _W,
)
REPEATED_KEY = Code(
    "SPEC110",
    "a key stands twice",
    "Of two members with the same name the last one counts, as most JSON readers have it; the first is lost. In files of this"
    " project the same is an error.",
    _W,
)
CIRCULAR = Code(
    "SPEC111",
    "a `$ref` leads back to itself",
    "A chain of references, with nothing else on the way, returns to where it began, so there is no schema at the end. (A schema"
    " that contains itself through a property is fine.)",
    _W,
)
MISPLACED = Code(
    "SPEC112",
    "something stands where OpenAPI expects something else",
    "A part of the document has the wrong form: a list where an object belongs, a parameter without a name. It is left out; an"
    " operation that needs it will say so.",
    _W,
)
NOT_CARRIED = Code(
    "SPEC113",
    "something has no counterpart in OpenAPI 3",
    "Swagger 2.0 and Google Discovery documents are converted to OpenAPI 3.0. This part has no exact counterpart; the message says"
    " what became of it.",
    _N,
)

OVERLAY_MALFORMED = Code(
    "SPEC201",
    "the overlay is malformed",
    "An overlay is an OpenAPI Overlay 1.0 document (https://spec.openapis.org/overlay/v1.0.0.html): `overlay`, `info` with `title`"
    " and `version`, and `actions`, each with a `target` and either `update` or `remove: true`. Anything else is refused.",
    _E,
)
OVERLAY_EVIDENCE = Code(
    "SPEC202",
    "an overlay action has no evidence",
    "An overlay can excuse anything, so each action says in `x-evidence` why it is there and what it rests on: a page of the vendor,"
    " an answer seen, another part of the same document.",
    _E,
)
OVERLAY_TARGET = Code(
    "SPEC203",
    "the target of an overlay action is no JSONPath",
    "Targets are JSONPath as in RFC 9535: `$.paths['/cards'].post`, `$.components.schemas.Card.properties`.",
    _E,
)
OVERLAY_MISSED = Code(
    "SPEC204",
    "an overlay action matches nothing",
    "The target selects nothing in the document, so the action has no effect. The vendor may have changed or mended the place.",
    _E,
)
OVERLAY_IDLE = Code(
    "SPEC205",
    "an overlay action changes nothing",
    "The document already says what the action would add. The vendor may have mended it: delete the action.",
    _E,
)
OVERLAY_MISFIT = Code(
    "SPEC206",
    "an overlay action does not fit its target",
    "An object is merged into an object, and anything is appended to a list; a target that is a text, a number or a truth value"
    " cannot be updated (target the object around it), and the whole document cannot be removed.",
    _E,
)

UNKNOWN_OPERATION = Code(
    "SPEC301",
    "the document has no such operation",
    "Operations are named by their operationId, or as `METHOD /path` with the path as the document writes it.",
    _E,
)
INVALID_SLICE = Code(
    "SPEC302",
    "the slice is no valid OpenAPI document",
    "openapi-spec-validator refuses `specs/<vendor>/openapi.yaml`. The file is written by `gen spec take`, which mends what it knows;"
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
    "What `gen spec take` would take from the document named in `lock.json` is not what the slice says at this place. The slice was"
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
    "`lock.json` says which documents a slice was taken from (name, version, sha256, format), which operations, and which properties"
    " of large answers were kept. `gen spec take` writes it.",
    _E,
)
NO_DOCUMENT = Code(
    "SPEC307",
    "the vendor's document is not there",
    "The slice could not be compared with the whole document, because the folder of vendor documents (UNIFIED_VENDOR_DOCUMENTS) has"
    " no file of that name. The slice itself was checked.",
    _W,
)
COLLISION = Code(
    "SPEC308",
    "two documents describe the same operation",
    "A vendor's slice may be taken from several documents, but each operation (method and path below the same server) only from one.",
    _E,
)
MISSING_OPERATION = Code(
    "SPEC309",
    "the slice and lock.json disagree",
    "`lock.json` lists operations that the slice does not have, or the reverse. Take the slice again.",
    _E,
)
REPAIRED = Code(
    "SPEC310",
    "a fault of representation was mended",
    "The vendor's document says this in a way that OpenAPI does not allow. `gen spec take` wrote what was meant, or left out what"
    " had no meaning; no fact was changed.",
    _N,
)
UNKNOWN_KEEP = Code(
    "SPEC311",
    "a schema or property to keep is not there",
    "`keep` names, per schema, the properties of a large answer that the slice keeps. This one does not exist in the document, or"
    " is reached by none of the operations taken.",
    _E,
)

CODES: tuple[Code, ...] = (
    UNREADABLE,
    MALFORMED,
    NOT_A_DESCRIPTION,
    UNSUPPORTED,
    DANGLING,
    MALFORMED_REFERENCE,
    EXTERNAL,
    REPEATED_OPERATION,
    UNDECLARED_PARAMETER,
    REPEATED_KEY,
    CIRCULAR,
    MISPLACED,
    NOT_CARRIED,
    OVERLAY_MALFORMED,
    OVERLAY_EVIDENCE,
    OVERLAY_TARGET,
    OVERLAY_MISSED,
    OVERLAY_IDLE,
    OVERLAY_MISFIT,
    UNKNOWN_OPERATION,
    INVALID_SLICE,
    PROSE,
    DIFFERS,
    OTHER_DOCUMENT,
    BAD_LOCK,
    NO_DOCUMENT,
    COLLISION,
    MISSING_OPERATION,
    REPAIRED,
    UNKNOWN_KEEP,
)
