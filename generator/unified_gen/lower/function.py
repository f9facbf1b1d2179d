"""State of the function that is being written for an operation."""

from __future__ import annotations

from msgspec import Struct, field

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, snake, unique
from unified_gen.lower.records import RecordReader
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource


class Function(Struct):
    """Function that is being written: its operation, its lines so far, and its local names."""

    module: ModuleContext
    operation: ResolvedOperation
    reader: RecordReader | None
    endpoints: dict[str, str]
    """Vendor operation to the constant that holds its endpoint."""
    used: frozenset[str]
    """Inputs that some step uses."""
    block: Block = field(default_factory=Block)
    taken: set[str] = field(default_factory=set)
    found: str = "found"
    """The variable that holds the response of the last step that ran."""
    saved: dict[str, str] = field(default_factory=dict)
    """Variables of saved values, by name."""

    def __post_init__(self) -> None:
        self.taken |= self.module.reserved("ctx", "given", "raw", "record", "id", "each", "records", "index")

    @property
    def resource(self) -> ResolvedResource:
        return self.module.resource

    def local(self, name: str) -> str:
        """Return a variable of the function, its own and no name that the module needs."""
        local = unique(snake(name), self.taken)
        self.taken.add(local)
        return local
