"""Traits of a vendor that all its operations share: servers, security schemes, OAuth endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unified_gen.drift.traits import Trait
from unified_gen.render.vendors import Schemes
from unified_gen.resolve.resolved import VendorUnit

_ENDPOINTS = {"authorizationUrl": "authorization endpoint", "tokenUrl": "token endpoint", "refreshUrl": "refresh endpoint"}


def vendor_traits(unit: VendorUnit, schemes: Schemes) -> Iterator[Trait]:
    """Yield the traits of a vendor that are compared."""
    root = unit.document.root
    servers = tuple(str(server.get("url", "")) for server in root.get("servers", ()) if isinstance(server, Mapping))
    declared = ", ".join(text.value for _, text in unit.declaration.base_url)
    note = f" (`vendor.yaml` declares {declared})" if declared else ""
    yield Trait("servers", "servers", "the document", servers, (", ".join(servers) or "none") + note)
    for name, (kind, keys) in schemes.items():
        words = " ".join([kind, *(f"{where} {key}" for _, where, key, _ in keys)])
        yield Trait("security scheme", ("used", name), f"`{name}`", (kind, keys), words)
    found: dict[str, Any] = root.get("components", {}).get("securitySchemes", {})
    for name, scheme in found.items():
        kind = " ".join(str(scheme[key]) for key in ("type", "scheme", "in", "name") if key in scheme)
        yield Trait("security scheme", ("document", name), f"`{name}` in the document", kind, kind, declared=True)
        for flow, facts in scheme.get("flows", {}).items():
            for key, words in _ENDPOINTS.items():
                if key in facts:
                    yield Trait(words, (name, flow, key), f"`{name}`", facts[key], str(facts[key]), declared=True)
