"""Code that builds a request's body: constants first, shared objects and lists as locals, each optional part under its condition."""

from __future__ import annotations

from msgspec import Struct, field

from unified_gen.lower.python import Block, lit, snake, unique
from unified_openapi.schemas.paths import Each, Index, Match, Name, Segment

Segments = tuple[Segment, ...]
SPREAD = Name("**")
"""The last segment of an entry whose value is an object that others are beside in: its properties go into the object around."""


class BodyEntry(Struct, frozen=True):
    """One value of a body and its location. Without a condition, the body always holds it.

    If `unless` is true, the location is cleared: `cleared` is written at the segment `at`, or else at the outermost object that is this
    entry's own (rule 6).
    """

    segments: Segments
    code: str
    condition: str | None = None
    unless: str | None = None
    cleared: str = "None"
    at: int | None = None

    @property
    def always(self) -> bool:
        """True if the request holds it for any input."""
        return self.condition is None and self.unless is None


class BodyWriter(Struct):
    """Writer of the statements that build one dictionary (a body, or the query's parameters)."""

    block: Block
    variable: str
    taken: set[str]
    entries: list[BodyEntry] = field(default_factory=list)
    _variables: dict[Segments, str] = field(default_factory=dict)

    def add(self, entry: BodyEntry) -> None:
        self.entries.append(entry)

    def write(self) -> str:
        """Emit the statements; returns the variable that holds the dictionary, or the list. Inner parts come first, each complete."""
        if (entire := next((entry for entry in self.entries if isinstance(_first(entry), Each | None)), None)) is not None:
            self.block.add(f"{self.variable}: list[Any] = {_entire(entire)}")
            return self.variable
        self._variables = {(): self.variable}
        for prefix in self._shared():
            name = unique(snake(_words_of(prefix)), self.taken)
            self.taken.add(name)
            self._variables[prefix] = name
        for prefix in sorted(self._variables, key=len, reverse=True):
            self._container(prefix)
        return self.variable

    def _shared(self) -> list[Segments]:
        """Return the prefixes that several entries share."""
        counts: dict[Segments, int] = {}
        for entry in self.entries:
            for length in range(1, len(entry.segments)):
                prefix = entry.segments[:length]
                if isinstance(prefix[-1], Each) or isinstance(entry.segments[length], Each):
                    break
                counts[prefix] = counts.get(prefix, 0) + 1
        return sorted(
            (prefix for prefix, count in counts.items() if count > 1), key=lambda prefix: (len(prefix), list(counts).index(prefix))
        )

    def _container(self, prefix: Segments) -> None:
        """Write one dictionary or list: constant parts as a literal, then the parts that depend on the input."""
        own = [entry for entry in self.entries if self._home(entry) == prefix]
        inner = [other for other in self._variables if other and self._parent(other) == prefix]
        variable = self._variables[prefix]
        elements = any(not isinstance(segments[len(prefix)], Name) for segments in (*(entry.segments for entry in own), *inner))
        last = prefix[-1] if prefix else None
        fixed = [self._part(prefix, entry.segments, entry.code) for entry in own if entry.always]
        fixed += [self._part(prefix, other, self._variables[other]) for other in inner if self._certain(other)]
        if elements:
            self.block.add(f"{variable}: list[Any] = [{', '.join(code for _, code in fixed)}]")
        else:
            constant = [(last.name[0], lit(last.literal))] if isinstance(last, Match) else []
            pairs = ", ".join(f"**{code}" if key == SPREAD.name else f"{lit(key)}: {code}" for key, code in (*constant, *fixed))
            self.block.add(f"{variable}: dict[str, Any] = {{{pairs}}}")
        for entry in own:
            if not entry.always:
                self._put(prefix, entry.segments, self._with_clearing(entry, prefix), entry.condition)
        for other in inner:
            if not self._certain(other):
                self._put(prefix, other, self._part(prefix, other, self._variables[other])[1], self._filled(other))

    def _put(self, prefix: Segments, segments: Segments, code: str, condition: str | None) -> None:
        """Write the statement that puts a value into a container."""
        variable, head = self._variables[prefix], segments[len(prefix)]
        if head is SPREAD:
            statement = f"{variable}.update({code})"
            self.block.add(statement) if condition is None else self.block.add(f"if {condition}:", f"    {statement}")
            return
        statement = f"{variable}[{lit(head.name)}] = {code}" if isinstance(head, Name) else f"{variable}.append({code})"
        self.block.add(statement) if condition is None else self.block.add(f"if {condition}:", f"    {statement}")

    def _with_clearing(self, entry: BodyEntry, prefix: Segments) -> str:
        """Return an entry's value, or the value that clears it."""
        if entry.unless is None:
            return self._part(prefix, entry.segments, entry.code)[1]
        known = max((index + 1 for index, segment in enumerate(entry.segments) if isinstance(segment, Match)), default=0)
        at = entry.at if entry.at is not None else min(max(len(prefix), known), len(entry.segments) - 1)
        value = _plain(entry.segments[at + 1 :], entry.code)
        if not (entry.cleared == "None" and entry.unless == f"{value} is None"):
            value = f"{entry.cleared} if {entry.unless} else {value}"
        return self._part(prefix, entry.segments[: at + 1], value)[1]

    @staticmethod
    def _part(prefix: Segments, segments: Segments, code: str) -> tuple[str, str]:
        """Return the key that a value has in a container (none in a list), and the value inside the objects and lists between the two."""
        head = segments[len(prefix)]
        if isinstance(head, Name):
            return head.name, _plain(segments[len(prefix) + 1 :], code)
        if isinstance(head, Match) and segments == (*prefix, head):  # an element with a variable, which holds its identifying value
            return "", code
        return "", nest(segments[len(prefix) :], code)[1:-1]

    def _parent(self, prefix: Segments) -> Segments:
        """Return the nearest container around another."""
        return next(prefix[:length] for length in range(len(prefix) - 1, -1, -1) if prefix[:length] in self._variables)

    def _home(self, entry: BodyEntry) -> Segments:
        """Return the innermost container of an entry."""
        return next(
            entry.segments[:length] for length in range(len(entry.segments) - 1, -1, -1) if entry.segments[:length] in self._variables
        )

    def _certain(self, prefix: Segments) -> bool:
        """Return true if an inner part always holds something."""
        return any(entry.always and self._home(entry)[: len(prefix)] == prefix for entry in self.entries)

    def _filled(self, prefix: Segments) -> str:
        """Return the condition under which an inner part holds something; an element always holds the value that identifies it."""
        if not isinstance(prefix[-1], Match):
            return self._variables[prefix]
        guards = [entry.condition for entry in self.entries if entry.segments[: len(prefix)] == prefix and entry.condition is not None]
        return " or ".join(f"({condition})" if " " in condition and len(guards) > 1 else condition for condition in dict.fromkeys(guards))


def _first(entry: BodyEntry) -> Segment | None:
    return next(iter(entry.segments), None)


def _entire(entry: BodyEntry) -> str:
    """Return the value of an entry that is the complete body: a list, empty if nothing is given."""
    code = nest(entry.segments, entry.code)
    if entry.unless is not None:
        code = f"[] if {entry.unless} else {code}"
    return code if entry.condition is None else f"{code} if {entry.condition} else []"


def _words_of(prefix: Segments) -> str:
    """Return the base name of a container's variable."""
    last = prefix[-1]
    if isinstance(last, Name):
        return last.name
    if isinstance(last, Match):
        return str(last.literal)
    return f"first {next((segment.name for segment in reversed(prefix) if isinstance(segment, Name)), 'element')}"


def _plain(segments: Segments, code: str) -> str:
    return nest(segments, code) if segments else code


def nest(segments: Segments, code: str) -> str:
    """Return a value inside the objects and lists of its path."""
    if not segments:
        return code
    head, rest = segments[0], segments[1:]
    if head is SPREAD:
        return code
    match head:
        case Name(name=name):
            return f"{{{lit(name)}: {nest(rest, code)}}}"
        case Each():
            return f"[{nest(rest, 'each')} for each in {code}]" if rest else code
        case Index(index=0):
            return f"[{nest(rest, code)}]"
        case Match(name=(name,), literal=literal) if rest and isinstance(rest[0], Name):
            return f"[{{{lit(name)}: {lit(literal)}, {lit(rest[0].name)}: {nest(rest[1:], code)}}}]"
    raise AssertionError("the grammar lets only reversible paths be written")
