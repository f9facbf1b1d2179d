"""Error messages for a model: one sentence about the problem, and one about what to do next."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from unified_platform.common.invisible_text import visible
from unified_platform.tools.results import fenced, sentence
from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired

_ID = re.compile(r"[\w.:/#@!+=-]{1,200}\Z").match
"""Vendor ids that are shown to a model: they cannot contain a sentence."""

_COMMAND = re.compile(r"(?:\. Connect it with)?: unified[. ]connect")
"""Beginning of a command, at the end of the message of a missing connection."""

_OF_RESPONSES = (errors.Unconfirmed, errors.Unavailable, errors.VendorProtocolError)
"""Errors whose text may contain parts of a response, even if they have no status."""


def guidance(error: errors.UnifiedError, lookups: Mapping[str, str], names: Collection[str]) -> str:
    """Return the text of an error for a model.

    Args:
        error: error of the call.
        lookups: resource with the records of an id argument, by argument.
        names: names of the model's tools.
    """
    return " ".join(part for part in (_reason(error), _next(error, lookups, names)) if part)


def _reason(error: errors.UnifiedError) -> str:
    """Return the description of the problem. Text from a response is the vendor's, and therefore marked as data."""
    message = error.message.strip()
    if isinstance(error, errors.NotConnected) and error.url is None:
        message = _COMMAND.split(message, maxsplit=1)[0]  # commands are for developers
    text = visible(sentence(message))
    vendors = error.status is not None or isinstance(error, _OF_RESPONSES)
    return fenced(text, error.vendor) if vendors and error.vendor else text


def _next(error: errors.UnifiedError, lookups: Mapping[str, str], names: Collection[str]) -> str:
    if error.done and not error.retry_safe:
        done = ", ".join(one.request for one in error.done)
        which = f", and the record is {error.made}" if error.made is not None and _ID(error.made) else ""
        return f"Part of it was done already ({done}){which}: look at the record before you go on, and do not repeat the call."
    match error:
        case errors.Unconfirmed():
            return "Do not repeat it: it may have been done. Look first."
        case errors.RateLimited() | errors.Unavailable():
            after = f" after {error.retry_after:.0f} seconds" if error.retry_after else " a little later"
            return f"Repeat the same call{after}." if error.retry_safe else "It is not safe to repeat the call."
        case errors.InvalidInput() | errors.Rejected():
            return _look_up(error.fields, lookups, names) or "Correct the arguments and call again."
        case errors.NotFound():
            return _look_up(lookups, lookups, names) or "Check the id."
        case errors.Unsupported():
            return "Leave it out, or choose another vendor; repeating does not help."
        case errors.NotConnected(url=str()):
            return "Give the user this address to connect the account; then repeat the call."
        case errors.NotConnected() | errors.Unauthorized():
            return "Ask the user to connect the account; repeating does not help."
        case errors.Forbidden():
            return "The account may not do this; tell the user."
        case ApprovalRequired():
            return "Tell the user that somebody has to approve it, then repeat exactly the same call."
        case errors.QuotaExceeded():
            return "Nothing more of this may be called until then; do not try again before, and tell the user."
        case errors.Denied():
            return "It is not allowed; do not try to get around it."
        case errors.StaleCursor():
            return "Call it again without a cursor, and discard what you have: the new list is complete."
        case errors.ListTooLong():
            return "Narrow the list down by its filters."
        case errors.Conflict():
            return "Read the record again and decide again."
    return "Repeating does not help; tell the user."


def _look_up(arguments: Collection[str], lookups: Mapping[str, str], names: Collection[str]) -> str:
    """Return a sentence that names the model's tools for finding the ids in question."""
    found = []
    for argument in arguments:
        resource = lookups.get(argument)
        tool = f"{resource}_list"
        if resource is not None and tool in names:
            found.append(f"{tool} finds {argument}")
    return f"{'; '.join(dict.fromkeys(found))}." if found else ""
