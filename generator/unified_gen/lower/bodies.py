"""Code that builds a request's body: constants first, shared objects as locals, each optional part under its guard."""

from __future__ import annotations

from dataclasses import dataclass, field

from unified_gen.lower.python import Block, lit, snake, unique
from unified_gen.schema.paths import Each, Index, Name, Segment


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a body and where it goes. Without a guard it is always there.

    Where `unless` holds, the place is cleared: `cleared` stands at the outermost object that is this entry's own (rule 6).
    """

    segments: tuple[Segment, ...]
    code: str
    guard: str | None = None
    unless: str | None = None
    cleared: str = "None"


@dataclass(slots=True)
class BodyWriter:
    """Writes the statements that build one dictionary (a body, or the query's parameters)."""

    block: Block
    variable: str
    taken: set[str]
    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)

    def write(self) -> str:
        """Emit the statements; returns the variable that holds the dictionary."""
        objects = self._objects()
        variables: dict[tuple[str, ...], str] = {(): self.variable}
        for prefix in objects:
            name = unique(snake(prefix[-1]), self.taken)
            self.taken.add(name)
            variables[prefix] = name
        always = [entry for entry in self.entries if entry.guard is None and entry.unless is None]
        for prefix, name in variables.items():
            items = [entry for entry in always if self._home(entry, variables) == prefix]
            pairs = ", ".join(f"{lit(self._key(entry, prefix))}: {self._nest(entry, len(prefix) + 1)}" for entry in items)
            self.block.add(f"{name}: dict[str, Any] = {{{pairs}}}")
        for entry in self.entries:
            if entry not in always:
                self._guarded(entry, variables)
        for prefix in sorted(objects, key=len, reverse=True):
            self._attach(prefix, variables, always)
        return self.variable

    def _objects(self) -> list[tuple[str, ...]]:
        """Prefixes that several entries share, and so get a variable of their own."""
        counts: dict[tuple[str, ...], int] = {}
        for entry in self.entries:
            for length in range(1, len(entry.segments)):
                prefix = entry.segments[:length]
                if not all(isinstance(segment, Name) for segment in prefix):
                    break
                names = tuple(segment.name for segment in prefix if isinstance(segment, Name))
                counts[names] = counts.get(names, 0) + 1
        return sorted((names for names, count in counts.items() if count > 1), key=lambda names: (len(names), list(counts).index(names)))

    @staticmethod
    def _home(entry: Entry, variables: dict[tuple[str, ...], str]) -> tuple[str, ...]:
        """The longest prefix of an entry that has a variable."""
        names = tuple(segment.name for segment in entry.segments if isinstance(segment, Name))
        for length in range(len(entry.segments) - 1, -1, -1):
            if names[:length] in variables and all(isinstance(segment, Name) for segment in entry.segments[:length]):
                return names[:length]
        return ()

    @staticmethod
    def _key(entry: Entry, prefix: tuple[str, ...]) -> str:
        segment = entry.segments[len(prefix)]
        assert isinstance(segment, Name)
        return segment.name

    def _nest(self, entry: Entry, start: int) -> str:
        return nest(entry.segments[start:], entry.code)

    def _guarded(self, entry: Entry, variables: dict[tuple[str, ...], str]) -> None:
        home = self._home(entry, variables)
        target = f"{variables[home]}[{lit(self._key(entry, home))}]"
        code = self._nest(entry, len(home) + 1)
        if entry.unless is not None and not (entry.cleared == "None" and entry.unless == f"{code} is None"):
            code = f"{entry.cleared} if {entry.unless} else {code}"
        if entry.guard is None:
            self.block.add(f"{target} = {code}")
        else:
            self.block.add(f"if {entry.guard}:", f"    {target} = {code}")

    def _attach(self, prefix: tuple[str, ...], variables: dict[tuple[str, ...], str], always: list[Entry]) -> None:
        parent = next(prefix[:length] for length in range(len(prefix) - 1, -1, -1) if prefix[:length] in variables)
        between = tuple(Name(name) for name in prefix[len(parent) + 1 :])
        value = nest(between, variables[prefix])
        statement = f"{variables[parent]}[{lit(prefix[len(parent)])}] = {value}"
        if any(self._home(entry, variables)[: len(prefix)] == prefix for entry in always):
            self.block.add(statement)
        else:
            self.block.add(f"if {variables[prefix]}:", f"    {statement}")


def nest(segments: tuple[Segment, ...], code: str) -> str:
    """A value inside the objects and lists that lead to it."""
    if not segments:
        return code
    head, rest = segments[0], segments[1:]
    match head:
        case Name(name=name):
            return f"{{{lit(name)}: {nest(rest, code)}}}"
        case Each():
            return f"[{nest(rest, 'each')} for each in {code}]" if rest else code
        case Index(index=0):
            return f"[{nest(rest, code)}]"
    raise AssertionError("the resolver lets only reversible paths be written")
