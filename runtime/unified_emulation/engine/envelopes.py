"""Bodies of responses around records and lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_emulation.engine.account import Account
from unified_emulation.engine.responses import Response
from unified_emulation.engine.roles import Role
from unified_emulation.engine.selection import chosen
from unified_emulation.engine.tables import Record, shown
from unified_openapi.schemas.shapes import Schemas, Shape


class Envelopes:
    """Bodies as operations declare them."""

    def __init__(self, schemas: Schemas, account: Account) -> None:
        self.schemas = schemas
        self.account = account

    def response(self, role: Role, record: Record, query: Mapping[str, Any] | None = None) -> Response:
        """Return the response to a request about one record, with the properties that its query selects."""
        if role.response is None:
            return Response(role.status)
        if role.record is None:
            return Response(role.status, self.around(role, None, record))
        shape = self.schemas.shape(role.record)
        return Response(role.status, self.around(role, chosen(shown(record.values, shape), query or {}), record))

    def around(self, role: Role, core: Any, record: Record | None = None) -> Any:
        """Return the response's body around a record or list."""
        assert role.response is not None
        shape = self.schemas.shape(role.response)
        if not role.at and core is not None:
            succeeded = {name: True for name in shape.properties if name in ("ok", "success")}
            return {**core, **succeeded} if isinstance(core, dict) else core
        body = self._skeleton(shape, record)
        if core is not None:
            inner = body
            for name in role.at[:-1]:
                inner = inner.setdefault(name, {})
            inner[role.at[-1]] = core
        return body

    def _skeleton(self, shape: Shape, record: Record | None) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for name, pointer in shape.properties.items():
            inner = self.schemas.shape(pointer)
            if name.lower() in ("ok", "success") and "boolean" in inner.kinds:
                body[name] = True
            elif record is not None and name in record.values and not {"object", "array"} & inner.kinds:
                body[name] = record.values[name]
            elif name in shape.required:
                body[name] = [] if "array" in inner.types else self.account.samples.value(pointer, 1, name, 1, required_only=True)
        return body
