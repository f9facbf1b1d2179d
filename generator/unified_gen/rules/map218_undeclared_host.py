"""An operation on a server that the vendor's declaration does not name.

The vendor's document says that the operation stands on another server than the rest. The credential goes only where `hosts` in
`vendor.yaml` says, so that no document can send it elsewhere.

Right: `hosts: {content: "https://content.example.com/2"}`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.rules.base import finding, rule
from unified_gen.source import Text

CODE = rule("MAP218", "undeclared host", __doc__)


def report(text: Text, server: str, declared: tuple[str, ...]) -> Diagnostic:
    """The operation's server is none of the declared ones."""
    known = ", ".join(f"`{url}`" for url in declared)
    return finding(
        CODE, f"`{text}` stands on `{server}`, and the declared hosts are {known}", text.span, help="add it to `hosts` in vendor.yaml"
    )
