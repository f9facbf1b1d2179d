"""Login sessions of people at the broker, started by a one-time link or an identity provider."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from unified_platform.store.database import Database
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotFound, Unauthorized
from unified_runtime.core.owners import TENANT

LINK = 600.0
"""Seconds for which a link is valid."""

SESSION = 8 * 3600.0
"""Seconds for which a session is valid."""


LONGEST_NAME = 200
"""Maximum characters of a person's name."""


_ID = 16
_TABLES = {"broker_sessions": "session", "broker_links": "link"}


class NotLoggedIn(Unauthorized):
    """No one is logged in, or the link or session is no longer valid."""


class LoginSession(NamedTuple):
    """Open login session, or login link that was not used yet.

    `id` is the beginning of its stored hash, and cannot be used to log in. `expires_at` is in seconds since 1970.
    """

    id: str
    kind: str
    person: str
    expires_at: float


class LoginSessions:
    """Login links and sessions of a tenant in a database, by the hashes of their secrets. Those of another tenant are not valid."""

    def __init__(self, database: Database, tenant: str = TENANT) -> None:
        self._database = database
        # Names cannot begin like this: the same secret has a different hash for every tenant.
        owner = "" if tenant == TENANT else f" of {hashlib.sha256(tenant.encode()).hexdigest()}"
        self._about = f"unified broker person{owner}\n".encode()

    def _hash(self, secret: Secret) -> str:
        return hashlib.sha256(self._about + secret.reveal().encode("utf-8", "surrogateescape")).hexdigest()

    def invite(self, person: str) -> Secret:
        """Return the secret of a link, which logs this person in once.

        Raises:
            InvalidInput: the name is not valid.
        """
        if not person.strip() or not person.isprintable() or len(person) > LONGEST_NAME:
            raise InvalidInput("a person has a name of 1 to 200 characters that can be seen")
        return self._made("broker_links", person, LINK)

    def enter(self, link: Secret) -> tuple[str, Secret]:
        """Use up a link, and return its person and the secret of their session.

        Raises:
            NotLoggedIn: the link is not valid, was used, or has expired.
        """
        with self._database.writing("broker-people") as session:
            found = session.rows("DELETE FROM broker_links WHERE hash = ? RETURNING person, expires_at > NOW()", self._hash(link))
        if not found or not found[0][1]:
            raise NotLoggedIn("the link was used already, or is too old: request another")
        person = str(found[0][0])
        return person, self.admit(person)

    def admit(self, person: str) -> Secret:
        """Return the secret of a new session for an authenticated person."""
        return self._made("broker_sessions", person, SESSION)

    def person(self, session_secret: Secret | None) -> str:
        """Return the person of a session.

        Raises:
            NotLoggedIn: there is no such session.
        """
        if session_secret is None:
            raise NotLoggedIn("log in first")
        with self._database.reading() as session:
            found = session.rows("SELECT person FROM broker_sessions WHERE hash = ? AND expires_at > NOW()", self._hash(session_secret))
        if not found:
            raise NotLoggedIn("the session has ended: log in again")
        return str(found[0][0])

    def leave(self, session_secret: Secret) -> None:
        """End a session."""
        with self._database.writing("broker-people") as session:
            session.run("DELETE FROM broker_sessions WHERE hash = ?", self._hash(session_secret))

    def invited(self, link: Secret) -> str | None:
        """Return the person whom a link would log in, without using it up; None if it is no longer valid."""
        with self._database.reading() as session:
            found = session.rows("SELECT person FROM broker_links WHERE hash = ? AND expires_at > NOW()", self._hash(link))
        return str(found[0][0]) if found else None

    def list(self, person: str | None = None) -> Sequence[LoginSession]:
        """Return the sessions and unused links of everyone, or of one person, sorted by person."""
        found: list[LoginSession] = []
        with self._database.reading() as session:
            for table, kind in _TABLES.items():
                rows = session.rows(f"SELECT hash, person, expires_at FROM {table} WHERE expires_at > NOW()")  # noqa: S608  a constant
                found += [LoginSession(str(hash)[:_ID], kind, str(name), float(expires)) for hash, name, expires in rows]
        return sorted((one for one in found if person in {None, one.person}), key=lambda one: (one.person, one.kind, one.expires_at))

    def end(self, id: str) -> LoginSession:
        """End one session, or revoke one link. Every process of the broker rejects it from then on.

        Raises:
            NotFound: there is none with this id.
        """
        ended = self._ended("SUBSTR(hash, 1, ?) = ?", _ID, id) if len(id) == _ID else ()
        if not ended:
            raise NotFound(f"there is no session or login link {id!r}: `unified broker sessions list` shows them")
        return ended[0]

    def end_all(self, person: str | None = None) -> Sequence[LoginSession]:
        """End the sessions and revoke the links of one person, or of everyone, and return them."""
        return self._ended("1 = 1") if person is None else self._ended("person = ?", person)

    def erase(self, person: str, *, dry_run: bool = False) -> dict[str, int]:
        """End the sessions and links of a person. Return their number."""
        return {"sessions": len(self.list(person) if dry_run else self.end_all(person))}

    def _ended(self, condition: str, *values: object) -> Sequence[LoginSession]:
        ended: list[LoginSession] = []
        with self._database.writing("broker-people") as session:
            for table, kind in _TABLES.items():
                rows = session.rows(f"DELETE FROM {table} WHERE {condition} RETURNING hash, person, expires_at", *values)  # noqa: S608  constants
                ended += [LoginSession(str(hash)[:_ID], kind, str(name), float(expires)) for hash, name, expires in rows]
        return ended

    def _made(self, table: str, person: str, seconds: float) -> Secret:
        made = Secret(secrets.token_urlsafe(32))
        with self._database.writing("broker-people") as session:
            session.run(f"DELETE FROM {table} WHERE expires_at <= NOW()")  # noqa: S608  one of two constants
            session.run(f"INSERT INTO {table} (hash, person, expires_at) VALUES (?, ?, NOW() + ?)", self._hash(made), person, seconds)  # noqa: S608
        return made


def csrf(session_secret: Secret) -> str:
    """Return the CSRF token of a session's forms."""
    return hmac.digest(session_secret.reveal().encode(), b"unified broker form", "sha256").hex()


def bound(session_secret: Secret, state: str) -> str:
    """Return the value of a cookie that ties a flow with this `state` to this session."""
    proof = hmac.digest(session_secret.reveal().encode(), b"unified broker connecting\n" + state.encode(), "sha256")
    return f"{state}.{proof.hex()}"
