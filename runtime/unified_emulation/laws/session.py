"""One vendor under test: a client of the runtime, the compiled operations, and calls of them with all that was observed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unified_emulation.engine.account import State as Records
from unified_emulation.engine.notes import Note, Refusal
from unified_emulation.engine.routes import Call
from unified_emulation.engine.server import Emulator
from unified_emulation.laws.adapters import Adapter
from unified_emulation.laws.transport import EmulatorTransport, connection_values, credential_of
from unified_gen.language.ast import Model, ModelField, ModelOperation
from unified_runtime.client._sync.client import Client
from unified_runtime.client.arguments import bind
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.operations import OperationBase
from unified_runtime.core.settings import Settings
from unified_runtime.rate_limits.rate_limiter import Unlimited

MADE_UP = "90017"
"""Beginning of ids that are made up."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of one call: a value or an error, the requests that it sent, and what the emulator refused or did not know."""

    value: Any
    error: Exception | None
    calls: tuple[Call, ...]
    notes: tuple[Note, ...]
    refusals: tuple[Refusal, ...]
    more: bool = False
    """True if the vendor reported, in the last page that was read, that there are more."""
    values: Mapping[str, Any] = field(default_factory=dict)
    cut: bool = False
    """True if a list was not read to its end."""
    conflicts: bool = False
    """True if stored values did not allow what a request does."""

    @property
    def made_up(self) -> bool:
        """Return true if an input is an id that was made up, because no operation of the vendor lists such records."""
        return any(str(value).startswith(MADE_UP) for value in self.values.values() if isinstance(value, str | list))

    @property
    def unknown(self) -> str | None:
        """Return what the emulator did not know, in words; None if it knew everything."""
        if not self.notes:
            return None
        note = self.notes[0]
        if note.kind == "operation":
            return f"{note.endpoint}: {note.reason}"
        return f"`{note.name}` of {note.endpoint}: {note.reason}"

    @property
    def refused(self) -> str | None:
        """Return the first refusal of a request, in words."""
        return f"{self.refusals[0].endpoint}: {'; '.join(self.refusals[0].reasons[:3])}" if self.refusals else None


class Session(ABC):
    """Calls of one vendor's operations through a client."""

    def __init__(self, adapter: Adapter, models: Mapping[str, Model], client: Client) -> None:
        self.adapter = adapter
        self.models = models
        self.client = client

    def operation(self, resource: str, like: str) -> tuple[OperationBase[Any, Any], ModelOperation] | None:
        """Return the operation of a resource that is named, or resembles, create, get, list, update or delete."""
        model = self.models[resource]
        offered = [one for one in model.operations if f"{resource}.{one.name.value}" in self.adapter.operations]
        chosen = next((one for one in offered if one.name.value == like), None)
        if chosen is None:
            chosen = next((one for one in offered if one.kind == like and one.response is None and _identified(one)), None)
        return None if chosen is None else (self.adapter.operations[f"{resource}.{chosen.name.value}"], chosen)

    def declared(self, resource: str, operation: str) -> Mapping[str, Any]:
        """Return the catalog's entry of an operation."""
        found: Mapping[str, Any] = self.adapter.catalog["resources"][resource]["operations"][operation]
        return found

    def fields(self, resource: str) -> Mapping[str, ModelField]:
        return {field.name.value: field for field in self.models[resource].fields}

    def reads(self, resource: str, field: str) -> bool:
        """Return true if the mapping reads a field."""
        declared = self.adapter.catalog["resources"][resource]["fields"].get(field)
        return declared is not None and bool(declared["read"])

    def run(self, operation: OperationBase[Any, Any], values: Mapping[str, Any]) -> Outcome:
        """Make one call; a list is read to its end."""
        self.begin()
        result: Any = None
        error: Exception | None = None
        cut = False
        try:
            invocation = bind(operation, values)
            if operation.pages:
                result = []
                for page in self.client.list(operation, invocation).pages():
                    result += page.items
                    if cut := self.cuts(len(result)):
                        break
            else:
                result = self.client.run(operation, invocation)
        except (UnifiedError, RuntimeError, LookupError, TypeError, ValueError, AttributeError) as raised:  # defects of generated code
            error = raised
        return self.observed(result, error, values, cut)

    @abstractmethod
    def begin(self) -> None:
        """Forget what was observed before."""

    @abstractmethod
    def observed(self, result: Any, error: Exception | None, values: Mapping[str, Any], cut: bool) -> Outcome:
        """Return the outcome of the call that has just ended."""

    def cuts(self, count: int) -> bool:
        """Return true if a list is not read on after so many records.

        Raises:
            RuntimeError: the list does not end.
        """
        if count > _LONGEST:
            raise RuntimeError(f"the list does not end: more than {_LONGEST} records")
        return False

    @abstractmethod
    def texts(self) -> Sequence[str]:
        """Return texts of the vendor's records, that a search may find."""

    @abstractmethod
    def identifies(self, text: str) -> bool:
        """Return true if a text may be the id of a record."""

    @abstractmethod
    def snapshot(self) -> Any:
        """Return what `restore` returns to."""

    @abstractmethod
    def restore(self, records: Any) -> None:
        """Return to the records of a snapshot, if the vendor allows it: an account of a real vendor keeps what was written."""


class EmulatorSession(Session):
    """Calls against an emulator in memory, whose records can be restored."""

    def __init__(self, adapter: Adapter, emulator: Emulator, models: Mapping[str, Model]) -> None:
        self.emulator = emulator
        transport = EmulatorTransport(emulator)
        settings = Settings(attempts=1, check_records=False, circuit_after=0)
        super().__init__(adapter, models, Client(transport, settings=settings, rate_limiter=Unlimited()))
        values = connection_values(adapter.vendor)
        found = credential_of(adapter.vendor, values)
        self.connected = found is not None
        if found is not None:
            connection = self.client.connect(adapter.vendor, found[1], scheme=found[0], **dict[str, Any](values))
            transport.servers = tuple(server.rstrip("/") for server in (connection.server, *connection.hosts.values()))

    def begin(self) -> None:
        self.emulator.clear()

    def observed(self, result: Any, error: Exception | None, values: Mapping[str, Any], cut: bool) -> Outcome:
        emulator = self.emulator
        calls, notes, refusals = tuple(emulator.calls), tuple(emulator.notes), tuple(emulator.refusals)
        return Outcome(result, error, calls, notes, refusals, emulator.more, dict(values), conflicts=emulator.conflicts)

    def texts(self) -> Sequence[str]:
        return self.emulator.account.texts()

    def identifies(self, text: str) -> bool:
        return self.emulator.account.identifies(text)

    def snapshot(self) -> Records:
        return self.emulator.account.snapshot()

    def restore(self, records: Records) -> None:
        self.emulator.account.restore(records)
        self.emulator.clear()


def _identified(operation: ModelOperation) -> bool:
    """Return true if an operation is used as its kind usually is: by the id of its record, or without one to create."""
    ids = [given.name.value for given in operation.ids if given.type.kind != "bytes"]
    if operation.kind == "create":
        return not ids and not any(given.type.kind == "bytes" for given in operation.inputs)
    return operation.kind == "list" or (bool(operation.takes) and ids in (["id"], []) and operation.name.value != "me")
