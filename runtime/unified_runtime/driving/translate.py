"""What pydantic, codecs and query writers raise inside an adapter, in terms of the error tree."""

from __future__ import annotations

from pydantic_core import ValidationError

from unified_runtime.codecs.errors import CodecError, UnreadableValue
from unified_runtime.errors import InvalidInput, UnifiedError, VendorProtocolError
from unified_runtime.query.errors import UnwritableValue

FOREIGN = (ValidationError, CodecError, UnwritableValue)


def translated(error: ValidationError | CodecError | UnwritableValue) -> UnifiedError:
    """The error of the tree: what cannot be read is the vendor's doing, what cannot be written the caller's."""
    if isinstance(error, ValidationError):
        # The input was checked before the first step, so this is a record that cannot be made of the answer.
        problems = [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors(include_input=False)]
        return VendorProtocolError(f"the answer does not make a {error.title}: {'; '.join(problems)}")
    if isinstance(error, UnreadableValue):
        return VendorProtocolError(f"a value of the answer cannot be read: {error}")
    return InvalidInput(str(error))
