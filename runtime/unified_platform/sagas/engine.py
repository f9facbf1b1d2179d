"""Durable sagas on DBOS (https://docs.dbos.dev/python): what a step came to is in a database before the next begins.

DBOS recovers what was left by a process of the same executor id and application version. Both are settled here: a process takes the first
free name of the ledger as its executor id, so that two that live never share one, and the version is this module's own, so that a saga
survives a deployment. What was left under the name of a dead process is taken over by whichever process notices first.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import msgspec

from unified_platform.extras import extra
from unified_platform.ledger import Ownership, StoredLedger, open_ledger
from unified_platform.sagas import declared
from unified_platform.sagas.blocks import Block, Desk
from unified_platform.sagas.calling import Using, acting_as, copied, data_of, error_of, whose
from unified_platform.sagas.clients import Stepping
from unified_platform.sagas.declared import planned_of
from unified_platform.sagas.errors import TimeOver
from unified_platform.sagas.places import database_url
from unified_platform.sagas.reports import BLOCK, DECLARED, PREFIX, VERSION, report
from unified_platform.sagas.saga import Planned, Saga, check_timeout
from unified_platform.store.errors import StoreUnavailable
from unified_runtime import Client
from unified_runtime.brokered.protocol import Whose
from unified_runtime.context import current_acting
from unified_runtime.errors import Conflict, InvalidInput, UnifiedError
from unified_runtime.observing import Surrounding
from unified_runtime.observing import saga as observing_saga
from unified_runtime.operations import Invocation, Operation
from unified_runtime.sagas import Report, Step, Submitted, failed

P = ParamSpec("P")
T = TypeVar("T")

Body = Callable[[Saga, Client, Mapping[str, Any]], Any]
"""What a kind of saga does: its steps, the client that makes them, and what it was started with."""

log = logging.getLogger("unified.sagas")

ALIVE = 15.0
"""Seconds after which a process that says nothing counts as dead."""


class Sagas:
    """The sagas of this process. There is one at a time, opened by `with` once all its sagas are defined.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default `UNIFIED_SAGAS`, else a file among the user's data.
        ledger: what makes each call happen once, or its URL; all processes that run the same sagas share it.
        client: makes the calls; by default one with the process's connections.

    Raises:
        InvalidInput: dbos is not installed.
    """

    def __init__(
        self, url: str | Path | None = None, *, ledger: str | Path | StoredLedger | None = None, client: Client | None = None
    ) -> None:
        self._dbos: Any = extra("dbos", "sagas", "a saga")
        self._url = database_url(url)
        self._ledger_given = ledger
        self._given = client
        self._known: set[str] = set()
        self._client: Client | None = None
        self._ledger: StoredLedger | None = None
        self._desks: dict[str, Desk] = {}
        self._own: type[Exception] = self._dbos.error.DBOSException
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._blocks = self._workflow(BLOCK, self._block)
        self._declared = self._workflow(DECLARED, self._steps)

    def saga(self, name: str, *, timeout: float | None = None) -> Callable[[Callable[Concatenate[Saga, P], T]], Defined[P, T]]:
        """Make a saga of a function: its first argument is the `Saga` whose `run` makes the steps; the others, and what it returns, are
        values of JSON. A call that the function makes by itself, `tasks.create(…)`, is a step too.

        The function may run again after a crash: between steps it must do the same each time, so that whatever changes by itself (time,
        random numbers, lists) comes from `Saga.step`.

        Args:
            timeout: seconds from its start after which no step is begun any more, and what was done is undone; also across restarts.
        """
        check_timeout(timeout)

        def define(function: Callable[Concatenate[Saga, P], T]) -> Defined[P, T]:
            if name in self._known:
                raise InvalidInput(f"there is a saga {name!r} already")

            made: Callable[..., Any] = function

            def body(saga: Saga, client: Client, given: Mapping[str, Any]) -> Any:
                def make(operation: Operation[..., Any], invocation: Invocation[Any]) -> Any:
                    return saga.make([Planned(operation, invocation)])[0]

                with Stepping(client, make):
                    return made(saga, **given["inputs"])

            return Defined(self, name, function, self._workflow(name, body), timeout)

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
        """What makes the calls.

        Raises:
            InvalidInput: the sagas are not open.
        """
        if self._client is None:
            raise InvalidInput("the sagas are not open: with sagas: …")
        return self._client

    # ------------------------------------------------------------------------------------------------ running
    def begun(self, block: Block, desk: Desk, timeout: float | None) -> Run[None]:
        """Start the saga beside a block.

        Raises:
            Conflict: its id was used before.
        """
        if self._dbos.DBOS.get_workflow_status(block.id) is not None or block.id in self._desks:
            raise Conflict(f"saga {block.id!r} was begun before: a block cannot be run again, and its id names one run")
        given = {"saga": block.id, "name": block.name, "block": True, "acting": msgspec.to_builtins(whose(current_acting()))}
        if timeout is not None:
            given["timeout"] = timeout
        self._desks[block.id] = desk
        return self._started(self._blocks, block.id, given)

    def _workflow(self, name: str, body: Body) -> Callable[[dict[str, Any]], dict[str, Any]]:
        self._known.add(name)

        def workflow(given: dict[str, Any], carried: dict[str, str] | None = None) -> dict[str, Any]:
            return self._run(name, given, carried or {}, body)

        made: Callable[[dict[str, Any]], dict[str, Any]] = self._dbos.DBOS.workflow(name=PREFIX + name, max_recovery_attempts=1000)(
            workflow
        )
        return made

    def _started(self, workflow: Any, id: str, given: dict[str, Any]) -> Run[Any]:
        """Start a workflow, or find it started.

        Raises:
            Conflict: its id was used with other inputs.
            InvalidInput: an input is no value of JSON.
        """
        try:
            same = msgspec.json.decode(msgspec.json.encode(given))
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"the inputs of a saga are values of JSON: {error}") from None
        with self._dbos.SetWorkflowID(id):
            handle = self._dbos.DBOS.start_workflow(workflow, same, self._carried())
        known = handle.get_status().input
        if known is not None and _unsigned(known["args"][0]) != _unsigned(same):
            raise Conflict(f"saga {id!r} was started with other inputs")
        return Run(id, handle)

    def _run(self, name: str, given: dict[str, Any], carried: Mapping[str, str], body: Body) -> dict[str, Any]:
        id = given["saga"]
        engine = _Steps(self._dbos)
        desk = self._desks.get(id)
        try:
            with self.calling(given) as using, _observed(using.client, str(given.get("name", name)), id, carried):
                timeout = given.get("timeout")
                until = engine.step("begun", time.time) + timeout if timeout is not None else None
                settling = (lambda: desk is None) if "block" in given else lambda: False
                saga = Saga(id, engine, using, until=until, settling=settling)
                told = _ended(saga, lambda: body(saga, using.client, given), self._own)
                self.over(given, told)
                return told
        finally:
            if desk is not None:
                desk.close()
                del self._desks[id]

    def _carried(self) -> dict[str, str]:
        """The trace that a saga is started in, for whichever process makes its steps."""
        observers = self._client.observers if self._client is not None else None
        found: dict[str, str] = {}
        for tracer in observers.tracers if observers is not None else ():
            if isinstance(tracer, Surrounding):
                found |= tracer.carried()
        return found

    @contextmanager
    def calling(self, given: Mapping[str, Any]) -> Iterator[Using]:
        """For whom and by which client the calls of a saga are made."""
        with acting_as(msgspec.convert(given["acting"], Whose)), self.client:
            yield Using(self.client)

    def over(self, given: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        """Called when a saga has ended, with what it was started with and what it came to; after a crash perhaps once more."""

    def _steps(self, saga: Saga, client: Client, given: Mapping[str, Any]) -> list[str]:
        return declared.run(saga, msgspec.convert(given["steps"], list[Step]), self.find)

    def find(self, name: str) -> Operation[..., Any]:
        """The operation of a declared step."""
        return declared.shipped(name)

    def _block(self, saga: Saga, client: Client, given: Mapping[str, Any]) -> None:
        desk = self._desks.get(saga.id)
        number = 0
        while True:
            number += 1
            asked = saga.asked(number, desk.next if desk is not None else _gone)
            if "end" in asked:
                if asked["end"] == "done" or saga.ended:
                    return
                if "cause" in asked:
                    raise error_of(asked["cause"])
                raise TimeOver("the time it was given is over")
            if "note" in asked:
                continue
            try:
                steps = msgspec.convert(asked["steps"], list[Step])
                found = saga.make([planned_of(step, _none_before, self.find) for step in steps])
                if desk is not None:
                    desk.answer(found)
            except UnifiedError as error:
                if desk is not None:
                    desk.refuse(error)

    # ------------------------------------------------------------------------------------------------ life
    def open(self) -> Sagas:
        """Begin: what earlier processes left is taken up again."""
        global _opened
        given_ledger = self._ledger_given
        ledger = given_ledger if isinstance(given_ledger, StoredLedger) else open_ledger(given_ledger)
        self._ledger = ledger
        owned = ledger.own(alive=ALIVE)
        given = self._given
        # Through a broker, the broker's ledger makes each call once.
        self._client = given if given is not None and given.remote is not None else copied(given or Client(), ledger=ledger)
        module = self._dbos
        config = {
            "name": "unified-sagas",
            "system_database_url": self._url,
            "application_version": VERSION,
            "executor_id": owned.name,
            "log_level": "WARNING",
            "serializer": module.DBOSPortableJSONSerializer(),
        }
        module.DBOS(config=config)
        module.DBOS.launch()

        self._over.clear()
        for name, task in (("alive", lambda: self._stay(owned)), ("taking-over", lambda: self._watch(owned))):
            self._threads.append(threading.Thread(target=task, name=f"unified-sagas-{name}", daemon=True))
            self._threads[-1].start()
        _opened = self
        return self

    def _stay(self, owned: Ownership) -> None:
        """Say again and again that this process lives; a database that is away for a moment changes nothing."""
        while not self._over.wait(ALIVE / 5):
            try:
                if not owned.keep():
                    log.error("this process was taken for dead, and its sagas go on elsewhere")
                    return
            except StoreUnavailable as error:
                log.warning("the ledger cannot be reached: %s", error)
        try:
            owned.release()
        except StoreUnavailable as error:
            log.warning("the ledger cannot be reached: %s", error)

    def _watch(self, owned: Ownership) -> None:
        """Take over what dead processes left. Apart from `_stay`, since DBOS waits for its database however long that takes."""
        while True:
            try:
                self._take_over(owned.dead())
            except StoreUnavailable as error:
                log.warning("the ledger cannot be reached: %s", error)
            if self._over.wait(ALIVE / 5):
                return

    def _take_over(self, dead: list[str]) -> None:
        if not dead:
            return
        for left in self._dbos.DBOS.list_workflows(status="PENDING", executor_id=dead, load_input=False, load_output=False):
            if left.name.removeprefix(PREFIX) in self._known:
                log.warning("saga %s was left by a process that died; it is taken up again", left.workflow_id)
                self._dbos.DBOS.resume_workflow(left.workflow_id)

    def close(self) -> None:
        """End. What runs stops after its step, and goes on when sagas are opened again; a `with` block that is open is rolled back."""
        global _opened
        _opened = None if _opened is self else _opened
        self._over.set()
        for desk in list(self._desks.values()):
            desk.leave()
        self._dbos.DBOS.destroy(workflow_completion_timeout_sec=0)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        if self._ledger is not None and self._ledger is not self._ledger_given:
            self._ledger.close()

    def __enter__(self) -> Sagas:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()


def _unsigned(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "signed"}


@contextmanager
def _observed(client: Client, name: str, id: str, carried: Mapping[str, str]) -> Iterator[None]:
    """Observers of the block's calls are told which saga they are of."""
    token = observing_saga.set(id)
    try:
        with ExitStack() as stack:
            for tracer in client.observers.tracers if client.observers is not None else ():
                if isinstance(tracer, Surrounding):
                    stack.enter_context(tracer.around("saga", name, id, carried))
            yield
    finally:
        observing_saga.reset(token)


class Defined(Generic[P, T]):
    """A saga. Calling it runs it to its end."""

    def __init__(self, sagas: Sagas, name: str, function: Callable[Concatenate[Saga, P], T], workflow: Any, timeout: float | None) -> None:
        self._sagas = sagas
        self.name = name
        self._workflow = workflow
        self._timeout = timeout
        functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **inputs: P.kwargs) -> T:
        """Run it, under an id of its own.

        Raises:
            SagaFailed: it did not come to its end; says what was undone, and what is left to look after.
        """
        return self.start(str(uuid.uuid4()), *args, **inputs).result()

    def start(self, id: str, /, *args: P.args, **inputs: P.kwargs) -> Run[T]:
        """Start it under an id. An id that was used before names the same run, whether it goes on or has ended.

        Raises:
            Conflict: the id was used with other inputs.
            InvalidInput: an input is no value of JSON.
        """
        import inspect

        bound = inspect.signature(self.__wrapped__).bind(None, *args, **inputs)  # type: ignore[attr-defined]
        named = dict(list(bound.arguments.items())[1:])
        given = {"saga": id, "acting": msgspec.to_builtins(whose(current_acting())), "inputs": named}
        if self._timeout is not None:
            given["timeout"] = self._timeout
        return self._sagas._started(self._workflow, id, given)


class Run(Generic[T]):
    """A saga that was started."""

    def __init__(self, id: str, handle: Any) -> None:
        self.id = id
        self._handle = handle

    def result(self) -> T:
        """Wait for its end and return what its function returned.

        Raises:
            SagaFailed: it was rolled back.
        """
        told = self._handle.get_result(polling_interval_sec=0.2)
        if "failed" not in told:
            value: T = told["value"]
            return value
        raise failed(self.report())

    def report(self) -> Report:
        """What has become of it so far."""
        return report(self._handle.get_status())


class _Steps:
    """The engine of a running saga: DBOS's own steps and pauses."""

    def __init__(self, module: Any) -> None:
        self._dbos = module.DBOS

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        return self._dbos.run_step({"name": name}, function)

    def sleep(self, seconds: float) -> None:
        self._dbos.sleep(seconds)


def opened() -> Sagas:
    """The sagas that are open in this process; those of the user's data are opened where none are, until the process ends."""
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


def _none_before(step: int) -> Any:
    raise InvalidInput("a step of a block takes values, and nothing that stands for them")


def _ended(saga: Saga, body: Callable[[], Any], own: type[Exception]) -> dict[str, Any]:
    """What a saga comes to. `own` are the engine's errors, which stop it here and end nothing."""
    try:
        told: dict[str, Any] = {"value": body()}
        if saga.left:
            told |= {"undone": list(saga.undone), "left": [[left.step, left.why, left.todo] for left in saga.left]}
        return told
    except own:
        raise
    except UnifiedError as error:
        cause = error
    except Exception as error:
        log.exception("saga %s ended with an error of its own", saga.id)
        cause = UnifiedError(f"{type(error).__name__}: {error}")
    failed = saga.roll_back(cause)
    return {
        "failed": failed.message,
        "cause": data_of(cause),
        "time_over": isinstance(cause, TimeOver),
        "undone": list(failed.undone),
        "left": [[left.step, left.why, left.todo] for left in failed.left],
    }
