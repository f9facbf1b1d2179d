"""Check of a call's result: the returned record must be the requested one, with the texts that were written."""

from __future__ import annotations

from typing import Any

from unified_runtime.core.errors import Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.core.operations import TEXTS
from unified_runtime.execution.stages import CallState


def wrong_record(value: Any, call: CallState) -> UnifiedError | None:
    """Return an error if a record is not the requested one, or if its texts differ from those that were written."""
    title = call.connection.vendor.title
    id = getattr(value, "id", None)
    wanted = call.requested_id if call.requested_id is not None else call.made
    if id != wanted and isinstance(id, str) and isinstance(wanted, str) and not call.redirected:
        from unified_runtime.adapter_api.response_comparison import another

        if another(wanted, id, moves=call.moves):
            call.misdirected = True
            message = f"the response of {title} is record {id!r}, and {wanted!r} was requested"
            if call.requested_id is not None:
                return VendorProtocolError(message, retry_safe=not call.done)
            call.disown()
            return Unconfirmed(f"{message}. Whether the call was executed is not known", record=value)
    texts = call.written_texts or {}
    for name in TEXTS:
        sent = texts.get(name)
        if isinstance(sent, str) and sent != (found := getattr(value, name, None)) and isinstance(found, str):
            from unified_runtime.adapter_api.response_comparison import differs

            if differs(sent, found):
                call.disown()
                message = f"the response of {title} has another {name} than was written: {found[:100]!r}"
                return Unconfirmed(f"{message}. Whether the call was executed is not known", record=value)
    return None
