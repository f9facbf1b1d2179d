"""An `oauth` declaration that does not fit the vendor.

`scheme` names the security scheme by which the access token is sent: one of those under `security`, or, without `security`, one of those in
the vendor's document that the operations name. It must be one that sends a bearer token. The issuer and the endpoints are addresses of
HTTPS, or begin with a value of the connection that is one.

Wrong: `token_endpoint: acme.example/token`. Right: `token_endpoint: https://acme.example/token`.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language.ast import OAuth, Vendor
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP408", "OAuth does not fit the vendor", __doc__)

_ADDRESS = re.compile(r"https://[^/\s]+|\{connection\.\w+\}")


def check(vendor: Vendor, schemes: dict[str, str]) -> list[Diagnostic]:
    """Report faults of `oauth`. `schemes` are the vendor's, by name: the kind of credential each sends."""
    found = [*_addresses(vendor.oauth)] if vendor.oauth is not None else []
    if vendor.oauth is None or vendor.oauth.scheme is None:
        return found
    name = vendor.oauth.scheme
    if name.value not in schemes:
        return [*found, finding(CODE, f"the vendor has no scheme `{name.value}`", name.span, help=did_you_mean(name.value, tuple(schemes)))]
    if schemes[name.value] != "bearer":
        return [*found, finding(CODE, f"the scheme `{name.value}` sends no token: it is {schemes[name.value]}", name.span)]
    return found


def _addresses(oauth: OAuth) -> Iterator[Diagnostic]:
    texts = {**oauth.endpoints, **({"issuer": oauth.issuer} if oauth.issuer is not None else {})}
    for name, text in texts.items():
        if not _ADDRESS.match(text.value):
            yield finding(CODE, f"`{text.value}` of `oauth` is not an address of HTTPS ({name})", text.span)
