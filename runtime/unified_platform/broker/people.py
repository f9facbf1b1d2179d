"""People who log in to the broker: by a link that is good once, or by an identity provider; and the sessions that they have then."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from unified_platform.store.database import Database
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput, Unauthorized

LINK = 600.0
"""Seconds for which a link is good."""

SESSION = 8 * 3600.0
"""Seconds for which somebody is logged in."""


class NotLoggedIn(Unauthorized):
    """Nobody is logged in, or the link or session is no longer good."""


class People:
    """Links and sessions in a database, by the hashes of what people hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def invite(self, person: str) -> Secret:
        """A link's secret, which logs this person in once.

        Raises:
            InvalidInput: the name is none.
        """
        if not person.strip() or not person.isprintable() or len(person) > 200:
            raise InvalidInput("a person has a name of 1 to 200 characters that can be seen")
        return self._made("broker_links", person, LINK)

    def enter(self, link: Secret) -> tuple[str, Secret]:
        """The person of a link, and the secret of their session. The link is used up.

        Raises:
            NotLoggedIn: the link is none, was used, or is too old.
        """
        with self._database.writing("broker-people") as session:
            found = session.rows("DELETE FROM broker_links WHERE hash = ? RETURNING person, expires_at > NOW()", _hash(link))
        if not found or not found[0][1]:
            raise NotLoggedIn("the link was used already, or is too old: ask for another")
        person = str(found[0][0])
        return person, self.admit(person)

    def admit(self, person: str) -> Secret:
        """The secret of a new session of somebody whose identity is settled."""
        return self._made("broker_sessions", person, SESSION)

    def person(self, session_secret: Secret | None) -> str:
        """Who is logged in.

        Raises:
            NotLoggedIn: nobody.
        """
        if session_secret is None:
            raise NotLoggedIn("log in first")
        with self._database.reading() as session:
            found = session.rows("SELECT person FROM broker_sessions WHERE hash = ? AND expires_at > NOW()", _hash(session_secret))
        if not found:
            raise NotLoggedIn("the session has ended: log in again")
        return str(found[0][0])

    def leave(self, session_secret: Secret) -> None:
        """End a session."""
        with self._database.writing("broker-people") as session:
            session.run("DELETE FROM broker_sessions WHERE hash = ?", _hash(session_secret))

    def _made(self, table: str, person: str, seconds: float) -> Secret:
        made = Secret(secrets.token_urlsafe(32))
        with self._database.writing("broker-people") as session:
            session.run(f"DELETE FROM {table} WHERE expires_at <= NOW()")  # noqa: S608  one of two constants
            session.run(f"INSERT INTO {table} (hash, person, expires_at) VALUES (?, ?, NOW() + ?)", _hash(made), person, seconds)  # noqa: S608
        return made


def csrf(session_secret: Secret) -> str:
    """What a form of this session holds, and no other site can know."""
    return hmac.digest(session_secret.reveal().encode(), b"unified broker form", "sha256").hex()


def _hash(secret: Secret) -> str:
    return hashlib.sha256(b"unified broker person\n" + secret.reveal().encode("utf-8", "surrogateescape")).hexdigest()
