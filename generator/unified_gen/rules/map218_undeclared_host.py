"""An operation on a server that the vendor's declaration does not name.

The vendor's document says that the operation stands on another server than the rest. The credential goes only where `hosts` in
`vendor.yaml` says, so that no document can send it elsewhere.

The same holds for an address that an answer gives (`poll: {at: Location}`): it is asked only at the `addresses` of `vendor.yaml`, and
without the credential.

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


def no_addresses(text: Text) -> Diagnostic:
    """An answer leads to an address, and the vendor declares none."""
    message = f"the header `{text}` of an answer would be followed, and the vendor declares no `addresses`"
    return finding(CODE, message, text.span, help="say in vendor.yaml on which hosts it may lie: `addresses: [https://*.example.com]`")
