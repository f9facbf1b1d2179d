"""Kinds of strings in a mapping: path, predicate, reference, template, name (rule 3).

Only the form is checked here. The resolver finds out if a path exists and a reference is defined.
"""

from __future__ import annotations

import keyword
import re
import warnings
from collections.abc import Callable

from unified_gen.language import ast
from unified_gen.language.findings import Findings, every
from unified_gen.language.kinds import Parsed, String, shortened
from unified_openapi.diagnostics import Diagnostic, Severity
from unified_openapi.schemas.paths import Name, PathFault, parse_path, parse_predicate
from unified_openapi.source.nodes import ScalarNode
from unified_openapi.source.spans import Span, Text

_LONGEST = 300
_DEEPEST = 25
_NESTING = re.compile(r"[(\[{!&]")
_BRACES = re.compile(r"[{}]")
_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")


def piece(text: Text, start: int, length: int = 1) -> Span:
    """Return a piece of a text that is in the file letter by letter; all of one that does not (escapes, several lines)."""
    span = text.span
    if span.line == span.end_line and span.end_column - span.column == len(text.value):
        return span.part(start, length)
    return span


# ----------------------------------------------------------------------------------------------------------------- paths
def _parsed(text: Text, out: Findings, parse: Callable[[str], object]) -> bool:
    value = text.value
    if len(value) > _LONGEST or len(_NESTING.findall(value)) > _DEEPEST:
        out.add("MAP003", f"`{shortened(value)}` is too long or too deep to be a path", text.span)
        return False
    try:
        parse(value)
    except PathFault as fault:
        out.add("MAP003", f"`{shortened(value)}`: {fault.message}", piece(text, min(fault.offset, len(value) - 1)), help=_quotes(value))
        return False
    return True


def _quotes(value: str) -> str | None:
    """Return help for a vendor's name that is not a JMESPath name: it is quoted inside the path."""
    if re.fullmatch(r"[\w.]*[\w$@-]*[-$@][\w.$@-]*", value):
        return "a name with other characters than letters, digits and _ is in double quotes inside the path: '\"x-name\".value'"
    return None


def is_path(text: Text, out: Findings) -> bool:
    """Return true if a text is a path; report what is wrong with it."""
    return _parsed(text, out, parse_path)


def _predicate(text: Text, out: Findings) -> bool:
    return _parsed(text, out, parse_predicate)


def _reversible(text: Text, out: Findings) -> bool:
    """Return true if a path can be written: it has only names, `.`, `[]`, `[0]` and `[?name=='literal'] | [0]`."""
    if not is_path(text, out):
        return False
    path = parse_path(text.value)
    reason = path.irreversible
    if reason is not None:
        out.add("MAP003", f"`{shortened(text.value)}` cannot be written: {reason}", text.span, help=_READ)
        return False
    if len(path.segments) > 1 and path.segments[0] == Name("request"):
        out.add("MAP010", f"`{shortened(text.value)}` is what was requested and cannot be written", text.span, help=_READ)
        return False
    return True


def _path(text: Text) -> ast.PathText:
    return ast.PathText(text.value, text.span, parse_path(text.value))


def _predicate_text(text: Text) -> ast.PredicateText:
    return ast.PredicateText(text.value, text.span, parse_predicate(text.value))


_READ = "write `{read: ...}` if the field is read only"

_OUTSIDE = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|(?P<or>\|\|)""")


def _first_of(text: Text) -> list[Text]:
    """Return the paths that `||` joins, outside quotes and filters."""
    found, start = [], 0
    for join in [*(one for one in _OUTSIDE.finditer(text.value) if one["or"]), None]:
        end = join.start() if join is not None else len(text.value)
        words = text.value[start:end]
        found.append(Text(words.strip(), piece(text, start + len(words) - len(words.lstrip()), max(len(words.strip()), 1))))
        start = join.end() if join is not None else end
    return found


def _paths(text: Text) -> ast.PathText:
    first, *others = map(_path, _first_of(text))
    return ast.FirstOf(first.value, first.span, first.path, tuple(others)) if others else _path(text)


PATH = Parsed(String("a path", is_path), _path)
"""JMESPath, for reading."""
FIRST_OF = Parsed(String("a path, or paths joined by `||`", lambda text, out: every(is_path(one, out) for one in _first_of(text))), _paths)
"""Paths for reading, of which the first that holds a value is read."""
WRITABLE = Parsed(String("a path", _reversible), _path)
"""The reversible part of JMESPath."""
PREDICATE = Parsed(String("a predicate", _predicate), _predicate_text)


# ------------------------------------------------------------------------------------------------------------ references
def _reference(text: Text, out: Findings) -> bool:
    if not is_path(text, out):
        return False
    segments = parse_path(text.value).segments
    if not segments or not isinstance(segments[0], Name):
        out.add(
            "MAP003", f"`{shortened(text.value)}` is not a reference: it begins with the name of an input or a saved response", text.span
        )
        return False
    return True


REFERENCE = Parsed(String("a reference", _reference), _path)


# ---------------------------------------------------------------------------------------------------- text with references
def braces(text: Text, out: Findings) -> list[Text] | None:
    """Return the `{references}` of a text, in order; None if its braces do not pair up, and that is reported."""
    found: list[Text] = []
    opened: int | None = None
    for brace in _BRACES.finditer(text.value):
        at = brace.start()
        if brace.group() == "{":
            if opened is not None:
                out.add("MAP009", "`{` inside `{`: a reference holds a name and nothing else", piece(text, at))
                return None
            opened = at
        elif opened is None:
            out.add("MAP009", "`}` without `{`", piece(text, at))
            return None
        else:
            inside = text.value[opened + 1 : at]
            if not inside.strip():
                out.add("MAP009", "`{}` names nothing", piece(text, opened, at - opened + 1))
                return None
            found.append(Text(inside, piece(text, opened + 1, at - opened - 1)))
            opened = None
    if opened is not None:
        out.add("MAP009", "`{` without `}`", piece(text, opened))
        return None
    return found


def _template(text: Text, out: Findings) -> bool:
    inner = braces(text, out)
    return inner is not None and every(_reference(_without_cut(reference), out) for reference in inner)


def _without_cut(reference: Text) -> Text:
    """Return a reference without its cut: in a text it may select a part of the value, as `{file.path:folder}` does."""
    name, _, cut = reference.value.partition(":")
    return Text(name, piece(reference, 0, len(name))) if cut in (*CUTS, IDENTIFIER) and name else reference


def _format(text: Text, out: Findings) -> bool:
    """Return true if the format of a composite id is valid: named parts with something between them."""
    inner = braces(text, out)
    if inner is None or not every(_part(part, out) for part in inner):
        return False
    if not inner:
        out.add("MAP009", "the format of an id names its parts in braces", text.span, help='such as "{owner}/{repo}"')
        return False
    if "}{" in text.value:
        help = "put a character between them that the first part cannot hold"
        between = piece(text, text.value.index("}{"), 2)
        out.add("MAP009", "two parts are next to each other: the end of the first is ambiguous", between, help=help)
        return False
    repeated = next((part for number, part in enumerate(inner) if part.value in {other.value for other in inner[:number]}), None)
    if repeated is not None:
        out.add("MAP009", f"the part `{repeated.value}` occurs twice", repeated.span)
        return False
    return True


def _parts_pattern(text: Text, out: Findings) -> bool:
    inner = braces(text, out)
    if inner is None or not every(_part(part, out) for part in inner):
        return False
    if not inner:
        out.add("MAP009", "this pattern names no part", text.span, help='such as "*/repos/{owner}/{repo}"')
    return bool(inner)


def _part(text: Text, out: Findings) -> bool:
    if _PART.fullmatch(text.value):
        return True
    out.add("MAP009", f"`{shortened(text.value)}` is not a name of a part: letters, digits and _", text.span)
    return False


CUTS = ("folder", "name")
"""Parts of a path that a reference in a text may select: before its last `/`, or after it."""
IDENTIFIER = "identifier"
"""Suffix of a reference to a name in the query language, such as the selected object: checked, and not quoted."""
TEMPLATE = String("text with {references}", _template)
FORMAT = String("the format of an id", _format)
PARTS_PATTERN = String("a pattern with {parts}", _parts_pattern)


# ----------------------------------------------------------------------------------------------------------------- names
_VENDOR_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST_VENDOR_NAME = 64


def is_vendor_name(name: str) -> bool:
    """Return whether a folder below `mappings/vendors/` can name a vendor: a Python package and a `via` value are made of it."""
    return len(name) <= LONGEST_VENDOR_NAME and _VENDOR_NAME.fullmatch(name) is not None and not keyword.iskeyword(name)


def vendor_name(name: str, span: Span) -> Diagnostic:
    """Return the finding for a folder name that cannot name a vendor."""
    return Diagnostic(
        "MAP011",
        Severity.ERROR,
        f"the folder name {shortened(name)!r} is not valid for a vendor",
        span,
        help=f"use small letters, digits and single hyphens, a letter first, at most {LONGEST_VENDOR_NAME} characters: `microsoft-graph`",
    )


def _matches(pattern: re.Pattern[str], rule: str) -> Callable[[Text, Findings], bool]:
    def check(text: Text, out: Findings) -> bool:
        if pattern.fullmatch(text.value) is None:
            out.add("MAP011", f"`{shortened(text.value)}` is not a name here: {rule}", text.span)
            return False
        if keyword.iskeyword(text.value):
            out.add("MAP011", f"`{text.value}` is a Python keyword and cannot be a name", text.span)
            return False
        return True

    return check


def _regular(text: Text, out: Findings) -> bool:
    """Return a regular expression that Python's `re` can compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text.value)
    except (re.error, OverflowError, RecursionError) as error:
        out.add("MAP012", f"`{shortened(text.value)}` is not a regular expression: {error}", text.span)
        return False
    return True


NAME = String("a name", _matches(_SNAKE, "small letters, digits and _, a letter first"), "^[a-z][a-z0-9_]*$")
"""A unified name: of a field, an input, an operation, a saved response."""
CLASS_NAME = String("a name", _matches(_CLASS, "a capital first, then letters and digits (`Task`)"), "^[A-Z][A-Za-z0-9]*$")
INPUT = String("an input of the request")
"""A parameter's name, or a path in the body; which of them is found, not written (rule 2)."""
WORD = String("a name")
"""A vendor's own name: of an operation, a schema, a header, a security scheme."""
TEXT = String("text")
REGULAR = String("a regular expression", _regular)
REASON = String("a reason, in words")
UNSUPPORTED_NAME = String(
    "what is missing", _matches(re.compile(r"[A-Za-z_]\w*(?:\.[\w-]+)*"), "names joined by dots"), r"^[A-Za-z_]\w*(\.[\w-]+)*$"
)
"""Subject of an unsupported entry: `field`, `field.value`, `operation.field`, `filter.input`, `operation`."""
ACCEPTED = String(
    "a code and a subject",
    _matches(re.compile(r"(?:MAP|LAW)\d{3}(?: \S.*)?"), "a code, or a code and its subject (`MAP102 getIssue`)"),
    r"^(MAP|LAW)\d{3}( \S.*)?$",
)


def is_word(node: ScalarNode, word: str) -> bool:
    """Return true if a scalar is a word of the language: written plain. In quotes it is the vendor's."""
    return node.plain and node.text == word
