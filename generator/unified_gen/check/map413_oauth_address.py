"""An OAuth endpoint that the vendor's document declares with another address.

Security schemes of the document have the addresses at which users authorize an application, and at which it gets tokens. Values of the
connection match any text; of a relative address, only the path is compared. If the document is behind the vendor's pages, accept it
with the reason: `allow: {MAP413 <endpoint>: …}`.

Wrong: `token_endpoint: https://acme.example/oauth/tokens` where the document has `tokenUrl: https://acme.example/oauth/token`.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from unified_gen.diagnostics.rule import rule
from unified_gen.language.ast import Vendor
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.documents import Document

CODE = rule("MAP413", "another OAuth address than the document's", __doc__, Severity.WARNING)

_KEYS = {"authorize": ("authorization_endpoint", "authorizationUrl"), "token": ("token_endpoint", "tokenUrl")}
"""Keys of the mapping and of the document, by the names of endpoints."""


def check(vendor: Vendor, document: Document) -> Iterator[Diagnostic]:
    """Report every OAuth endpoint with another address than those in the document's security schemes."""
    for name, text in vendor.oauth.endpoints.items() if vendor.oauth is not None else ():
        key, theirs = _KEYS.get(name, ("", ""))
        declared = sorted({*_declared(document, theirs)})
        if declared and not any(_same(text.value, address) for address in declared):
            yield finding(
                CODE,
                f"`{key}` is {text.value}, and the document has {declared[0]}",
                text.span,
                help=f"correct it, or accept it: `allow: {{MAP413 {key}: …}}`",
            )


def _declared(document: Document, key: str) -> Iterator[str]:
    components = document.root.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    for scheme in schemes.values() if isinstance(schemes, dict) else ():
        flows = scheme.get("flows") if isinstance(scheme, dict) else None
        for flow in flows.values() if isinstance(flows, dict) else ():
            if isinstance(flow, dict) and isinstance(flow.get(key), str):
                yield flow[key]


def _same(address: str, declared: str) -> bool:
    if not urlsplit(declared).netloc:  # relative to the server
        address = re.sub(r"^(?:https://[^/]*|\{[^{}]*\})", "", address)
    pattern = re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(address.rstrip("/")))
    return re.fullmatch(pattern, declared.rstrip("/")) is not None
