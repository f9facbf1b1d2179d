"""What a broker answers of calls that were made together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from unified_runtime.brokered import failures, values
from unified_runtime.brokered.protocol import Answers, Planned, untagged
from unified_runtime.bulk.jobs import Came
from unified_runtime.errors import VendorProtocolError

if TYPE_CHECKING:
    from unified_runtime.calling.plans import Plan
    from unified_runtime.errors import UnifiedError
    from unified_runtime.messages import Response
    from unified_runtime.operations import _Named

_answers = msgspec.json.Decoder(Answers)
_planned = msgspec.json.Decoder(Planned)


def read(answer: Response, operation: _Named[Any, Any], count: int) -> list[Came]:
    """What each of so many calls came to.

    Raises:
        VendorProtocolError: the answer does not tell.
    """
    try:
        told = _answers.decode(answer.body).items
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    else:
        if len(told) == count:
            return [_came(one, operation) for one in told]
        reason = f"it tells of {len(told)} calls, and there were {count}"
    raise VendorProtocolError(f"the broker's answer cannot be read: {reason}", status=answer.status)


def planned(answer: Response, count: int) -> tuple[Plan, list[tuple[int, UnifiedError]]]:
    """What so many calls would send, and those that would send nothing.

    Raises:
        VendorProtocolError: the answer does not tell.
    """
    try:
        told = _planned.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    else:
        if all(0 <= number < count for number, _ in told.refused):
            return values.plan(told.plan), [(number, failures.error(failure)) for number, failure in told.refused]
        reason = f"it tells of a call that is none of the {count}"
    raise VendorProtocolError(f"the broker's plan cannot be read: {reason}", status=answer.status)


def _came(told: Any, operation: _Named[Any, Any]) -> Came:
    if told.failure is not None:
        return Came(error=failures.error(told.failure))
    if told.answer is None:
        return Came(skipped=True)
    if told.answer.records is None:
        return Came(untagged(told.answer.plain))
    (record,) = values.records(told.answer, operation.build.__module__.partition(".")[0])
    return Came(record)
