"""An `oauth` declaration that does not fit the vendor.

`scheme` names the security scheme by which the access token is sent: one of those under `security`, or, without `security`, one of those in
the vendor's document that the operations name. It must be one that sends a bearer token.
"""

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language.ast import Vendor
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP408", "OAuth does not fit the vendor", __doc__)


def check(vendor: Vendor, schemes: dict[str, str]) -> list[Diagnostic]:
    """Report faults of `oauth`. `schemes` are the vendor's, by name: the kind of credential each sends."""
    if vendor.oauth is None or vendor.oauth.scheme is None:
        return []
    name = vendor.oauth.scheme
    if name.value not in schemes:
        return [finding(CODE, f"the vendor has no scheme `{name.value}`", name.span, help=did_you_mean(name.value, tuple(schemes)))]
    if schemes[name.value] != "bearer":
        return [finding(CODE, f"the scheme `{name.value}` sends no token: it is {schemes[name.value]}", name.span)]
    return []
