"""Sagas that agents hand in: kept by the broker, made by it under the agent's rights, and taken up again when it restarts.

What stands in the sagas' database is signed with who handed it in: whoever can write there cannot have the broker act for somebody else,
or do something else. Each step and each undoing is a call like any other, with its policy, approvals, audit trail, ledger and budgets.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import msgspec

from unified_platform.broker import keys
from unified_platform.broker.calls import Calls, scrubbed, secrets_of
from unified_platform.broker.keys import KeyStore, Scope, WrongKey
from unified_platform.broker.principals import Beyond, Principal
from unified_platform.broker.signing import Forged, Signer
from unified_platform.ledger import StoredLedger
from unified_platform.sagas import declared
from unified_platform.sagas.calling import Using, copied
from unified_platform.sagas.engine import Sagas
from unified_platform.sagas.reports import report as report_of
from unified_runtime import Client
from unified_runtime.brokered.protocol import Whose
from unified_runtime.context import current_acting
from unified_runtime.control.policy import Question
from unified_runtime.errors import Denied, InvalidInput, NotFound, RateLimited, Unavailable, UnifiedError
from unified_runtime.operations import Invocation, Operation
from unified_runtime.sagas import Report, Submitted

log = logging.getLogger("unified.broker")

T = TypeVar("T")

RUNNING = 50
"""Sagas of one agent that may run at the same time."""
LONGEST_WAIT = 30.0
"""Seconds for which an agent may wait for a saga's end with one question."""

_PURPOSE = "unified-saga"
_FOREVER = 10 * 365 * 24 * 3600.0
_MAY_NEED = ", which the saga may need to make or undo a step,"


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The question how a saga stands."""

    id: str
    wait: float = 0.0
    acting: Whose = Whose()


class _Whom(msgspec.Struct, frozen=True):
    """Who handed a saga in, as it is signed."""

    agent: str
    by: str
    toolsets: tuple[str, ...]
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    subject: str | None = None
    facts: dict[str, Any] = {}


class BrokerSagas(Sagas):
    """The sagas of a broker's process.

    Args:
        url: where they are kept.
        calls: whose connections, guard and budget their calls have.
        ledger: the broker's, which makes each call once.
        store: the keys; a saga ends with the key by which it was handed in.
        signer: signs who handed it in.
    """

    def __init__(self, url: str, calls: Calls, ledger: StoredLedger, store: KeyStore, signer: Signer) -> None:
        own = calls.client
        client = Client(settings=own.settings, connections=own.connections, budget=calls.budget, observer=own.own_observers)
        super().__init__(url, ledger=ledger, client=client)
        self._calls = calls
        self._store = store
        self._signer = signer

    @asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        """Open while the broker runs."""
        await asyncio.to_thread(self.open)
        try:
            yield
        finally:
            await asyncio.to_thread(self.close)

    # ------------------------------------------------------------------------------------------------ for agents
    def hand_in(self, submitted: Submitted, principal: Principal) -> Report:
        """Start a saga, or tell how it stands. Blocks.

        Raises:
            Beyond: the agent's key does not reach as far as a step, or what would undo it.
            InvalidInput, Unsupported, NotConnected: a step is wrong, or could not be undone.
            Conflict: its id was used for another one.
            RateLimited: too many of this agent's run.
            Unavailable: it cannot be written down.
        """
        for number, step in enumerate(submitted.steps, 1):
            if step.acting is not None and step.acting != Whose(via=step.acting.via, connection=step.acting.connection):
                raise InvalidInput(f"step {number}: a saga acts for one user; a step names the vendor and connection alone")
        owner = _owner(principal)
        id = f"{owner}.{submitted.id}"
        with principal.acting(submitted.acting):
            if self._dbos.DBOS.get_workflow_status(id) is None:
                self._check(submitted, principal)
                running = self._dbos.DBOS.list_workflows(
                    workflow_id_prefix=f"{owner}.", status=["PENDING", "ENQUEUED"], load_input=False, load_output=False, limit=RUNNING
                )
                if len(running) >= RUNNING:
                    raise RateLimited(f"{RUNNING} sagas of this agent run already", retry_after=5.0)
                steps = [step.operation for step in submitted.steps]
                self._write(principal, id, {"saga_name": submitted.name, "steps": steps, "outcome": "begun"})
        whom = _Whom(
            principal.agent,
            principal.id,
            self._toolsets(principal),
            principal.users,
            principal.teams,
            principal.subject,
            dict(principal.facts),
        )
        here = msgspec.structs.replace(submitted, id=id)
        claims = {"whom": msgspec.to_builtins(whom), "digest": _digest(here)}
        run = self.submit(here, signed=self._signer.sign(_PURPOSE, claims, _FOREVER))
        return msgspec.structs.replace(run.report(), id=submitted.id)

    async def report(self, asked: Asked, principal: Principal, longest: float) -> Report:
        """How a saga of this agent stands, at its end or when the time to wait for it is over.

        Raises:
            NotFound: the agent has none of this id.
        """
        id = f"{_owner(principal)}.{asked.id}"
        over = time.monotonic() + min(asked.wait, longest, LONGEST_WAIT)
        while True:
            status = await asyncio.to_thread(self._dbos.DBOS.get_workflow_status, id)
            if status is None:
                raise NotFound(f"there is no saga {asked.id!r}")
            found = report_of(status)
            if found.state not in {"running", "waiting"} or time.monotonic() >= over:
                return msgspec.structs.replace(found, id=asked.id)
            await asyncio.sleep(0.2)

    def _check(self, submitted: Submitted, principal: Principal) -> None:
        agent = current_acting().agent
        for operation, vendor in declared.check(submitted, self.client, self.find):
            if not principal.toolset.holds(vendor, operation.resource, operation.operation, operation.effect):
                raise Beyond(f"{operation.name} via {vendor}{_MAY_NEED} is in no toolset of {principal.id}")

            if not self._calls.guard.may_call(agent, operation.name, vendor):
                raise Denied(f"a policy forbids {operation.name} via {vendor}{_MAY_NEED}")

    def _toolsets(self, principal: Principal) -> tuple[str, ...]:
        kind, _, id = principal.id.partition(" ")
        return self._store.active(id).scope.toolsets if kind == "key" else (keys.ANY,)

    def _write(self, principal: Principal, id: str, more: Mapping[str, Any]) -> None:
        entry = {"kind": "saga", "saga": id, "by": principal.id, "agent": principal.agent, "user": current_acting().user}
        wrong = self._calls.guard.write({**entry, **principal.facts, **more})
        if wrong is not None:
            raise Unavailable(wrong)

    # ------------------------------------------------------------------------------------------------ running
    @contextmanager
    def calling(self, given: Mapping[str, Any]) -> Iterator[Using]:
        """Calls for who handed the saga in. What undoes a step may still be done when the key is no longer good; nothing else may."""
        principal, whose = self._whom(given)
        facts = {"by": principal.id, "saga": given["saga"], **principal.facts}
        kind, _, key = principal.id.partition(" ")

        def within(question: Question) -> str | None:
            if kind == "key" and question.phase == "arguments":  # a call that was begun is finished
                try:
                    self._store.active(key)
                except WrongKey as error:
                    return error.message
            return principal.within(question)

        guard = self._calls.guard
        client = copied(self.client, guard=guard.narrowed(within, facts))
        back = copied(self.client, guard=guard.narrowed(principal.within, facts))
        with principal.acting(whose), client:
            yield Using(client, back, self._clean)

    def over(self, given: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        principal, _ = self._whom(given)
        outcome = "rolled back" if "failed" in told else "done"
        left = [step for step, *_ in told.get("left", ())]
        try:
            self._write(principal, given["saga"], {"outcome": "needs a person" if left else outcome, "left": left})
        except Unavailable as error:  # what it did stands in the trail, and how it ended in its own database
            log.error("the end of saga %s cannot be written down: %s", given["saga"], error)

    def _whom(self, given: Mapping[str, Any]) -> tuple[Principal, Whose]:
        """Who handed a saga in.

        Raises:
            Denied: what stands in the database is not what this broker signed.
        """
        try:
            claims = self._signer.read(_PURPOSE, str(given.get("signed")))
        except Forged:
            claims = {}
        submitted = Submitted(given["saga"], given["name"], given["steps"], given.get("timeout"), msgspec.convert(given["acting"], Whose))
        if claims.get("digest") != _digest(submitted):
            raise Denied("the saga was not handed in at this broker as it stands in its database")
        whom = msgspec.convert(claims["whom"], _Whom)
        toolset = keys.toolset(Scope(whom.agent, whom.users, whom.teams, whom.toolsets))
        return Principal(whom.agent, toolset, whom.by, whom.users, whom.teams, whom.subject, whom.facts), submitted.acting

    def _clean(self, body: bytes, operation: Operation[..., Any], invocation: Invocation[Any]) -> bytes:
        here = current_acting()
        connection = self.client.connections.find(operation.name, operation.vendors, invocation.via or here.via, here)
        return scrubbed(body, secrets_of(connection))


def _owner(principal: Principal) -> str:
    """Whose sagas they are: an agent with those for whom it acts. Others' are out of its reach, whatever id it names."""
    whose = [principal.agent, principal.subject, principal.users, principal.teams]
    return hashlib.sha256(msgspec.json.encode(whose)).hexdigest()[:16]


def _digest(submitted: Submitted) -> str:
    return hashlib.sha256(msgspec.json.encode(msgspec.to_builtins(submitted), order="deterministic")).hexdigest()


def decode(body: bytes) -> Submitted:
    """The saga of a body.

    Raises:
        InvalidInput: it is none.
    """
    return _decoded(body, Submitted)


def decode_asked(body: bytes) -> Asked:
    """The question of a body; raises as `decode` does."""
    return _decoded(body, Asked)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error)
    raise InvalidInput(f"the body is none of a saga: {reason}")


def none() -> UnifiedError:
    """Why a broker runs no sagas."""
    return InvalidInput("this broker runs no sagas: its settings name no place for them (sagas = …)")
