"""Calls of a suite: one vendor's operations against a target, with what they created, so that it can be deleted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unified_emulation.laws.session import Outcome, Session
from unified_emulation.suite.exchanges import Exchange
from unified_emulation.suite.targets import Target
from unified_gen.language.ast import Model, ModelOperation
from unified_runtime.client.arguments import bind
from unified_runtime.core.errors import NotFound, UnifiedError
from unified_runtime.core.operations import OperationBase

_MOST = 60
"""Records of a list that are read: an account may have any number."""
_ENDS = ("delete", "archive", "leave")
"""Operations that end a record, the most thorough first."""


class SuiteSession(Session):
    """Calls against a target. Records remain as they were written: `restore` does nothing."""

    def __init__(self, target: Target, models: Mapping[str, Model]) -> None:
        super().__init__(target.adapter, models, target.client)
        self.target = target
        self.created: dict[tuple[str, str], None] = {}
        """Resources and ids of created records, in order."""
        self._start = 0
        self._marked = len(target.recorder.exchanges)

    def run(self, operation: OperationBase[Any, Any], values: Mapping[str, Any]) -> Outcome:
        outcome = super().run(operation, values)
        declared = self._model(operation)
        if outcome.error is not None or declared is None:
            return outcome
        made = getattr(outcome.value, "id", None)
        if declared.kind == "create" and isinstance(made, str) and operation.resource in self.models:
            self.created[operation.resource, made] = None
        elif declared.kind == "delete":
            self.created.pop((operation.resource, str(values.get("id"))), None)
        return outcome

    def _model(self, operation: OperationBase[Any, Any]) -> ModelOperation | None:
        model = self.models.get(operation.resource)
        return None if model is None else next((one for one in model.operations if one.name.value == operation.operation), None)

    def content(self, operation: OperationBase[Any, Any], values: Mapping[str, Any]) -> bytes | UnifiedError:
        """Return the content that an operation downloads, or its error."""
        try:
            return self.client.download(operation, bind(operation, values)).read()
        except UnifiedError as error:
            return error

    def begin(self) -> None:
        self._start = len(self.target.recorder.exchanges)

    def observed(self, result: Any, error: Exception | None, values: Mapping[str, Any], cut: bool) -> Outcome:
        calls = tuple(each.call for each in self.target.recorder.exchanges[self._start :] if each.call is not None)
        return Outcome(result, error, calls, (), (), False, dict(values), cut)

    def cuts(self, count: int) -> bool:
        return count >= _MOST

    def exchanges(self) -> list[Exchange]:
        """Return what was exchanged since this was called last."""
        found = self.target.recorder.exchanges[self._marked :]
        self._marked = len(self.target.recorder.exchanges)
        return found

    def texts(self) -> Sequence[str]:
        return ()

    def identifies(self, text: str) -> bool:
        return True

    def snapshot(self) -> None:
        """Return nothing: records remain as they were written."""

    def restore(self, records: None) -> None:
        """Do nothing."""

    def clean(self) -> list[tuple[str, str, str]]:
        """Delete what was created, the last first; return the resources and ids of what remains, with the reasons."""
        remains = []
        for resource, id in reversed(list(self.created)):
            operation = next((one for name in _ENDS if (one := self.adapter.operations.get(f"{resource}.{name}")) is not None), None)
            if operation is None:
                remains.append((resource, id, f"{self.target.adapter.vendor.title} has no operation that deletes it"))
                continue
            error = self.run(operation, {"id": id}).error
            if error is not None and not isinstance(error, NotFound):
                remains.append((resource, id, str(error).partition("\n")[0]))
        self.created.clear()
        return remains
