"""What can go wrong between this client and an authorization server, in the error tree of calls."""

from __future__ import annotations

from unified_runtime.errors import InvalidInput, Unauthorized, VendorProtocolError


class Refused(Unauthorized):
    """The authorization server refused the request; `code` is its error code (RFC 6749, sections 4.1.2.1 and 5.2)."""


class InvalidGrant(Refused):
    """The code, refresh token or assertion is not valid: used before, expired, revoked, or another client's (`invalid_grant`)."""


class WrongCallback(InvalidInput):
    """A callback that answers no authorization of ours: its state, origin or issuer is another, or it was used or has expired."""


class Untrusted(VendorProtocolError):
    """The authorization server's answer fails a check that protects the user: an ID token, an issuer, an address or a granted right."""
