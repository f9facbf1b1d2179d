"""The batch operations of a vendor, each a constant of the vendor's module `batches`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct, field

from unified_gen.lower.python import constant, lit, tuple_of, unique
from unified_gen.resolve.resolved_batches import NamePath, ResolvedBatch, ResolvedItemRequest


class Batches(Struct):
    """Constants by name, and the names of the runtime that they use."""

    constants: dict[str, str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)

    def add(self, batch: ResolvedBatch, retry: str) -> str:
        """Return the constant of a batch, which may be repeated if its single requests may; equal batches share one."""
        source = self._batch(batch, retry)
        known = next((name for name, other in self.constants.items() if other == source), None)
        if known is None:
            known = unique(constant(batch.facts.name, retry), self.constants)
            self.constants[known] = source
        return known

    def _batch(self, batch: ResolvedBatch, retry: str) -> str:
        facts, way = batch.facts, batch.strategy
        on = f", {lit(batch.host)}" if batch.host is not None else ""
        endpoint = f"{self._use('Endpoint')}({lit(facts.name)}, {lit(facts.method)}, {lit(facts.path)}, {self._use('Retry')}.{retry}{on})"
        return self._call(
            "Batch",
            endpoint=endpoint,
            max_items=str(way.max_items),
            items=_path(batch.items),
            item_parameters=self._each("ItemParameter", ("path", "parameter"), batch.item),
            shared_parameters=self._each("SharedParameter", ("path", "parameter", "is_list"), batch.shared_params),
            constants=self._each("Constant", ("path", "value"), batch.constants),
            item_values=self._each("Constant", ("path", "value"), batch.fixed),
            item_defaults=self._each("Constant", ("path", "value"), batch.item_constants),
            item_request=self._wraps(batch.item_request) if batch.item_request is not None else None,
            only_matching=self._each("ParameterPattern", ("parameter", "pattern"), batch.only_matching),
            body=_path(batch.body),
            item_id=_path(batch.item_id),
            results=_path(batch.results),
            done_if=_path(batch.done_if),
            errors=_path(batch.errors),
            status=_path(batch.status),
            headers=_path(batch.headers),
            result=_path(batch.result or None),
            error=_path(batch.error or None),
            separate_codes=f"frozenset({lit(sorted(way.resend_codes))})" if way.resend_codes else None,
            match=self._each("SameValue", ("result", "item"), batch.match),
            failed_items=self._each("SameValue", ("result", "item"), batch.failed_items),
        )

    def _wraps(self, wraps: ResolvedItemRequest) -> str:
        return self._call(
            "ItemRequest",
            method=_path(wraps.method),
            address=_path(wraps.address),
            lower="True" if wraps.lower else None,
            separate_query="True" if wraps.separate_query else None,
            query=self._each("QueryParameter", ("parameter", "path", "is_list"), wraps.query),
            body=_path(wraps.body),
            headers=_path(wraps.headers),
            body_root=lit(wraps.body_root) if wraps.body_root is not None else None,
            constant_headers=lit(wraps.constant) if wraps.constant else None,
        )

    def _each(self, structure: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str | None:
        """Return a tuple of one named structure for each row."""
        calls = [self._call(structure, **{name: lit(value) for name, value in zip(names, row, strict=True)}) for row in rows]
        return tuple_of(calls) if calls else None

    def _call(self, name: str, **arguments: str | None) -> str:
        given = ", ".join(f"{argument}={code}" for argument, code in arguments.items() if code is not None)
        return f"{self._use(name)}({given})"

    def _use(self, name: str) -> str:
        self.imports.add(name)
        return name


def _path(path: NamePath | None) -> str | None:
    return lit(path) if path is not None else None
