"""An operation on a server that the vendor's declaration does not name.

The vendor's document has the operation on another server than the rest. The credential is sent only to the `api_hosts` of `vendor.yaml`,
so that no document can send it elsewhere.

The same holds for an address in a response (`poll: {url_header: Location}`): it is requested only if it matches the `transfer_hosts` of
`vendor.yaml`, and without the credential.

Right: `api_hosts: {content: "https://content.example.com/2"}`.
"""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP218", "undeclared host", __doc__)


def report(text: Text, server: str, declared: tuple[str, ...]) -> Diagnostic:
    """The operation's server is not one of the declared ones."""
    known = ", ".join(f"`{url}`" for url in declared)
    return finding(
        CODE, f"`{text}` is on `{server}`, and the declared hosts are {known}", text.span, help="add it to `api_hosts` in vendor.yaml"
    )


def no_addresses(text: Text) -> Diagnostic:
    """A response holds an address to call, and the vendor declares none."""
    message = f"the header `{text}` of a response would be followed, and the vendor declares no `transfer_hosts`"
    return finding(CODE, message, text.span, help="list its allowed hosts in vendor.yaml: `transfer_hosts: [https://*.example.com]`")


def undeclared(text: Text) -> Diagnostic:
    """A content is at an address in a response, and the vendor declares no hosts of such addresses."""
    message = f"the address `{text}` of a content would be followed, and the vendor declares no `transfer_hosts`"
    return finding(CODE, message, text.span, help="list its allowed hosts in vendor.yaml: `transfer_hosts: [https://*.example.com]`")
