"""Code that makes a unified record of the values read. Only values whose type is not proven are validated."""

from __future__ import annotations

from msgspec import Struct, field

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.fields import read_field
from unified_gen.lower.python import lit, snake
from unified_gen.lower.reading import Expression, Reader, takes_record
from unified_gen.resolve.record_fields import ResolvedField
from unified_openapi.schemas.paths import Name


def read_later(field: ResolvedField) -> bool:
    """Return true if a field is read when it is first looked at: rich text of one location, by a codec that never fails."""
    return (
        field.codec is not None
        and field.codec.never_fails
        and field.read is not None
        and not field.read.request
        and not field.codec_reads
        and not field.fallbacks
        and not field.model.type.many
    )


class RecordFactory(Struct):
    """The values of a record as they are read, and the statements that make it of them."""

    module: ModuleContext
    reader: Reader
    _values: dict[str, str] = field(default_factory=dict)
    _unproven: list[str] = field(default_factory=list)
    _later: dict[str, tuple[str, Expression]] = field(default_factory=dict)
    """Code that decodes a field, and the value that it decodes."""

    def read(self, field: ResolvedField) -> None:
        """Read a field, and its label."""
        if read_later(field):
            self._later[field.name] = self._read_later(field)
        else:
            self._keep(field.name, read_field(self.reader, field))
        if field.label is not None:
            self._keep(f"{field.name}_label", self.reader.label(field.label))

    def _keep(self, name: str, value: Expression | None) -> None:
        if value is None:
            return
        if name == "id" and value.optional:
            responses = self.module.use("responses")
            value = Expression(f"{responses}.required({value.code}, {name!r}, {self.module.title!r})", optional=False)
        self._values[name] = value.code
        if not self.reader.proven:
            self._unproven.append(name)
            self.reader.proven = True

    def _read_later(self, field: ResolvedField) -> tuple[str, Expression]:
        assert field.codec is not None
        assert field.read is not None
        decode = f"{self.module.codec(field.codec.module)}.decode"
        if takes_record(field):
            return f"{self.module.use('LazyField')}({decode})", Expression("raw", optional=False)
        segments = field.read.path.segments
        location = ".".join(segment.name for segment in segments if isinstance(segment, Name))
        return f"{self.module.use('LazyField')}({decode}, {lit(location)})", self.reader.at(segments)

    def lines(self) -> list[str]:
        """Return the statements, the last of which returns the record."""
        record = self.module.resource.model.record.value
        blank: dict[str, str] = {}
        for own in self.module.resource.model.fields:
            blank[own.name.value] = "[]" if own.type.many else "None"
            if own.label:
                blank[f"{own.name}_label"] = "None"
        values = {name: self._values.get(name, empty) for name, empty in blank.items() if name not in self._later}
        arguments = ["values", "raw", *(value.code for _, value in self._later.values())]
        return [
            f"values: {self.module.model(record + 'Values')} = {{",
            *(f"    {lit(name)}: {code}," for name, code in values.items()),
            "}",
            f"return {self._maker(record, tuple(blank))}({', '.join(arguments)})",
        ]

    def _maker(self, record: str, fields: tuple[str, ...]) -> str:
        """Return the constant that makes the records of this module."""
        absent = tuple(name for name in fields if name not in self._values and name not in self._later)
        later = ", ".join(f"{lit(name)}: {how}" for name, (how, _) in self._later.items())
        arguments = [
            self.module.model(record),
            lit(self.module.resource.unit.name),
            *([f"absent={lit(absent)}"] if absent else []),
            *([f"unproven={lit(tuple(self._unproven))}"] if self._unproven else []),
            *([f"lazy={{{later}}}"] if later else []),
        ]
        return self.module.constant(f"make_{snake(record)}", f"{self.module.use('record_factory')}({', '.join(arguments)})")
