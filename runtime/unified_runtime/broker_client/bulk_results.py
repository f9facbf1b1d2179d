"""Broker responses to bulk calls: results and plans of calls that were made together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from unified_runtime.core.call_results import CallResult
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.wire import errors, values
from unified_runtime.core.wire.protocol import BatchResponse, Planned, untagged

if TYPE_CHECKING:
    from unified_runtime.core.errors import UnifiedError
    from unified_runtime.core.operations import OperationBase
    from unified_runtime.core.plans import Plan
    from unified_runtime.core.responses import Response

_responses = msgspec.json.Decoder(BatchResponse)
_planned = msgspec.json.Decoder(Planned)


def read(response: Response, operation: OperationBase[Any, Any], count: int) -> list[CallResult]:
    """Return the result of each of `count` calls.

    Raises:
        VendorProtocolError: the response does not contain them.
    """
    try:
        items = _responses.decode(response.body).items
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    else:
        if len(items) == count:
            return [_result(one, operation) for one in items]
        reason = f"it has {len(items)} results for {count} calls"
    raise VendorProtocolError(f"the broker's response cannot be read: {reason}", status=response.status)


def planned(response: Response, count: int) -> tuple[Plan, list[tuple[int, UnifiedError]]]:
    """Return the plan of `count` calls, and the errors of those that would send nothing, with their numbers.

    Raises:
        VendorProtocolError: the response does not contain them.
    """
    try:
        decoded = _planned.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    else:
        if all(0 <= number < count for number, _ in decoded.refused):
            return values.plan(decoded.plan), [(number, errors.error(failure)) for number, failure in decoded.refused]
        reason = f"it has a result for a call that is not one of the {count}"
    raise VendorProtocolError(f"the broker's plan cannot be read: {reason}", status=response.status)


def _result(item: Any, operation: OperationBase[Any, Any]) -> CallResult:
    if item.failure is not None:
        return CallResult(error=errors.error(item.failure))
    if item.response is None:
        return CallResult(skipped=True)
    if item.response.records is None:
        return CallResult(untagged(item.response.plain))
    (record,) = values.records(item.response, operation.build.__module__.partition(".")[0])
    return CallResult(record)
