"""What a policy is asked and what it can answer.

An engine is any object with the one method of `PolicyEngine`. `guard.py` asks it, and takes whatever is not plainly a decision of
this module for a no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

Effect = Literal["read", "write", "destructive"]
"""What an operation does at its worst: look, change, or take away for good."""

Phase = Literal["arguments", "record", "request"]


class Outcome(Enum):
    """What a policy can say."""

    ALLOW = "allow"
    DENY = "deny"
    APPROVAL = "approval"


class Decision(msgspec.Struct, frozen=True):
    """One answer of a policy.

    `reasons` are for people, `policies` the ids of the rules that decided. `on_record` makes an ALLOW one that holds only as far as the
    arguments go: the record that is meant has to be shown to the policy, and then decides.
    """

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    on_record: bool = False


def allow(*, policies: tuple[str, ...] = (), on_record: bool = False) -> Decision:
    """The call may go on."""
    return Decision(Outcome.ALLOW, (), policies, on_record)


def deny(*reasons: str, policies: tuple[str, ...] = ()) -> Decision:
    """The call must not be made."""
    return Decision(Outcome.DENY, reasons, policies)


def needs_approval(*reasons: str, policies: tuple[str, ...] = ()) -> Decision:
    """The call may be made once a person has approved it."""
    return Decision(Outcome.APPROVAL, reasons, policies)


def delegation(subject: str | None, agent: str | None) -> dict[str, Any]:
    """Who acts for whom, in the claims of a delegated token: `sub` is the person whose wish it is, `act` who acts (RFC 8693, 4.1).

    Where nobody is named, an agent acts for itself and is the `sub`.
    """
    if subject is None:
        return {} if agent is None else {"sub": agent}
    return {"sub": subject} | ({} if agent is None else {"act": {"sub": agent}})


class RequestFacts(msgspec.Struct, frozen=True):
    """What is known of one request to the vendor, its credential apart. `body` is what will be written as JSON or as a form."""

    method: str
    host: str
    path: str
    endpoint: str
    query: Mapping[str, Any] = {}
    body: Any = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy decides on.

    The phase is `arguments` before anything happens, `record` where a record that was read is shown, and `request` just before one is
    sent. `input` holds the inputs that were given, checked and typed (`datetime`, `Decimal`), without ids; those given as None, which
    clears, stand in `cleared`. Of a content it holds the number of bytes, where that is known. `extra` holds the vendor's own fields
    passed through, and `custom_fields` the values of fields that the account has added, written or looked for, by name in lower case,
    however they were given. `account_id` is the acting user's id at the vendor, where it is known. `approved` says that a person has
    approved exactly this call.
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
    account_id: str | None = None
    ids: Mapping[str, str] = {}
    input: Mapping[str, Any] = {}
    cleared: tuple[str, ...] = ()
    extra: Mapping[str, Any] = {}
    custom_fields: Mapping[str, Any] = {}
    time: datetime
    record: Mapping[str, Any] | None = None
    request: RequestFacts | None = None
    approved: bool = False

    @property
    def name(self) -> str:
        """The operation with its resource, `tasks.create`."""
        return f"{self.resource}.{self.operation}"

    @property
    def delegation(self) -> dict[str, Any]:
        """Who acts for whom, as `delegation` tells it."""
        return delegation(self.on_behalf_of or self.user, self.agent)


@runtime_checkable
class PolicyEngine(Protocol):
    """Decides.

    `decide` gives one decision for each question, in order; a list's records come as one batch. It may raise: that denies.

    `embedded` is True for an engine that computes its answer in this process and never waits. Any other is asked in a thread of its own,
    so that it can be left behind when its time is up. One that has also `immediate`, True, answers within a millisecond: it is asked where
    the call stands, in an event loop too. One that has `by_arguments`, True, looks at neither requests nor the time: what it says of a
    call's arguments, it would say of each of its requests, and it is not asked again.
    """

    embedded: bool

    def decide(self, questions: Sequence[Question]) -> Sequence[Decision]: ...


@runtime_checkable
class Knowing(Protocol):
    """An engine that knows beforehand what it would never allow, so that it need not be shown to an agent."""

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Whether any call of the operation (`tasks.create`) via the vendor could be allowed to the agent."""
        ...
