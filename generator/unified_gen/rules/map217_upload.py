"""An upload that the vendor's operation does not take.

`media` names an input of the type `bytes`. `as: related` sends fields and content in one body, so the operation takes
`multipart/related`; a session's first answer says where the pieces go, so it has the places that the session's protocol reads.

Wrong: `media: {input: content, as: graph_session, ...}` with a call that answers the file itself.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.rules.base import finding, rule
from unified_gen.source import Text

CODE = rule("MAP217", "upload that is not taken", __doc__)


def no_content(text: Text) -> Diagnostic:
    """The input of `media` is no content."""
    return finding(CODE, f"`{text}` is no content to upload", text.span, help="name an input of the operation whose type is `bytes`")


def not_related(text: Text, call: str, media_types: tuple[str, ...]) -> Diagnostic:
    """A body of fields and content, for an operation that takes none."""
    takes = ", ".join(f"`{name}`" for name in media_types) or "no body"
    return finding(CODE, f"`related` sends `multipart/related`, and `{call}` takes {takes}", text.span)


def no_session(text: Text, call: str, protocol: str, place: str) -> Diagnostic:
    """The answer that begins a session lacks what the protocol reads."""
    return finding(CODE, f"a `{protocol}` reads `{place}` of the answer of `{call}`, which has no such place", text.span)
