"""Takeover of sagas that dead processes left, by a live process that shares their idempotency store.

DBOS recovers what was left by a process of the same executor id and application version. Here a live process also resumes sagas of dead
executor ids, and after a while those of versions of which no process is left.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from unified_platform.idempotency.store import ProcessLease
from unified_platform.sagas.reports import ADOPTED, PREFIX, VERSION
from unified_platform.store.errors import StoreUnavailable

log = logging.getLogger("unified.sagas")

ALIVE = 15.0
"""Seconds after the last lease renewal from which a process counts as dead."""
ORPHANED = 60.0
"""Seconds for which a saga of another version, or one that this process does not define, is left to a process of its own code."""

_PAST_THE_END = 10**9
"""Number that no step of a saga reaches: nothing is dropped when it is resumed."""


class DefinedSagas(Protocol):
    """The sagas that a process defines and runs.

    Attributes:
        version: DBOS's application version of the process.
        adopts: true if it resumes runs of other versions when no process of their version does.
    """

    version: str
    adopts: bool

    def defines(self, name: str) -> bool: ...

    def runs(self, id: str) -> bool: ...

    def has_functions(self) -> bool:
        """Return whether some of the sagas are functions."""
        ...

    def define_rollback(self, name: str) -> None:
        """Define a saga whose code does not exist any more: it is rolled back from its journal."""
        ...


class Takeover:
    """Threads that renew the lease of this process, and resume what dead processes left.

    Args:
        dbos: the module.
        sagas: the sagas of this process.
        lease: of this process.
        closing: is set when the sagas of this process are closed.
    """

    def __init__(self, dbos: Any, sagas: DefinedSagas, lease: ProcessLease, closing: threading.Event) -> None:
        self._dbos = dbos
        self._sagas = sagas
        self._lease = lease
        self._closing = closing
        self._seen: dict[str, float] = {}
        tasks = {"alive": self._renew_lease, "taking-over": self._watch}
        self._threads = [threading.Thread(target=task, name=f"unified-sagas-{name}", daemon=True) for name, task in tasks.items()]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _renew_lease(self) -> None:
        """Renew the lease of this process; a database that is down for a time changes nothing."""
        while not self._closing.wait(ALIVE / 5):
            try:
                if not self._lease.renew():
                    log.error("this process was considered dead, and its sagas continue in another process")
                    return
            except StoreUnavailable as error:
                log.warning("the idempotency store cannot be reached: %s", error)
        try:
            self._lease.release()
        except StoreUnavailable as error:
            log.warning("the idempotency store cannot be reached: %s", error)

    def _watch(self) -> None:
        """Take over what dead processes left. Separate from the renewal, since DBOS waits for its database without a limit."""
        while True:
            try:
                self._take_over(self._lease.dead())
            except StoreUnavailable as error:
                log.warning("the idempotency store cannot be reached: %s", error)
            except self._dbos.error.DBOSException as error:  # another process was faster; what is left is examined again
                log.warning("a saga could not be taken over: %s", error)
            if self._closing.wait(ALIVE / 5):
                return

    def _take_over(self, dead: Sequence[str]) -> None:
        sagas = self._sagas
        listed = partial(self._dbos.DBOS.list_workflows, load_input=False, load_output=False)
        found = listed(status="PENDING", executor_id=[*dead, self._lease.name]) + listed(status="ENQUEUED")
        if sagas.adopts:
            # By a process that died between the two steps of that.
            found += [left for left in listed(status="CANCELLED") if (left.attributes or {}).get(ADOPTED)]
        waiting = {left.workflow_id for left in found}
        self._seen = {id: since for id, since in self._seen.items() if id in waiting}
        for left in found:
            id, name = left.workflow_id, left.name.removeprefix(PREFIX)
            if name == left.name or sagas.runs(id):
                continue
            defined = sagas.defines(name)
            if defined and left.app_version == sagas.version and left.status != "CANCELLED":
                if left.executor_id in dead and left.status == "PENDING":
                    log.warning("saga %s was left by a process that died; it is taken up again", id)
                    self._dbos.DBOS.resume_workflow(id)
                continue
            orphaned = time.monotonic() - self._seen.setdefault(id, time.monotonic()) >= ORPHANED
            if orphaned and (defined or sagas.has_functions()) and sagas.adopts:
                self._adopt(id, name, left.app_version)

    def _adopt(self, id: str, name: str, version: str) -> None:
        """Resume a saga for which no process of its own code is there. Its journal contains what it did, even if the code here differs."""
        if version.partition("/")[0] != VERSION:
            log.error("saga %s was started by another release of this library (journal %s): finish it with that release", id, version)
            self._seen[id] = math.inf
            return
        if not self._sagas.defines(name):
            log.error("saga %s: no process defines %r any more; it is rolled back from its journal", id, name)
            self._sagas.define_rollback(name)
        else:
            log.warning("saga %s was started by version %r, of which no process is there; it is taken up again", id, version)
        del self._seen[id]
        self._dbos.DBOS.update_workflow_attributes(id, {ADOPTED: True}, merge=True)
        self._dbos.DBOS.cancel_workflow(id)
        self._dbos.DBOS.rewind_workflow(id, start_step=_PAST_THE_END, application_version=self._sagas.version)
        self._dbos.DBOS.update_workflow_attributes(id, {ADOPTED: False}, merge=True)
