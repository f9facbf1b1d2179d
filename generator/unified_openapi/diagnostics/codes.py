"""Codes of findings in documents, overlays and facts, each with its explanation."""

from __future__ import annotations

from unified_openapi.diagnostics.model import Code, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNREADABLE = Code(
    "SPEC101",
    "the file cannot be read",
    "There is no such file, it may not be opened, or its bytes are not text. Documents are UTF-8 (with or without a byte order mark)"
    " or UTF-16 with one; the location is that of the first byte that is neither.",
    _E,
)
MALFORMED = Code(
    "SPEC102",
    "the text is neither JSON nor YAML",
    "A text that begins with `{` or `[` is read as JSON, then as YAML unless its name ends in `.json`; any other as YAML 1.2. The"
    " message is the parser's, at the location of the error. Aliases that contain themselves or would make the document explode,"
    " and nesting deeper than 200 levels, are refused here too.",
    _E,
)
NOT_A_DESCRIPTION = Code(
    "SPEC103",
    "this is not an API description",
    'The file was read, but it does not describe an HTTP API. Expected is `openapi: 3.x`, `swagger: "2.0"` or the'
    " `kind: discovery#restDescription` of a Google Discovery document at the top.",
    _E,
)
UNSUPPORTED = Code(
    "SPEC104",
    "this kind of description is not supported",
    "The file describes something else than requests and responses over HTTP (AsyncAPI describes messages), or an HTTP API in a"
    " form that is not read: Swagger 1.x, a Postman collection, RAML. Convert it to OpenAPI first.",
    _E,
)
DANGLING = Code(
    "SPEC105",
    "a `$ref` leads nowhere",
    "Nothing is where the reference points. The document is loaded all the same; an operation that needs the missing part is"
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
    "References into other files or to the web are not followed: a document is compiled without other files. Bundle the files into"
    " one, or add what is missing with an overlay.",
    _W,
)
REPEATED_OPERATION = Code(
    "SPEC108",
    "two operations share an operationId",
    "Names of operations are unique in OpenAPI. Both operations are saved, neither can be found by the shared name: write"
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
    "a key occurs twice",
    "Of two members with the same name the last one counts, as most JSON readers have it; the first is lost. In files of this"
    " project the same is an error.",
    _W,
)
CIRCULAR = Code(
    "SPEC111",
    "a `$ref` leads back to itself",
    "A chain of references, with nothing else on the way, returns to its start, so there is no schema at the end. (A schema"
    " that contains itself through a property is fine.)",
    _W,
)
MISPLACED = Code(
    "SPEC112",
    "something is where OpenAPI expects something else",
    "A part of the document has the wrong form: a list where an object belongs, a parameter without a name. It is left out; an"
    " operation that needs it reports it.",
    _W,
)
NOT_CARRIED = Code(
    "SPEC113",
    "something has no counterpart in OpenAPI 3",
    "Swagger 2.0 and Google Discovery documents are converted to OpenAPI 3.0. This part has no exact counterpart; the message states"
    " its replacement.",
    _N,
)
TOO_LARGE = Code(
    "SPEC114",
    "a schema consists of too many schemas",
    "A schema is combined with those that its `allOf`, `oneOf`, `anyOf` and `$ref` lead to. This one leads to so many that it would take"
    " too long: thousands of alternatives, hundreds of nested schemas, or many schemas that each contain the others. It is treated as a"
    " schema that allows anything, so nothing is checked in it. Replace it with an overlay if a mapping needs it.",
    _W,
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
    "An overlay can excuse anything, so each action gives its evidence in `x-evidence`: a page of the vendor,"
    " a response seen, another part of the same document.",
    _E,
)
OVERLAY_TARGET = Code(
    "SPEC203",
    "the target of an overlay action is not JSONPath",
    "Targets are JSONPath as in RFC 9535: `$.paths['/cards'].post`, `$.components.schemas.Card.properties`.",
    _E,
)
OVERLAY_MISSED = Code(
    "SPEC204",
    "an overlay action matches nothing",
    "The target selects nothing in the document, so the action has no effect. The vendor may have changed or fixed the location.",
    _E,
)
OVERLAY_IDLE = Code(
    "SPEC205",
    "an overlay action changes nothing",
    "The document already has what the action would add. The vendor may have fixed it: delete the action.",
    _E,
)
OVERLAY_MISFIT = Code(
    "SPEC206",
    "an overlay action does not fit its target",
    "An object is merged into an object, and anything is appended to a list; a target that is a text, a number or a truth value"
    " cannot be updated (target the object around it), and the complete document cannot be removed.",
    _E,
)
UNKNOWN_OPERATION = Code(
    "SPEC301",
    "the document has no such operation",
    "Operations are named by their operationId, or as `METHOD /path` with the path as the document writes it.",
    _E,
)
COLLISION = Code(
    "SPEC308",
    "two documents describe the same operation",
    "A vendor's slice may be taken from several documents, but each operation (method and path below the same server) only from one.",
    _E,
)
REPAIRED = Code(
    "SPEC310",
    "a fault of representation was fixed",
    "The vendor's document has this in a form that OpenAPI does not allow. `gen spec take` wrote what was meant, or left out what"
    " had no meaning; no fact was changed.",
    _N,
)
UNKNOWN_KEEP = Code(
    "SPEC311",
    "a schema or property to keep is not there",
    "`keep` names, per schema, the properties of a large response that the slice keeps. This one does not exist in the document, or"
    " is reached by none of the operations taken.",
    _E,
)
BAD_FACTS = Code(
    "SPEC312",
    "the facts of complete documents cannot be read",
    "`specs/<vendor>/facts.json.gz` is missing, or is not in the format of `docs/reference/schemas/facts.json`."
    " `gen spec take <vendor> --all` writes it from the vendor's documents.",
    _E,
)
BAD_BEHAVIOUR = Code(
    "SPEC401",
    "behaviour is malformed",
    "`specs/<vendor>/behaviour.yaml` has `facts` by their ids, each with a `kind`, what this kind has, and evidence; and the `conditions`"
    " that facts depend on. `docs/reference/behaviour.md` lists the kinds, `docs/reference/schemas/behaviour.json` is the schema.",
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
    TOO_LARGE,
    OVERLAY_MALFORMED,
    OVERLAY_EVIDENCE,
    OVERLAY_TARGET,
    OVERLAY_MISSED,
    OVERLAY_IDLE,
    OVERLAY_MISFIT,
    UNKNOWN_OPERATION,
    COLLISION,
    REPAIRED,
    UNKNOWN_KEEP,
    BAD_FACTS,
    BAD_BEHAVIOUR,
)
