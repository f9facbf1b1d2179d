"""Names of parameters that hold a credential, though the document declares them as ordinary parameters."""

from __future__ import annotations

CREDENTIALS = frozenset({"token", "access_token", "auth_token", "api_key", "apikey", "api-key", "x-api-key", "x-auth-token"})
"""In lower case. Some documents declare credentials so (Slack's `token`)."""
