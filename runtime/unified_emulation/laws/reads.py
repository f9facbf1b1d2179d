"""Laws of operations that read one record which no id of the call identifies, such as the authenticated user's."""

from __future__ import annotations

from collections.abc import Iterator

from unified_emulation.laws.inputs import Inputs
from unified_emulation.laws.problems import problem_of
from unified_emulation.laws.session import Outcome, Session
from unified_emulation.laws.transport import connection_values
from unified_emulation.laws.verdicts import Law, State, Verdict


class Reads:
    """The laws of one resource's reads without an id."""

    def __init__(self, session: Session, inputs: Inputs, resource: str) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource

    def verdicts(self) -> Iterator[Verdict]:
        """Yield a verdict on each read: it returns a record, which `get` returns by its id."""
        usual = self._session.operation(self._resource, "get")
        for declared in self._session.models[self._resource].operations:
            name = declared.name.value
            operation = self._session.adapter.operations.get(f"{self._resource}.{name}")
            if operation is None or operation.pages or declared.kind != "get" or (usual is not None and declared is usual[1]):
                continue
            if declared.response is not None or any(given.name.value == "id" for given in declared.ids):
                continue
            values = self._inputs.required(self._resource, declared, 0)
            if values is None:
                continue
            outcome = self._session.run(operation, values)
            problem = problem_of(outcome)
            found = getattr(outcome.value, "id", None)
            if problem is not None and outcome.refused is None and not self._fixed(outcome):
                yield Verdict(
                    Law.IDS, self._resource, name, "", State.UNDECIDED, f"who is authenticated is not in the document: {problem[1]}"
                )
            elif problem is not None:
                law = Law.REQUESTS if problem[0] is State.BROKEN else Law.IDS
                yield Verdict(law, self._resource, name, "", *problem)
            elif usual is not None and isinstance(found, str):
                again = self._session.run(usual[0], {"id": found})
                problem = problem_of(again)
                if problem is not None:
                    yield Verdict(Law.IDS, self._resource, name, "id", *problem)
                else:
                    yield Verdict(Law.IDS, self._resource, name, "id", State.HELD)

    def _fixed(self, outcome: Outcome) -> bool:
        """Return true if the only request has an id that the mapping states: neither a record's nor a value of the connection."""
        sent = [str(value) for call in outcome.calls for value in call.path.values()]
        known = connection_values(self._session.adapter.vendor).values()
        return len(outcome.calls) == 1 and bool(sent) and not any(value in known or self._session.identifies(value) for value in sent)
