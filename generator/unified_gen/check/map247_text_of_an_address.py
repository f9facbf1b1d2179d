"""A text that is read from an address or an id.

Records have addresses and ids beside names: `{name, id, url, html_url}`. All are text for the document, and a field of another type than
`url` is not meant to hold the address, or the id beside a name. A field that is named like one (`avatar_url`), or has a codec, is not
reported. If the mapping is right, accept it with the reason: `allow: {MAP247 <field>: …}`.

Wrong: `labels: labels[].url`. Right: `labels: labels[].name`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word, plain_fields, siblings
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.shapes import Shape

CODE = rule("MAP247", "a text is read from an address or id", __doc__, Severity.WARNING)

_ADDRESSES = frozenset({"url", "uri", "href"})
_IDS = frozenset({"id", "gid", "uuid"})
_NAMES = frozenset({"name", "title", "label", "display_name", "displayName"})
_TEXTS = frozenset({"text", "markdown", "email"})


def _other_kind(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, root: Shape | None) -> str | None:
    """Return what a property is by its name, if the field is an address, a mail address or a text of another form."""
    words = {*every_word(leaf.path.names[-1])}
    kind, mails = field.model.type.kind, {"email", "mail"}
    if kind == "email" and not words & mails and any(mails & {*every_word(other)} for other, _ in siblings(resource, leaf, root)):
        return "not a mail address"
    if (
        kind == "text"
        and {*every_word(leaf.path.names[-1])[-1:]} & mails
        and not mails & {*every_word(field.name)}
        and "address" not in every_word(field.name)
    ):
        return "a mail address"
    if kind == "url" and leaf.path.names[-1] in _IDS:
        return "an id"
    return "HTML" if kind == "markdown" and "html" in words else None


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every text or mail address that is read from a property named like an address."""
    for name, field, root in plain_fields(resource):
        leaf = field.read
        if leaf is None or leaf.request or field.codec or field.parts or field.table or not leaf.path.segments:
            continue
        last = leaf.path.segments[-1]
        other = _other_kind(resource, field, leaf, root) if isinstance(last, Name) else None
        if other is not None:
            yield finding(
                CODE,
                f"`{name}` is read from `{leaf.text.value}`, which is {other}",
                leaf.text.span,
                help=f"read the property beside it, name a `codec`, or accept it: `allow: {{MAP247 {name}: …}}`",
            )
            continue
        if not isinstance(last, Name) or field.model.type.kind not in _TEXTS or _ADDRESSES & {*every_word(field.name)}:
            continue
        nameless = last.name in _IDS and "key" not in every_word(field.name) and len(leaf.path.segments) > 1
        if nameless and any(other in _NAMES for other, _ in siblings(resource, leaf, root)):
            yield finding(
                CODE,
                f"`{name}` is read from `{leaf.text.value}`, which is an id",
                leaf.text.span,
                help=f"read the name beside it, or accept it: `allow: {{MAP247 {name}: …}}`",
            )
        if every_word(last.name)[-1:] and every_word(last.name)[-1] in _ADDRESSES:
            yield finding(
                CODE,
                f"`{name}` is read from `{leaf.text.value}`, which is an address",
                leaf.text.span,
                help=f"read the name beside it, or accept it: `allow: {{MAP247 {name}: …}}`",
            )
