"""Errors of the OAuth client; part of the error tree of calls."""

from __future__ import annotations

from unified_runtime.core.errors import InvalidInput, Unauthorized, VendorProtocolError


class AuthorizationRefused(Unauthorized):
    """The authorization server refused the request; `code` is its error code (RFC 6749, sections 4.1.2.1 and 5.2)."""


class InvalidGrant(AuthorizationRefused):
    """The code, refresh token or assertion is not valid: used before, expired, revoked, or another client's (`invalid_grant`)."""


class InvalidCallback(InvalidInput):
    """A callback matches no pending authorization: its state, origin or issuer differs, or it was used or has expired."""


class AccountMismatch(InvalidInput):
    """The user consented with a different account when reconnecting. The connection is unchanged."""


class UntrustedToken(VendorProtocolError):
    """A response of the authorization server fails a security check: of an ID token, an issuer, a URL or a granted right."""
