"""The codecs a mapping may name, as the compiler needs to know them.

The compiler imports no runtime, so the facts stand here; a contract test compares them with the runtime's modules.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodecFacts:
    """One codec.

    `reads` and `writes` are JSON types of the vendor's place, with a format where it matters (`string:date-time`). `directions` holds
    decode (vendor to unified) and encode. `losses` says in words what does not survive; a codec without losses is lossless.
    """

    name: str
    module: str
    kinds: frozenset[str]
    """Unified kinds it serves."""
    reads: frozenset[str]
    writes: frozenset[str]
    directions: frozenset[str]
    losses: tuple[str, ...] = ()
    argument: bool = False
    """Whether `as: {name: argument}` is its form."""

    @property
    def lossless(self) -> bool:
        return not self.losses


def _codec(
    name: str,
    kinds: str,
    types: str,
    directions: str = "decode encode",
    *,
    writes: str | None = None,
    losses: tuple[str, ...] = (),
    module: str | None = None,
    argument: bool = False,
) -> tuple[str, CodecFacts]:
    facts = CodecFacts(
        name=name,
        module=module or f"unified_runtime.codecs.{name}",
        kinds=frozenset(kinds.split()),
        reads=frozenset(types.split()),
        writes=frozenset((writes or types).split()),
        directions=frozenset(directions.split()),
        losses=losses,
        argument=argument,
    )
    return name, facts


CODECS: dict[str, CodecFacts] = dict(
    (
        _codec("adf", "markdown", "object"),
        _codec("asana_html", "markdown", "string"),
        _codec("html", "markdown", "string"),
        _codec("date_in_datetime", "date", "string:date-time"),
        _codec("dates", "date", "string:date string:date-time", writes="string:date"),
        _codec("datetimes", "datetime", "string:date-time"),
        _codec("decimals", "decimal", "number integer string", writes="number"),
        _codec("decimals_text", "decimal", "string"),
        _codec("epoch_ms", "datetime", "integer number string", writes="integer number"),
        _codec("epoch_ms_text", "datetime", "string integer", writes="string"),
        _codec("epoch_seconds", "datetime", "integer number string", writes="integer number"),
        _codec("link", "url", "string integer", "decode", module="", argument=True),
        _codec("objectid_time", "datetime", "string", "decode"),
    )
)
"""By name."""
