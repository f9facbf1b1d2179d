"""Sagas that agents submit: stored and run by the broker with the agent's rights, and resumed after a restart.

The records in the sagas' database are signed with their owner: write access to it cannot make the broker act for another owner,
or do something else. Each step and compensation is a normal call, with its policy, approvals, audit log and limits.
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

from unified_platform.broker import agent_keys
from unified_platform.broker.agent_keys import InvalidAgentKey, KeyStore, Scope
from unified_platform.broker.calls import Calls
from unified_platform.broker.principals import NotPermitted, Principal, StoredPrincipal
from unified_platform.broker.request_bodies import decode_body
from unified_platform.broker.responses import redacted
from unified_platform.broker.token_signing import InvalidSignature, Signer
from unified_platform.idempotency.store import DatabaseIdempotencyStore
from unified_platform.sagas import submitted_steps
from unified_platform.sagas.engine import Sagas
from unified_platform.sagas.journal import JournalAltered
from unified_platform.sagas.reports import OUTCOME
from unified_platform.sagas.reports import report as report_of
from unified_platform.sagas.step_calls import StepClient, client_with
from unified_runtime import Client, using
from unified_runtime.core import typed_json
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import Denied, InvalidInput, NotFound, RateLimited, Unavailable, UnifiedError
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import PolicyRequest
from unified_runtime.core.wire.protocol import ActingFields
from unified_runtime.core.wire.sagas import Report, ReportRequest, Submitted

log = logging.getLogger("unified.broker")

T = TypeVar("T")

RUNNING = 50
"""Maximum running sagas of one agent."""
LONGEST_WAIT = 30.0
"""Maximum seconds that one request may wait for a saga's end."""

_PURPOSE = "unified-saga"
_STEP = "unified-saga-step"
_FOREVER = 10 * 365 * 24 * 3600.0
_MAY_NEED = ", which the saga may need to make or undo a step,"


class BrokerSagas(Sagas):
    """Sagas of a broker's process.

    Args:
        url: location of the store.
        calls: provides connections, policy enforcer and rate limiter.
        idempotency: the broker's idempotency store.
        store: agent keys; a saga ends with the key that submitted it.
        signer: signs the owners.
    """

    adopts = False  # other versions belong to other tenants, or are signed by brokers with another key

    def __init__(self, url: str, calls: Calls, idempotency: DatabaseIdempotencyStore, store: KeyStore, signer: Signer) -> None:
        own = calls.client
        client = Client(settings=own.settings, connections=own.connections, rate_limiter=calls.rate_limiter, observers=own._own_observers)
        self._tenant = own.connections.tenant
        version = hashlib.sha256(f"{signer.id}\n{self._tenant}".encode()).hexdigest()[:16]
        super().__init__(url, idempotency=idempotency, client=client, version=version)
        self._calls = calls
        self._store = store
        self._signer = signer

    @asynccontextmanager
    async def around(self) -> AsyncIterator[None]:
        """Run while the broker runs."""
        await asyncio.to_thread(self.open)
        try:
            yield
        finally:
            await asyncio.to_thread(self.close)

    # ------------------------------------------------------------------------------------------------ for agents
    def start(self, submitted: Submitted, principal: Principal) -> Report:
        """Start a saga, or return its report if it was started. Blocks.

        Raises:
            NotPermitted: the agent's key does not allow a step or its compensation.
            InvalidInput, Unsupported, NotConnected: a step is not valid, or cannot be compensated.
            Conflict: its id was used for another saga.
            RateLimited: too many sagas of this agent are running.
            Unavailable: it cannot be stored.
        """
        for number, step in enumerate(submitted.steps, 1):
            if step.acting is not None and step.acting != ActingFields(via=step.acting.via, connection=step.acting.connection):
                raise InvalidInput(f"step {number}: a saga acts for one user; a step names the vendor and connection only")
        owner = self._owner(principal)
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
        whom = principal.stored(self._toolsets(principal))
        here = msgspec.structs.replace(submitted, id=id)
        claims = {"whom": msgspec.to_builtins(whom), "digest": _digest(here), "tenant": self._tenant}
        self.submit(here, signed=self._signer.sign(_PURPOSE, claims, _FOREVER))
        return msgspec.structs.replace(self._report(self._dbos.DBOS.get_workflow_status(id)), id=submitted.id)

    async def report(self, request: ReportRequest, principal: Principal, longest: float) -> Report:
        """Return the report of a saga of this agent, at its end or when the time to wait for it is over.

        Raises:
            NotFound: the agent has no saga with this id.
        """
        id = f"{self._owner(principal)}.{request.id}"
        if not submitted_steps.valid_id(request.id):
            raise NotFound("there is no saga of this id: ids are up to 100 printable ASCII characters")
        over = time.monotonic() + min(request.wait, longest, LONGEST_WAIT)
        while True:
            status = await asyncio.to_thread(self._dbos.DBOS.get_workflow_status, id)
            if status is None:
                raise NotFound(f"there is no saga {request.id!r}")
            found = await asyncio.to_thread(self._report, status)
            if found.state not in {"running", "waiting"} or time.monotonic() >= over:
                return msgspec.structs.replace(found, id=request.id)
            await asyncio.sleep(0.2)

    def _report(self, status: Any) -> Report:
        """Return the report of a saga whose outcome, if it has one, is what this broker saved."""
        return report_of(status, self._dbos.DBOS.list_workflow_steps, unsealed=self.unsealed)

    def _owner(self, principal: Principal) -> str:
        """Return the owner of the sagas: the agent with those for whom it acts, in one tenant. Sagas of other owners cannot be reached."""
        owner = [principal.agent, principal.subject, principal.users, principal.teams]
        if self._tenant != TENANT:
            owner.append(self._tenant)
        return hashlib.sha256(msgspec.json.encode(owner)).hexdigest()[:16]

    def _check(self, submitted: Submitted, principal: Principal) -> None:
        agent = current_acting().agent
        for operation, vendor in submitted_steps.check(submitted, self.client, self.find):
            if not principal.toolset.holds(vendor, operation.resource, operation.operation, operation.effect):
                raise NotPermitted(f"{operation.name} via {vendor}{_MAY_NEED} is in no toolset of {principal.id}")

            if not self._calls.enforcer.may_call(agent, operation.name, vendor):
                raise Denied(f"a policy forbids {operation.name} via {vendor}{_MAY_NEED}")

    def _toolsets(self, principal: Principal) -> tuple[str, ...]:
        kind, _, id = principal.id.partition(" ")
        return self._store.active(id).scope.toolsets if kind == "key" else (agent_keys.ANY,)

    def _write(self, principal: Principal, id: str, more: Mapping[str, Any]) -> None:
        entry = {"kind": "saga", "saga": id, "by": principal.id, "agent": principal.agent, "user": current_acting().user}
        wrong = self._calls.enforcer.write({**entry, **principal.facts, **more})
        if wrong is not None:
            raise Unavailable(wrong)

    # ------------------------------------------------------------------------------------------------ running
    @contextmanager
    def calling(self, given: Mapping[str, Any]) -> Iterator[StepClient]:
        """Make calls for the saga's owner. A compensation may still be made when the key is no longer valid; nothing else may."""
        principal, owner = self._whom(given)
        facts = {"by": principal.id, "saga": given["saga"], **principal.facts}
        kind, _, key = principal.id.partition(" ")

        def within(question: PolicyRequest) -> str | None:
            if kind == "key" and question.phase == "arguments":  # a call that was begun is finished
                try:
                    self._store.active(key)
                except InvalidAgentKey as error:
                    return error.message
            return principal.within(question)

        enforcer = self._calls.enforcer
        client = client_with(self.client, enforcer=enforcer.narrowed(within, facts))
        back = client_with(self.client, enforcer=enforcer.narrowed(principal.within, facts))
        with principal.acting(owner), using(client):
            yield StepClient(client, back, self._clean)

    def sealed(self, id: str, name: str, value: Any) -> Any:
        """Return a step's signed result: write access to the database must not decide what is executed or compensated."""
        return {"value": value, "seal": self._signer.sign(_STEP, {"digest": self._step_digest(id, name, value)}, _FOREVER)}

    def unsealed(self, id: str, name: str, saved: Any) -> Any:
        try:
            claims = self._signer.read(_STEP, str(saved["seal"]))
            if claims.get("digest") == self._step_digest(id, name, saved["value"]):
                return saved["value"]
        except (InvalidSignature, KeyError, TypeError):
            pass
        raise JournalAltered(f"{name!r} of saga {id} is not what this broker saved: it was altered in the database")

    def _step_digest(self, id: str, name: str, value: Any) -> str:
        plain = msgspec.json.decode(msgspec.json.encode(value))  # in the form that the database returns
        return hashlib.sha256(msgspec.json.encode([self._tenant, id, name, plain], order="deterministic")).hexdigest()

    def over(self, given: Mapping[str, Any], outcome_data: Mapping[str, Any]) -> None:
        principal, _ = self._whom(given)
        outcome = "rolled back" if "failed" in outcome_data else "done"
        left = [step for step, *_ in outcome_data.get("left", ())]
        try:
            ends = {
                "outcome": "needs a person" if left else outcome,
                "left": left,
                "digest": self._step_digest(given["saga"], OUTCOME, outcome_data),
            }
            self._write(principal, given["saga"], ends)
        except Unavailable as error:  # its result is in the audit log, and its outcome in the sagas' database
            log.error("the end of saga %s cannot be written down: %s", given["saga"], error)

    def _whom(self, given: Mapping[str, Any]) -> tuple[Principal, ActingFields]:
        """Return the owner of a saga.

        Raises:
            Denied: the record in the database was not signed by this broker.
        """
        try:
            claims = self._signer.read(_PURPOSE, str(given.get("signed")))
        except InvalidSignature:
            claims = {}
        submitted = Submitted(
            given["saga"], given["name"], given["steps"], given.get("timeout"), typed_json.convert(given["acting"], ActingFields)
        )
        if claims.get("digest") != _digest(submitted) or claims.get("tenant", TENANT) != self._tenant:
            raise Denied("the saga was not submitted at this broker as it is stored in its database")
        whom = typed_json.convert(claims["whom"], StoredPrincipal)
        toolset = agent_keys.toolset(Scope(whom.agent, whom.users, whom.teams, whom.toolsets))
        return whom.principal(toolset), submitted.acting

    def _clean(self, body: bytes, operation: OperationBase[..., Any], invocation: Invocation[Any]) -> bytes:
        here = current_acting()
        connection = self.client.connections.find(operation.name, operation.vendors, invocation.via or here.via, here)
        return redacted(body, (connection,))


def _digest(submitted: Submitted) -> str:
    return hashlib.sha256(msgspec.json.encode(msgspec.to_builtins(submitted), order="deterministic")).hexdigest()


def decode(body: bytes, kind: type[T]) -> T:
    """Decode the saga of a body, or the request for a report.

    Raises:
        InvalidInput: it is not valid.
        BeyondBounds: it has too many values, or is nested too deep.
    """
    return decode_body(body, typed_json.decoder(kind), "a saga" if kind is Submitted else "a request for a saga's report")


def not_enabled() -> UnifiedError:
    """Return the error of a broker that runs no sagas."""
    return InvalidInput("this broker runs no sagas: its settings name no store for them (sagas = …)")
