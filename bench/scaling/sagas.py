"""Sagas in the tables of DBOS: copies of one that was executed."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bench.scaling import postgres
from bench.scaling.figures import Figure, spread, timed
from unified_platform.sagas import Sagas
from unified_platform.sagas.inspection import open_inspector
from unified_platform.sagas.saga import Saga

_TEMPLATE = "saga-0"
_STEPS = 3
_BATCH = 1000
"""Sagas that one statement deletes."""
_PARTS = ("workflow_input", "workflow_output", "operation_outputs")
"""Tables of DBOS beside `workflow_status`, with rows of each saga."""


class SagaRows:
    """Finished sagas of three recorded values each. One more is left by a process that died, for each measurement."""

    tables = ("dbos.workflow_status", *(f"dbos.{name}" for name in _PARTS))

    def __init__(self, url: str) -> None:
        self._url = url
        self.sagas = Sagas(url, idempotency=url)

        def body(saga: Saga, number: int) -> list[int]:
            return [saga.step(f"value {index}", lambda index=index: number + index) for index in range(_STEPS)]

        self._deleted = range(0)
        self._function = self.sagas.saga("values")(body)

    def load(self, first: int, last: int) -> None:
        if first == 1:
            with self.sagas:
                assert self._function.start(_TEMPLATE, number=1).result() == [1, 2, 3]
        for table in ("workflow_status", *_PARTS):
            self._copy(table, "'saga-' || n", f"generate_series({first}, {last}) AS n")
        postgres.analyze(self._url, self.tables)

    def _copy(self, table: str, id: str, numbers: str, changed: str = "", where: str = "") -> None:
        """Copy the template's rows of a table under other ids; the id is among the inputs too."""
        import psycopg

        with psycopg.connect(self._url) as connection:
            found = connection.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_schema = 'dbos' AND table_name = %s AND is_generated = 'NEVER'",
                (table,),
            ).fetchall()
            values = {name: name for (name,) in found} | {"workflow_uuid": id}
            if "inputs" in values:
                values["inputs"] = f"replace(inputs, '\"{_TEMPLATE}\"', '\"' || {id} || '\"')"
            if "created_at" in values:
                values["created_at"] = "created_at - n"
            if changed:
                values |= dict(part.split("=", 1) for part in changed.split(";"))
            connection.execute(
                f"INSERT INTO dbos.{table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
                f"FROM {numbers}, dbos.{table} AS t WHERE t.workflow_uuid = '{_TEMPLATE}'{where}"
            )

    def check(self, number: int) -> None:
        with open_inspector(self._url) as inspector:
            assert inspector.get(f"saga-{number}").state == "done"
            assert len(inspector.steps(f"saga-{number}")) == _STEPS

    def _left(self, rows: int) -> str:
        """Add a saga whose process died after its first step, and return its id."""
        id = f"left-{rows}-{time.time()}"
        numbers = "generate_series(1, 1) AS n"
        died = "status='PENDING';executor_id='process-9';completed_at=NULL;owner_xid=NULL"
        for table in ("workflow_status", "workflow_input"):
            self._copy(table, f"'{id}'", numbers, died if table == "workflow_status" else "")
        self._copy("operation_outputs", f"'{id}'", numbers, where=" AND function_id = 1")
        postgres.run(
            self._url,
            "INSERT INTO idempotency_processes (name, token, alive_until) VALUES ('process-9', 'x', 0) "
            "ON CONFLICT (name) DO UPDATE SET alive_until = 0",
        )
        return id

    def figures(self, rows: int) -> Iterable[Figure]:
        numbers = [number for number in spread(rows, 51) if number not in self._deleted]
        with open_inspector(self._url) as inspector:
            yield timed("state of a saga", lambda number: inspector.get(f"saga-{number}"), numbers)
            yield timed("newest 100 sagas", lambda _: inspector.list(), range(11))
            yield timed("oldest running saga", lambda _: inspector.oldest_running(), range(11))
        left = self._left(rows)
        with self.sagas:
            yield timed("take over a saga of a dead process, and finish it", lambda _: self._finished(left), [0])
            begin = f"new-{rows}-{time.time()}"
            yield timed("start a saga and finish it", lambda number: self._run(f"{begin}-{number}"), range(51))

        self._deleted = range(rows - 6 * _BATCH, rows + 1)  # the oldest, and those of another measurement
        yield timed(f"delete {_BATCH:,} old sagas by SQL", lambda _: self._delete(), range(6))

    def _delete(self) -> None:
        """Delete the oldest finished sagas: DBOS has no retention of its own here."""
        deleted = "".join(
            f", {name} AS (DELETE FROM dbos.{name} AS part USING old WHERE part.workflow_uuid = old.workflow_uuid)" for name in _PARTS
        )
        oldest = f"SELECT workflow_uuid FROM dbos.workflow_status WHERE status = 'SUCCESS' ORDER BY created_at LIMIT {_BATCH}"
        postgres.run(
            self._url,
            f"WITH old AS (DELETE FROM dbos.workflow_status WHERE workflow_uuid IN ({oldest}) RETURNING workflow_uuid){deleted} SELECT 1",
        )

    def _finished(self, id: str) -> None:
        with open_inspector(self._url) as inspector:
            until = time.monotonic() + 120
            while inspector.get(id).state != "done":
                assert time.monotonic() < until, inspector.get(id)
                time.sleep(0.05)

    def _run(self, id: str) -> None:
        assert self._function.start(id, number=1).result() == [1, 2, 3]

    def close(self) -> None:
        """Do nothing: each measurement opens and closes its connections."""
