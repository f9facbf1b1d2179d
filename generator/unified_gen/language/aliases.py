"""Grammar of `aliases` of a mapping: other paths of requests by which the vendor writes a unified field."""

from __future__ import annotations

from collections.abc import Callable

from unified_gen.diagnostics.suggestions import listed
from unified_gen.language import ast
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Choice, Kind, Transform
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys
from unified_gen.language.strings import NAME, PATH
from unified_openapi.source.spans import Text


def _alias(form: str, target: Text) -> Callable[[ast.PathText], ast.Alias]:
    return lambda path: ast.Alias(path, target, form)


def _formed(got: ParsedKeys, out: Findings) -> Callable[[ast.PathText], ast.Alias] | None:
    form = next((form for form in _ALIAS_FORMS if form in got.values), None)
    if form is None:
        if not got.keys:
            out.add("MAP007", f"an alias needs {listed(_ALIAS_FORMS)}", got.span)
        return None
    return _alias(form, got.values[form])


_ALIAS_FORMS = ("same", "beside", "set")
_ONE_ALIAS_FORM = "an alias has one form"
ALIAS: Kind[Callable[[ast.PathText], ast.Alias]] = Choice(
    "a field, or a mapping",
    scalar=Transform(NAME, lambda name, span, out: _alias("other", name)),
    mapping=Object(
        "an alias",
        {
            "same": Key(NAME, "The field whose value it is, unchanged."),
            "beside": Key(NAME, "The field that it writes in another form; the vendor accepts both in one request."),
            "set": Key(PATH, "Of an object whose members are lists of operations: the object whose member an operation `set` replaces."),
        },
        _formed,
        exclusive=(MutuallyExclusive("same", ("beside", "set"), _ONE_ALIAS_FORM), MutuallyExclusive("beside", ("set",), _ONE_ALIAS_FORM)),
    ),
)
