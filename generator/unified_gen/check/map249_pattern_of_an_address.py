"""A pattern for an address that matches no complete address.

A part of an id that is found in an address (`parse: {repository_url: "*/repos/{owner}/{repo}"}`) is found by a pattern for all of it. It
begins with `*`, `https://` or a part; otherwise nothing matches, and the id is empty. If the vendor's value is a path, accept it with the
reason: `allow: {MAP249 <field>: …}`.

Wrong: `issue_url: /{owner}/{repo}/issues/{index}`. Right: `issue_url: "*/{owner}/{repo}/issues/{index}"`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP249", "pattern that matches no address", __doc__, Severity.WARNING)

_BEGINNINGS = ("*", "{", "http://", "https://")


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every pattern for an address that begins with a part of one."""
    for field in resource.fields:
        reported: set[str] = set()  # several parts may be in one pattern
        for part in field.parts:
            pattern, leaf = part.pattern, part.source
            if pattern is None or pattern in reported or leaf is None or leaf.request or not leaf.path.names:
                continue
            address = every_word(leaf.path.names[-1])[-1:] in (("url",), ("uri",), ("href",))
            if address and not pattern.startswith(_BEGINNINGS):
                reported.add(pattern)
                yield finding(
                    CODE,
                    f"`{pattern}` matches no address in `{leaf.text.value}`",
                    leaf.text.span,
                    help=f"begin it with `*`, or accept it: `allow: {{MAP249 {field.name}: …}}`",
                )
