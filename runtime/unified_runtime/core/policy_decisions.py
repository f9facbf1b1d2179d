"""Interface of policy engines: policy requests, decisions and the `PolicyEngine` protocol.

An engine is any object with the method of `PolicyEngine`. The policy enforcer calls it, and denies the call if the result is not a
`Decision` of this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from unified_runtime.core.owners import TENANT

Effect = Literal["read", "write", "destructive"]
"""The strongest effect of an operation: it reads, changes, or deletes for good."""

Phase = Literal["arguments", "record", "request"]


class Outcome(Enum):
    """Outcomes of a policy decision."""

    ALLOW = "allow"
    DENY = "deny"
    APPROVAL = "approval"


class Decision(msgspec.Struct, frozen=True):
    """Decision of a policy engine about one request.

    `reasons` are for people, `policies` the ids of the rules that decided. `on_record` limits an ALLOW to the arguments: the policy must
    then also decide on the record that the call is for. `extra` has the paths of vendor fields that ALLOW and APPROVAL apply to although
    their values are not fully known: `jira.fields.components` and all below it, `jira`, or `*`.
    """

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    on_record: bool = False
    extra: tuple[str, ...] = ()


def allow(*, policies: tuple[str, ...] = (), on_record: bool = False, extra: tuple[str, ...] = ()) -> Decision:
    """Return a decision that allows the call."""
    return Decision(Outcome.ALLOW, (), policies, on_record, extra)


def deny(*reasons: str, policies: tuple[str, ...] = ()) -> Decision:
    """Return a decision that denies the call."""
    return Decision(Outcome.DENY, reasons, policies)


def needs_approval(*reasons: str, policies: tuple[str, ...] = (), extra: tuple[str, ...] = ()) -> Decision:
    """Return a decision that allows the call once a person has approved it."""
    return Decision(Outcome.APPROVAL, reasons, policies, extra=extra)


def delegation(subject: str | None, agent: str | None) -> dict[str, Any]:
    """Return the claims of a delegated token: `sub` is the person that the call is made for, `act` the agent that acts (RFC 8693, 4.1).

    Without a subject, an agent acts for itself and is the `sub`.
    """
    if subject is None:
        return {} if agent is None else {"sub": agent}
    return {"sub": subject} | ({} if agent is None else {"act": {"sub": agent}})


class RequestFacts(msgspec.Struct, frozen=True):
    """One request to the vendor, without its credential. `body` is the value that will be sent as JSON or as a form."""

    method: str
    host: str
    path: str
    endpoint: str
    query: Mapping[str, Any] = {}
    body: Any = None


class PolicyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Request to a policy engine: one call in one of its phases.

    The phase is `arguments` before anything is sent, `record` if the policy must decide on a record that was read, and `request` just
    before a request is sent. `input` has the given inputs, checked and typed (`datetime`, `Decimal`), without ids; inputs given as None,
    which clears the field, are in `cleared`. For a content it has the number of bytes, if known. `extra` has the vendor's own fields
    passed through, and `custom_fields` the values of fields that the account has added, written or filtered by, by name in lower case,
    however they were given. A unified field that `extra` writes under another name is in `input` if its value is known, and in
    `extra_fields` otherwise. `undetermined` has the paths of `extra` that are not fully known, each prefixed with the vendor
    (`jira.update.labels`): an engine allows them by name (`Decision.extra`) or not at all. `tenant` is the tenant of the connection;
    `connection` is its id, or its name if it has no id. `account_id` is the vendor's id of the connection's user, if known.
    `approved`: a person has approved exactly this call.
    """

    phase: Phase
    agent: str | None
    user: str | None
    on_behalf_of: str | None
    resource: str
    operation: str
    like: str
    effect: Effect
    vendor: str
    host: str
    tenant: str = TENANT
    connection: str | None = None
    account_id: str | None = None
    ids: Mapping[str, str] = {}
    input: Mapping[str, Any] = {}
    cleared: tuple[str, ...] = ()
    extra: Mapping[str, Any] = {}
    extra_fields: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    custom_fields: Mapping[str, Any] = {}
    time: datetime
    record: Mapping[str, Any] | None = None
    request: RequestFacts | None = None
    approved: bool = False

    @property
    def name(self) -> str:
        """Resource and operation, such as `tasks.create`."""
        return f"{self.resource}.{self.operation}"

    @property
    def delegation(self) -> dict[str, Any]:
        """The result of the function `delegation` for this request."""
        return delegation(self.on_behalf_of or self.user, self.agent)


@runtime_checkable
class PolicyEngine(Protocol):
    """Policy engine.

    `decide` returns one decision for each request, in order; the records of a list are one batch. An exception denies the call.

    `embedded` is True for an engine that decides in this process and never waits. Any other runs in its own thread, which is abandoned
    when its time is up. Optional attributes: `immediate`, True for an embedded engine that decides within a millisecond, so that it runs
    in the caller's thread or event loop. `by_arguments`, True for one whose decisions depend on neither requests nor the time: its
    decision about a call's arguments applies to each request of the call, and it is not called again. `by_tool`, True for one whose
    decisions depend only on agent, user, on_behalf_of, tenant, vendor and operation.
    """

    embedded: bool

    def decide(self, questions: Sequence[PolicyRequest]) -> Sequence[Decision]: ...


@runtime_checkable
class Knowing(Protocol):
    """Policy engine that knows in advance which operations it never allows, so that they need not be offered to an agent."""

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Return true if any call of the operation (`tasks.create`) via the vendor could be allowed to the agent."""
        ...
