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

    @property
    def always(self) -> bool:
        """Whether the request holds it whatever the input."""
        return self.guard is None and self.unless is None


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
        """Emit the statements; returns the variable that holds the dictionary. Inner objects come first, each complete."""
        variables: dict[tuple[str, ...], str] = {(): self.variable}
        for prefix in self._objects():
            name = unique(snake(prefix[-1]), self.taken)
            self.taken.add(name)
            variables[prefix] = name
        for prefix in sorted(variables, key=len, reverse=True):
            self._object(prefix, variables)
        return self.variable

    def _object(self, prefix: tuple[str, ...], variables: dict[tuple[str, ...], str]) -> None:
        """One dictionary: what is always there as a literal, then what depends on the input."""
        own = [entry for entry in self.entries if self._home(entry, variables) == prefix]
        inner = [other for other in variables if other and self._parent(other, variables) == prefix]
        pairs = [f"{lit(self._key(entry, prefix))}: {self._nest(entry, len(prefix) + 1)}" for entry in own if entry.always]
        pairs += [
            f"{lit(other[len(prefix)])}: {self._within(other, prefix, variables)}" for other in inner if self._certain(other, variables)
        ]
        self.block.add(f"{variables[prefix]}: dict[str, Any] = {{{', '.join(pairs)}}}")
        for entry in own:
            if not entry.always:
                self._guarded(entry, variables)
        for other in inner:
            if not self._certain(other, variables):
                statement = f"{variables[prefix]}[{lit(other[len(prefix)])}] = {self._within(other, prefix, variables)}"
                self.block.add(f"if {variables[other]}:", f"    {statement}")

    @staticmethod
    def _parent(prefix: tuple[str, ...], variables: dict[tuple[str, ...], str]) -> tuple[str, ...]:
        """The nearest dictionary around another."""
        return next(prefix[:length] for length in range(len(prefix) - 1, -1, -1) if prefix[:length] in variables)

    @staticmethod
    def _within(prefix: tuple[str, ...], parent: tuple[str, ...], variables: dict[tuple[str, ...], str]) -> str:
        return nest(tuple(Name(name) for name in prefix[len(parent) + 1 :]), variables[prefix])

    def _certain(self, prefix: tuple[str, ...], variables: dict[tuple[str, ...], str]) -> bool:
        """Whether an inner object always holds something."""
        return any(entry.always and self._home(entry, variables)[: len(prefix)] == prefix for entry in self.entries)

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
