"""Durable sagas on DBOS (https://docs.dbos.dev/python): what a step came to is in a database before the next begins.

DBOS recovers what was left by a process of the same executor id and application version. Both are settled here: a process takes the first
free name of the ledger as its executor id, so that two that live never share one, and the version is this module's own, so that a saga
survives a deployment. What was left under the name of a dead process is taken over by whichever process notices first.
"""

from __future__ import annotations

import functools
import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import msgspec

from unified_platform.extras import extra
from unified_platform.ledger import StoredLedger, default_url, open_ledger
from unified_platform.sagas.errors import Left, SagaFailed
from unified_platform.sagas.places import database_url
from unified_platform.sagas.saga import Saga
from unified_runtime import Client, acting
from unified_runtime.brokered import failures, protocol
from unified_runtime.context import current_acting
from unified_runtime.errors import Conflict, InvalidInput, UnifiedError
from unified_runtime.observing import Surrounding
from unified_runtime.observing import saga as observing_saga

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("unified.sagas")

VERSION = "1"
"""Of how a saga's steps are kept; another one could not go on with them."""
PREFIX = "unified.saga."
ALIVE = 15.0
"""Seconds after which a process that says nothing counts as dead."""


class Sagas:
    """The sagas of this process. There is one at a time, opened by `with` once all its sagas are defined.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default `UNIFIED_SAGAS`, else a file among the user's data.
        ledger: the URL of the ledger that makes each call happen once; all processes that run the same sagas share it.
        client: makes the calls; by default one with the process's connections.

    Raises:
        InvalidInput: dbos is not installed.
    """

    def __init__(self, url: str | Path | None = None, *, ledger: str | Path | None = None, client: Client | None = None) -> None:
        self._dbos: Any = extra("dbos", "sagas", "a saga")
        self._url = database_url(url)
        self._ledger_url = str(ledger) if ledger is not None else default_url()
        self._given = client
        self._functions: dict[str, Callable[..., Any]] = {}
        self._client: Client | None = None
        self._ledger: StoredLedger | None = None
        self._over = threading.Event()
        self._watch: threading.Thread | None = None

    def saga(self, name: str) -> Callable[[Callable[Concatenate[Saga, P], T]], Defined[P, T]]:
        """Make a saga of a function: its first argument is the `Saga` whose `run` makes the steps; the others, and what it returns, are
        values of JSON.

        The function may run again after a crash: between steps it must do the same each time, so that whatever changes by itself (time,
        random numbers) comes from `Saga.step`.
        """

        def define(function: Callable[Concatenate[Saga, P], T]) -> Defined[P, T]:
            if name in self._functions:
                raise InvalidInput(f"there is a saga {name!r} already")
            self._functions[name] = function
            workflow = self._dbos.DBOS.workflow(name=PREFIX + name, max_recovery_attempts=1000)(self._workflow(name, function))
            return Defined(self, name, function, workflow)

        return define

    def _workflow(self, name: str, function: Callable[..., Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def workflow(given: dict[str, Any], carried: dict[str, str] | None = None) -> dict[str, Any]:
            return self._run(name, function, given, carried or {})

        return workflow

    def _run(self, name: str, function: Callable[..., Any], given: dict[str, Any], carried: Mapping[str, str]) -> dict[str, Any]:
        assert self._client is not None
        saga = Saga(given["saga"], _Steps(self._dbos))
        whose = protocol.Whose(**given["acting"])
        with (
            self._client,
            _observed(self._client, name, saga.id, carried),
            acting(
                user=whose.user,
                via=whose.via,
                agent=whose.agent,
                on_behalf_of=whose.on_behalf_of,
                team=whose.team,
                connection=whose.connection,
            ),
        ):
            try:
                return {"value": function(saga, **given["inputs"])}
            except UnifiedError as error:
                cause = error
            except Exception as error:
                log.exception("saga %s ended with an error of its own", saga.id)
                cause = UnifiedError(f"{type(error).__name__}: {error}")
            failed = saga.roll_back(cause)
        return {
            "failed": failed.message,
            "cause": msgspec.to_builtins(failures.failure(failed.cause)),
            "undone": list(failed.undone),
            "left": [[left.step, left.why] for left in failed.left],
        }

    def _carried(self) -> dict[str, str]:
        """The trace that a saga is started in, for whichever process makes its steps."""
        observers = self._client.observers if self._client is not None else None
        found: dict[str, str] = {}
        for tracer in observers.tracers if observers is not None else ():
            if isinstance(tracer, Surrounding):
                found |= tracer.carried()
        return found

    # ------------------------------------------------------------------------------------------------ life
    def open(self) -> Sagas:
        """Begin: what earlier processes left is taken up again."""
        ledger = open_ledger(self._ledger_url)
        self._ledger = ledger
        owned = ledger.own(alive=ALIVE)
        given = self._given
        self._client = Client(
            settings=given.settings if given is not None else None,
            connections=given.connections if given is not None else Client().connections,
            ledger=ledger,
            observer=given.own_observers if given is not None else None,
        )
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

        def watch() -> None:
            while not self._over.wait(ALIVE / 5):
                if not owned.keep():
                    log.error("this process was taken for dead, and its sagas go on elsewhere")
                    return
                self._take_over(owned.dead())
            owned.release()

        self._over.clear()
        self._take_over(owned.dead())
        self._watch = threading.Thread(target=watch, name="unified-sagas", daemon=True)
        self._watch.start()
        return self

    def _take_over(self, dead: list[str]) -> None:
        if not dead:
            return
        for left in self._dbos.DBOS.list_workflows(status="PENDING", executor_id=dead, load_input=False, load_output=False):
            if left.name.startswith(PREFIX):
                log.warning("saga %s was left by a process that died; it is taken up again", left.workflow_id)
                self._dbos.DBOS.resume_workflow(left.workflow_id)

    def close(self) -> None:
        """End. What runs stops after its step, and goes on when sagas are opened again."""
        self._over.set()
        self._dbos.DBOS.destroy(workflow_completion_timeout_sec=0)
        if self._watch is not None:
            self._watch.join()
        if self._ledger is not None:
            self._ledger.close()

    def __enter__(self) -> Sagas:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()


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

    def __init__(self, sagas: Sagas, name: str, function: Callable[Concatenate[Saga, P], T], workflow: Any) -> None:
        self._sagas = sagas
        self.name = name
        self._workflow = workflow
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
        here = current_acting()
        whose = protocol.Whose(here.user, here.owner.team, here.via, here.agent, here.connection, here.on_behalf_of)
        given = {"saga": id, "acting": msgspec.to_builtins(whose), "inputs": named}
        try:
            same = msgspec.json.decode(msgspec.json.encode(given))
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"the inputs of a saga are values of JSON: {error}") from None
        module = self._sagas._dbos
        with module.SetWorkflowID(id):
            handle = module.DBOS.start_workflow(self._workflow, same, self._sagas._carried())
        known = handle.get_status().input
        if known is not None and list(known["args"])[:1] != [same]:
            raise Conflict(f"saga {id!r} was started with other inputs")
        return Run(id, handle)


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
        raise SagaFailed(
            told["failed"],
            saga=self.id,
            cause=failures.error(msgspec.convert(told["cause"], protocol.Failure)),
            undone=tuple(told["undone"]),
            left=tuple(Left(step, why) for step, why in told["left"]),
        )


class _Steps:
    """The engine of a running saga: DBOS's own steps and pauses."""

    def __init__(self, module: Any) -> None:
        self._dbos = module.DBOS

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        return self._dbos.run_step({"name": name}, function)

    def sleep(self, seconds: float) -> None:
        self._dbos.sleep(seconds)
