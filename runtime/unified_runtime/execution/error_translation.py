"""Translation of errors from pydantic, codecs and query writers into errors of `UnifiedError`."""

from __future__ import annotations

from pydantic_core import ValidationError

from unified_runtime.adapter_api.codecs.errors import CodecError, UnreadableValue
from unified_runtime.adapter_api.query.errors import UnwritableValue
from unified_runtime.core.errors import InvalidInput, UnifiedError, VendorProtocolError

FOREIGN = (ValidationError, CodecError, UnwritableValue)


def translated(error: ValidationError | CodecError | UnwritableValue) -> UnifiedError:
    """Return the `UnifiedError`: a value that cannot be read is the vendor's error, one that cannot be written the caller's."""
    if isinstance(error, ValidationError):
        # The input was checked before the first step, so the record cannot be made from the response.
        problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors(include_input=False)]
        return VendorProtocolError(f"the response is not a valid {error.title}: {'; '.join(problems)}")
    if isinstance(error, UnreadableValue):
        return VendorProtocolError(f"a value of the response cannot be read: {error}")
    return InvalidInput(str(error))
