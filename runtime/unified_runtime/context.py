"""What surrounds a call: the context an adapter sees, and on whose behalf calls are made."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Any

from unified_runtime.sources import Owner

if TYPE_CHECKING:
    from unified_runtime.sought import Sought


class Context:
    """What an adapter may know of the call it serves.

    `connection` holds the connection's values (site, workspace), `extra` the vendor's fields passed through, already
    checked, `custom_fields` the names of the account's own fields to read, and `sought` what is looked for in them, None where it is
    nothing. `cursor` asks for a page and `limit` for its size. `key` is the idempotency key, `scope` whose it is.
    """

    __slots__ = ("_key", "_scope", "connection", "cursor", "custom_fields", "extra", "limit", "sought")

    def __init__(
        self,
        connection: Mapping[str, str],
        extra: Mapping[str, Any],
        cursor: str | None = None,
        limit: int | None = None,
        key: str | None = None,
        custom_fields: tuple[str, ...] = (),
        scope: str = "",
        sought: tuple[Sought, ...] | None = None,
    ) -> None:
        self.sought = sought
        self.connection = connection
        self.extra = extra
        self.custom_fields = custom_fields
        self.cursor = cursor
        self.limit = limit
        self._key = key
        self._scope = scope

    @property
    def key(self) -> str:
        """The caller's idempotency key, or one made for this call; the same through all its steps and retries."""
        if self._key is None:
            import uuid  # seldom needed, and not worth its import time before

            self._key = str(uuid.uuid4())
        return self._key

    def key_as(self, form: str) -> str:
        """The key as a vendor takes one: `short` or `uuid` (see `keys`)."""
        from unified_runtime import keys  # few vendors take keys, and fewer in these forms

        return keys.short(self._scope, self.key) if form == "short" else keys.uuid(self._scope, self.key)


class Acting:
    """For whom, by which agent, through which vendor and which of its connections calls are made. `before` is what held outside."""

    __slots__ = ("agent", "before", "connection", "on_behalf_of", "owner", "user", "via")

    def __init__(
        self,
        user: str | None = None,
        via: str | None = None,
        before: Acting | None = None,
        agent: str | None = None,
        on_behalf_of: str | None = None,
        *,
        team: str | None = None,
        connection: str | None = None,
    ) -> None:
        self.user = user
        self.via = via
        self.before = before
        self.agent = agent
        self.on_behalf_of = on_behalf_of
        self.owner = Owner(user, team)
        self.connection = connection


NOBODY = Acting()

_acting: ContextVar[Acting] = ContextVar("unified_acting", default=NOBODY)

current_acting = _acting.get
"""What holds here and now."""


class acting:  # noqa: N801  a context manager is used like a function
    """Make the calls inside the block for `user` and through `via`; what is not given stays as it is.

    `user` says whose connections serve, `agent` which agent makes the calls, and `on_behalf_of` who asked for them, where that is
    someone else than the user. Policies and the audit trail see all three. `team` opens what is shared with it, beside the user's own
    connections; who belongs to a team is for the caller to know. `connection` names one of several connections to a vendor; a block for
    another user, team or vendor begins without the name that held outside.

    Blocks nest, and belong to their thread or task alone (`contextvars`). Inside a block that names an agent, the agent, the user, the
    team and `on_behalf_of` cannot be changed to others: code that an agent reaches must not become somebody else.

    Raises:
        Denied: on entering, where the block would change who acts for an agent.
        InvalidInput: a name is empty, too long, or holds a character that cannot be seen.
    """

    __slots__ = ("_agent", "_connection", "_on_behalf_of", "_team", "_user", "_via")

    def __init__(
        self,
        *,
        user: str | None = None,
        via: str | None = None,
        agent: str | None = None,
        on_behalf_of: str | None = None,
        team: str | None = None,
        connection: str | None = None,
    ) -> None:
        for what, name in (("agent", agent), ("on_behalf_of", on_behalf_of), ("team", team), ("connection", connection)):
            if name is not None:
                _check_name(what, name)
        self._user = user
        self._via = via
        self._agent = agent
        self._on_behalf_of = on_behalf_of
        self._team = team
        self._connection = connection

    def __enter__(self) -> None:
        before = _acting.get()
        if before.agent is not None:
            self._keep_to(before)
        user = before.user if self._user is None else self._user
        via = before.via if self._via is None else self._via
        agent = before.agent if self._agent is None else self._agent
        on_behalf_of = before.on_behalf_of if self._on_behalf_of is None else self._on_behalf_of
        # Another user is another person: what was shared with the first one is not for this one.
        team = (before.owner.team if user == before.user else None) if self._team is None else self._team
        same = (user, via, team) == (before.user, before.via, before.owner.team)
        connection = (before.connection if same else None) if self._connection is None else self._connection
        _acting.set(Acting(user, via, before, agent, on_behalf_of, team=team, connection=connection))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _acting.set(_acting.get().before or NOBODY)

    def _keep_to(self, before: Acting) -> None:
        for name, held, wanted in (
            ("agent", before.agent, self._agent),
            ("user", before.user, self._user),
            ("on_behalf_of", before.on_behalf_of, self._on_behalf_of),
            ("team", before.owner.team, self._team),
        ):
            # Once the user is settled, so is the team: what is shared with others does not open to whoever names them.
            settled = held is not None or (name == "team" and before.user is not None)
            if wanted is not None and settled and wanted != held:
                from unified_runtime.errors import Denied

                raise Denied(f"agent {before.agent!r} acts with {name}={held!r} here and cannot become {name}={wanted!r}")


def _check_name(what: str, name: str) -> None:
    if not isinstance(name, str) or not 0 < len(name) <= 200 or not name.isprintable() or name != name.strip():
        from unified_runtime.errors import InvalidInput
        from unified_runtime.suggest import shortened

        raise InvalidInput(f"{what} must be a name of 1 to 200 characters that can be seen, not {shortened(name)}")
