"""An upload that the vendor's operation does not accept.

`media` names an input of the type `bytes`. `protocol: related` sends fields and content in one body, so the operation accepts
`multipart/related`; `form` sends a file of a form, so it accepts `multipart/form-data` with the property that `field` names. A session's
first response has the addresses of the parts, so it has the fields that the session's protocol reads.

Wrong: `media: {input: content, protocol: graph_session, ...}` with a call that returns the file itself.
"""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP217", "upload that is not accepted", __doc__)


def no_content(text: Text) -> Diagnostic:
    """The input of `media` is not a content."""
    return finding(
        CODE, f"`{text}` is not content that can be uploaded", text.span, help="name an input of the operation whose type is `bytes`"
    )


def not_related(text: Text, call: str, media_types: tuple[str, ...]) -> Diagnostic:
    """A body of fields and content, for an operation that accepts none."""
    accepted = ", ".join(f"`{name}`" for name in media_types) or "no body"
    return finding(CODE, f"`related` sends `multipart/related`, and `{call}` accepts {accepted}", text.span)


def not_in_form(text: Text, call: str, media_types: tuple[str, ...]) -> Diagnostic:
    """A file of a form, for an operation whose form has no such property."""
    accepted = ", ".join(f"`{name}`" for name in media_types) or "no body"
    message = f"`form` sends the file as `{text}` of `multipart/form-data`, and `{call}` has no such property: it accepts {accepted}"
    return finding(CODE, message, text.span)


def no_session(text: Text, call: str, protocol: str, location: str) -> Diagnostic:
    """The response that begins a session lacks a value that the protocol reads."""
    return finding(CODE, f"a `{protocol}` reads `{location}` of the response of `{call}`, which has no such field", text.span)
