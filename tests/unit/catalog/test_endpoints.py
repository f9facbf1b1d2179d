"""OAuth endpoints that vendors have announced to shut down."""

import json
from pathlib import Path

CATALOG = Path(__file__).resolve().parents[3] / "generated" / "unified" / "catalog"


def test_hubspot_uses_the_oauth_endpoints_that_outlive_version_1() -> None:
    """HubSpot shuts down /oauth/v1/… on 2027-02-16 (its migration guide)."""
    endpoints = json.loads((CATALOG / "hubspot.json").read_text())["oauth"]["endpoints"]
    assert endpoints == {
        "authorize": "https://app.hubspot.com/oauth/authorize",
        "token": "https://api.hubapi.com/oauth/2026-03/token",
        "revoke": "https://api.hubapi.com/oauth/2026-03/token/revoke",
        "introspect": "https://api.hubapi.com/oauth/2026-03/token/introspect",
    }
