"""Context of a call: the values that an adapter can use, and the user and agent that calls are made for (`acting`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Any

from unified_runtime.core.owners import Owner

if TYPE_CHECKING:
    from unified_runtime.core.field_filters import FieldFilter


class Context:
    """Values of a call that its adapter can use.

    `connection` has the connection's values (site, workspace), `extra` the vendor's fields passed through, already checked,
    `custom_fields` the names of custom fields to read, and `field_filters` the filters by custom fields, None without any.
    `cursor` selects a page and `limit` its size. `key` is the idempotency key, `scope` its owner and operation.
    `time` is when the call began.
    """

    __slots__ = ("_key", "_scope", "_time", "connection", "cursor", "custom_fields", "extra", "field_filters", "limit")

    def __init__(
        self,
        connection: Mapping[str, str],
        extra: Mapping[str, Any],
        cursor: str | None = None,
        limit: int | None = None,
        key: str | None = None,
        custom_fields: tuple[str, ...] = (),
        scope: str = "",
        field_filters: tuple[FieldFilter, ...] | None = None,
        time: str | None = None,
    ) -> None:
        self.field_filters = field_filters
        self.connection = connection
        self.extra = extra
        self.custom_fields = custom_fields
        self.cursor = cursor
        self.limit = limit
        self._key = key
        self._scope = scope
        self._time = time

    @property
    def key(self) -> str:
        """The caller's idempotency key, or one created for this call; the same for all its steps and retries."""
        if self._key is None:
            import uuid  # seldom needed, so imported here to save time

            self._key = str(uuid.uuid4())
        return self._key

    @property
    def time(self) -> str:
        """Time at which the call began, as RFC 3339 in UTC; the same for all its steps and retries."""
        if self._time is None:
            from datetime import UTC, datetime  # seldom needed, so imported here to save time

            self._time = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        return self._time

    def key_as(self, form: str) -> str:
        """Return the key in a format that a vendor accepts: `short` , `uuid` or `uuid4` (see `idempotency_keys`)."""
        from unified_runtime.core import idempotency_keys  # few vendors accept keys, and fewer in these formats

        if form == "short":
            return idempotency_keys.short(self._scope, self.key)
        return idempotency_keys.uuid(self._scope, self.key, 4 if form == "uuid4" else 8)


class Acting:
    """User, agent, vendor and connection that calls are made for. `before` is the value outside the block."""

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


ANONYMOUS = Acting()

_acting: ContextVar[Acting] = ContextVar("unified_acting", default=ANONYMOUS)

current_acting = _acting.get
"""Return the `Acting` of the current context."""


class acting:  # noqa: N801  a context manager is used like a function
    """Make the calls inside the block for `user` and through `via`; values that are not given do not change.

    `user` is the owner of the connections, `agent` the agent that makes the calls, and `on_behalf_of` the person that requested them, if
    that is not the user. Policies and the audit log see all three. `team` adds the connections that are shared with it to the user's own;
    the caller must check that the user belongs to the team. `connection` names one of several connections to a vendor; it is not
    inherited by a block for another user, team or vendor.

    Blocks can be nested, and apply only to their thread or task (`contextvars`). Inside a block that names an agent, the agent, the user,
    the team and `on_behalf_of` cannot be changed to others: code that an agent can run must not act as anyone else.

    Raises:
        Denied: on entering, if the block would change for whom an agent acts.
        InvalidInput: a name is empty, too long, or has an invisible character.
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
        # Another user is another person, who may not use the first one's team connections.
        team = (before.owner.team if user == before.user else None) if self._team is None else self._team
        same = (user, via, team) == (before.user, before.via, before.owner.team)
        connection = (before.connection if same else None) if self._connection is None else self._connection
        _acting.set(Acting(user, via, before, agent, on_behalf_of, team=team, connection=connection))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _acting.set(_acting.get().before or ANONYMOUS)

    def _keep_to(self, before: Acting) -> None:
        for name, held, wanted in (
            ("agent", before.agent, self._agent),
            ("user", before.user, self._user),
            ("on_behalf_of", before.on_behalf_of, self._on_behalf_of),
            ("team", before.owner.team, self._team),
        ):
            # Once the user is set, so is the team: naming another team must not give access to its connections.
            settled = held is not None or (name == "team" and before.user is not None)
            if wanted is not None and settled and wanted != held:
                from unified_runtime.core.errors import Denied

                raise Denied(f"agent {before.agent!r} acts with {name}={held!r} here and cannot become {name}={wanted!r}")


def _check_name(what: str, name: str) -> None:
    if not isinstance(name, str) or not 0 < len(name) <= 200 or not name.isprintable() or name != name.strip():
        from unified_runtime.core.errors import InvalidInput
        from unified_runtime.core.suggestions import shortened

        raise InvalidInput(f"{what} must be a name of 1 to 200 characters that can be seen, not {shortened(name)}")
