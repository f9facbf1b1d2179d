"""Durable sagas on DBOS (https://docs.dbos.dev/python): the result of each step is saved before the next begins.

DBOS recovers what was left by a process of the same executor id and application version. Both are settled here: a process gets the first
free name of the idempotency store as its executor id, so that two live ones never share one, and the version is this module's own, so
that a saga survives a deployment. What was left under the name of a dead process is taken over by the first process that notices
(`takeover`).
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from unified_platform.common.extras import require_extra
from unified_platform.idempotency.store import DatabaseIdempotencyStore, open_idempotency_store
from unified_platform.sagas import journal, outcomes, submitted_steps, takeover
from unified_platform.sagas.block import Block, StepQueue
from unified_platform.sagas.durable_steps import DurableSteps
from unified_platform.sagas.errors import Left, TimeOver
from unified_platform.sagas.journal import CodeChanged, JournalAltered
from unified_platform.sagas.location import database_url
from unified_platform.sagas.planned_steps import PlannedStep, check_timeout
from unified_platform.sagas.reports import BLOCK, DECLARED, OUTCOME, PREFIX, VERSION
from unified_platform.sagas.runs import Run, SagaFunction
from unified_platform.sagas.saga import Saga
from unified_platform.sagas.step_calls import StepClient, acting_as, acting_fields, client_with, data_of, error_of
from unified_platform.sagas.step_clients import StepClientAdapter
from unified_platform.sagas.submitted_steps import planned_of
from unified_platform.sagas.takeover import Takeover
from unified_runtime import Client, using
from unified_runtime.core import typed_json
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import Conflict, InvalidInput, UnifiedError
from unified_runtime.core.observers import Surrounding
from unified_runtime.core.observers import saga as observing_saga
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.wire.protocol import ActingFields
from unified_runtime.core.wire.sagas import Step, Submitted

P = ParamSpec("P")
T = TypeVar("T")

Body = Callable[[Saga, Client, Mapping[str, Any]], Any]
"""Body of a kind of saga: gets the saga, the client that makes its calls, and the inputs of its start."""

log = logging.getLogger("unified.sagas")


class Sagas:
    """The sagas of this process. There is one at a time, opened by `with` once all its sagas are defined.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default `UNIFIED_SAGAS`, else a file among the user's data.
        idempotency: the idempotency store, or its URL; all processes that run the same sagas share it.
        client: makes the calls; by default one with the process's connections.
        version: version of the sagas' code, DBOS's application version. A run is resumed by processes of the version that it was started
            with; when none has done so for a minute, by the code that is there, which finishes it if its steps are the same.

    Raises:
        InvalidInput: dbos is not installed, or the version is not valid.
    """

    adopts = True
    """True if runs of other versions are resumed here when no process of their version does."""

    def __init__(
        self,
        url: str | Path | None = None,
        *,
        idempotency: str | Path | DatabaseIdempotencyStore | None = None,
        client: Client | None = None,
        version: str = "",
    ) -> None:
        if len(version) > 100 or not (version.isascii() and version.isprintable()):
            raise InvalidInput("version is up to 100 printable ASCII characters, such as a release number")
        self.version = f"{VERSION}/{version}" if version else VERSION
        self._running: set[str] = set()
        self._has_functions = False
        self._dbos: Any = require_extra("dbos", "sagas", "a saga")
        self._url = database_url(url)
        self._given_idempotency = idempotency
        self._given = client
        self._defined: set[str] = set()
        self._client: Client | None = None
        self._idempotency: DatabaseIdempotencyStore | None = None
        self._queues: dict[str, StepQueue] = {}
        self._interruptions: type[Exception] = self._dbos.error.DBOSException
        self._over = threading.Event()
        self._takeover: Takeover | None = None
        self._blocks = self._workflow(BLOCK, self._block)
        self._declared = self._workflow(DECLARED, self._steps)

    def saga(self, name: str, *, timeout: float | None = None) -> Callable[[Callable[Concatenate[Saga, P], T]], SagaFunction[P, T]]:
        """Make a saga of a function: its first argument is the `Saga` whose `run` makes the steps; the others, and what it returns, are
        values of JSON. A call that the function makes by itself, `tasks.create(…)`, is a step too.

        The function may run again after a crash: between steps it must do the same each time, so values that change by themselves (time,
        random numbers, lists) come from `Saga.step`.

        Args:
            timeout: seconds from its start after which no step is begun any more, and what was done is undone; also across restarts.
        """
        check_timeout(timeout)

        def define(function: Callable[Concatenate[Saga, P], T]) -> SagaFunction[P, T]:
            if name in self._defined:
                raise InvalidInput(f"there is a saga {name!r} already")

            made: Callable[..., Any] = function

            def body(saga: Saga, client: Client, given: Mapping[str, Any]) -> Any:
                def make(operation: OperationBase[..., Any], invocation: Invocation[Any]) -> Any:
                    return saga.make([PlannedStep(operation, invocation)])[0]

                with using(StepClientAdapter(client, make)):
                    return self._function(saga, lambda: made(saga, **given["inputs"]))

            self._has_functions = True
            return SagaFunction(name, function, partial(self._started, self._workflow(name, body)), timeout)

        return define

    def begin(self, name: str, *, id: str | None = None, timeout: float | None = None) -> Block:
        """A saga as a block, `with sagas.begin("onboard") as s:`; see `Block`."""
        check_timeout(timeout)
        return Block(self, name, id or str(uuid.uuid4()), timeout)

    def submit(self, submitted: Submitted, **more: Any) -> Run[list[str]]:
        """Start a saga of declared steps. Its id names one run, whether it goes on or has ended.

        Raises:
            Conflict: the id was used for another one.
        """
        given = {"saga": submitted.id, "name": submitted.name, "acting": msgspec.to_builtins(submitted.acting), **more}
        given |= {"timeout": submitted.timeout, "steps": msgspec.to_builtins(submitted.steps)}
        return self._started(self._declared, submitted.id, given)

    @property
    def client(self) -> Client:
        """Return the client that makes the calls.

        Raises:
            InvalidInput: the sagas are not open.
        """
        if self._client is None:
            raise InvalidInput("the sagas are not open: with sagas: …")
        return self._client

    # ------------------------------------------------------------------------------------------------ running
    def begun(self, block: Block, step_queue: StepQueue, timeout: float | None) -> Run[None]:
        """Start the saga beside a block.

        Raises:
            Conflict: its id was used before.
        """
        if self._dbos.DBOS.get_workflow_status(block.id) is not None or block.id in self._queues:
            raise Conflict(f"saga {block.id!r} was begun before: a block cannot be run again, and its id names one run")
        given = {"saga": block.id, "name": block.name, "block": True, "acting": msgspec.to_builtins(acting_fields(current_acting()))}
        if timeout is not None:
            given["timeout"] = timeout
        self._queues[block.id] = step_queue
        return self._started(self._blocks, block.id, given)

    def _workflow(self, name: str, body: Body) -> Callable[[dict[str, Any]], Any]:
        self._defined.add(name)

        def workflow(given: dict[str, Any], trace_context: dict[str, str] | None = None) -> Any:
            return self._run(name, given, trace_context or {}, body)

        made: Callable[[dict[str, Any]], Any] = self._dbos.DBOS.workflow(name=PREFIX + name, max_recovery_attempts=1000)(workflow)
        return made

    def _started(self, workflow: Any, id: str, given: dict[str, Any]) -> Run[Any]:
        """Start a workflow, or find it started.

        Raises:
            Conflict: its id was used with other inputs.
            InvalidInput: an input is not a JSON value.
        """
        try:
            same = msgspec.json.decode(msgspec.json.encode(given))
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"the inputs of a saga are values of JSON: {error}") from None
        with self._dbos.SetWorkflowID(id):
            handle = self._dbos.DBOS.start_workflow(workflow, same, self._trace_context())
        known = handle.get_status().input
        if known is not None and _unsigned(known["args"][0]) != _unsigned(same):
            raise Conflict(f"saga {id!r} was started with other inputs")
        return Run(id, handle, self._dbos.DBOS.list_workflow_steps)

    def _run(self, name: str, given: dict[str, Any], trace_context: Mapping[str, str], body: Body) -> Any:
        id = given["saga"]
        engine = self._engine(id)
        step_queue = self._queues.get(id)
        self._running.add(id)
        try:
            with self.calling(given) as calling, _observed(calling.client, str(given.get("name", name)), id, trace_context):
                timeout = given.get("timeout")
                until = engine.step("begun", time.time) + timeout if timeout is not None else None
                settling = (lambda: step_queue is None) if "block" in given else lambda: False
                saga = Saga(id, engine, calling, self.find, until=until, settling=settling)
                outcome = outcomes.run_to_outcome(saga, lambda: body(saga, calling.client, given), self._interruptions)
                self.over(given, outcome)
                return self.sealed(id, OUTCOME, outcome)
        except (self._dbos.error.DBOSUnexpectedStepError, JournalAltered) as error:
            log.error("saga %s cannot go on: %s", id, error)
            outcome = outcomes.unusable(id, self._remaining(id))
            self.over(given, outcome)
            return self.sealed(id, OUTCOME, outcome)
        finally:
            self._running.discard(id)
            if step_queue is not None:
                step_queue.close()
                del self._queues[id]

    def _engine(self, id: str) -> DurableSteps:
        return DurableSteps(self._dbos, id, self._over, self.sealed, self.unsealed)

    def _remaining(self, id: str) -> list[Left]:
        """Return what of a saga may remain executed."""
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as elsewhere:  # outside of the saga, of which listing its steps would be one
            return journal.remaining(elsewhere.submit(self._dbos.DBOS.list_workflow_steps, id).result())

    def _trace_context(self) -> dict[str, str]:
        """The trace that a saga is started in, for whichever process makes its steps."""
        observers = self._client.observers if self._client is not None else None
        found: dict[str, str] = {}
        for tracer in observers.tracers if observers is not None else ():
            if isinstance(tracer, Surrounding):
                found |= tracer.trace_context()
        return found

    @contextmanager
    def calling(self, given: Mapping[str, Any]) -> Iterator[StepClient]:
        """For whom and by which client the calls of a saga are made."""
        with acting_as(typed_json.convert(given["acting"], ActingFields)), using(self.client):
            yield StepClient(self.client)

    def sealed(self, id: str, name: str, value: Any) -> Any:
        """Return the result of a saga's step, or its outcome, as it is saved."""
        return value

    def unsealed(self, id: str, name: str, saved: Any) -> Any:
        """Return the result of a saga's step that was saved.

        Raises:
            Altered: it is not what was saved.
        """
        return saved

    def over(self, given: Mapping[str, Any], result: Mapping[str, Any]) -> None:
        """Called when a saga has ended, with its inputs and its result; after a crash perhaps once more."""

    def _function(self, saga: Saga, function: Callable[[], Any]) -> Any:
        """Run the function of a saga. Its journal decides what was executed and how it ended, even if the code has changed.

        Raises:
            UnifiedError: the saga ends with it, and is rolled back.
        """
        end: dict[str, Any] = {"end": "failed"}
        try:
            end = {"end": "done", "value": self._engine(saga.id).plain(function())}
        except self._interruptions:
            raise
        except CodeChanged:
            pass
        except UnifiedError as error:
            end |= {"cause": data_of(error), "time_over": isinstance(error, TimeOver)}
        except Exception as error:
            log.exception("saga %s ended with an error of its own", saga.id)
            end |= {"cause": data_of(outcomes.wrapped(error))}
        end = saga.finish(end)
        if end["end"] == "done":
            return end["value"]
        cause = error_of(end["cause"])
        raise TimeOver(cause.message) if end.get("time_over") else cause

    def _steps(self, saga: Saga, client: Client, given: Mapping[str, Any]) -> list[str]:
        return submitted_steps.run(saga, typed_json.convert(given["steps"], list[Step]), self.find)

    def find(self, name: str) -> OperationBase[..., Any]:
        """The operation of a declared step."""
        return submitted_steps.find_write(name)

    def _block(self, saga: Saga, client: Client, given: Mapping[str, Any]) -> None:
        step_queue = self._queues.get(saga.id)
        while True:
            wish = saga.wanted(step_queue.next if step_queue is not None else _gone, self._planned)
            if "end" in wish:
                if wish["end"] == "done" or saga.ended:
                    return
                if "cause" in wish:
                    raise error_of(wish["cause"])
                raise TimeOver("the time it was given is over")
            if step_queue is not None and "error" in wish:
                step_queue.fail(wish["error"])
            elif step_queue is not None and "values" in wish:
                step_queue.complete(wish["values"])

    def _planned(self, steps: Any) -> list[PlannedStep[Any]]:
        return [planned_of(step, _none_before, self.find) for step in typed_json.convert(steps, list[Step])]

    # ------------------------------------------------------------------------------------------------ takeover
    def defines(self, name: str) -> bool:
        return name in self._defined

    def runs(self, id: str) -> bool:
        return id in self._running

    def has_functions(self) -> bool:
        """Return whether some of the sagas are functions."""
        return self._has_functions

    def define_rollback(self, name: str) -> None:
        """Define a saga whose code does not exist any more: it is rolled back from its journal."""
        self._workflow(name, lambda saga, client, given: self._function(saga, partial(_undefined, name)))

    # ------------------------------------------------------------------------------------------------ life
    def open(self) -> Sagas:
        """Begin: what earlier processes left is taken up again."""
        global _opened
        idempotency = self._given_idempotency
        if not isinstance(idempotency, DatabaseIdempotencyStore):
            idempotency = open_idempotency_store(idempotency)
        self._idempotency = idempotency
        owned = idempotency.own(alive=takeover.ALIVE)
        given = self._given
        # Through a broker, the broker's idempotency store makes each call once.
        self._client = (
            given if given is not None and given.broker_client is not None else client_with(given or Client(), idempotency=idempotency)
        )
        module = self._dbos
        config = {
            "name": "unified-sagas",
            "system_database_url": self._url,
            "application_version": self.version,
            "executor_id": owned.name,
            "log_level": "WARNING",
            "serializer": module.DBOSPortableJSONSerializer(),
        }
        module.DBOS(config=config)
        module.DBOS.launch()

        self._over.clear()
        self._takeover = Takeover(module, self, owned, self._over)
        self._takeover.start()
        _opened = self
        return self

    def close(self) -> None:
        """End. What runs stops after its step, and goes on when sagas are opened again; a `with` block that is open is rolled back."""
        global _opened
        _opened = None if _opened is self else _opened
        self._over.set()
        for step_queue in list(self._queues.values()):
            step_queue.leave()
        self._dbos.DBOS.destroy(workflow_completion_timeout_sec=0)
        if self._takeover is not None:
            self._takeover.join()
        if self._idempotency is not None and self._idempotency is not self._given_idempotency:
            self._idempotency.close()

    def __enter__(self) -> Sagas:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()


def _unsigned(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "signed"}


@contextmanager
def _observed(client: Client, name: str, id: str, trace_context: Mapping[str, str]) -> Iterator[None]:
    """Attach the saga to the observed calls of a block."""
    token = observing_saga.set(id)
    try:
        with ExitStack() as stack:
            for tracer in client.observers.tracers if client.observers is not None else ():
                if isinstance(tracer, Surrounding):
                    stack.enter_context(tracer.around("saga", name, id, trace_context))
            yield
    finally:
        observing_saga.reset(token)


def opened() -> Sagas:
    """The sagas that are open in this process; those of the user's data are opened if none are, until the process ends."""
    if _opened is not None:
        return _opened
    import atexit

    made = Sagas().open()
    atexit.register(made.close)
    return made


_opened: Sagas | None = None


def _gone(until: float | None) -> dict[str, Any]:
    cause = UnifiedError("the process in which the block ran has ended")
    return {"end": "gone", "cause": data_of(cause)}


def _undefined(name: str) -> Any:
    raise UnifiedError(f"no process defines the saga {name!r} any more")


def _none_before(step: int) -> Any:
    raise InvalidInput("a step of a block accepts values, not placeholders")
