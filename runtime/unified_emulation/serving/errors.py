"""Bodies of an emulated vendor's error responses, by the schema that its document declares for the status."""

from __future__ import annotations

from typing import Any

from unified_emulation.engine.server import Emulator
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.documents.words import words

_MESSAGES = frozenset({"message", "messages", "description", "detail", "details", "summary", "error", "err", "errors", "title", "reason"})


def error_body(emulator: Emulator, operation: OperationFacts | None, status: int, message: str) -> Any:
    """Return the body of an error: of the operation's own schema, else of any operation's for this status, else a plain one."""
    for one in ([operation] if operation is not None else []) + _declaring(emulator, status):
        pointer = _schema(one, status)
        if pointer is None:
            continue
        made = emulator.account.samples.value(pointer, 1, "", 0)
        return _with(made, message, status)
    return {"message": message}


def _declaring(emulator: Emulator, status: int) -> list[OperationFacts]:
    found = next((role.operation for role in emulator.roles.by_endpoint.values() if _schema(role.operation, status, exact=True)), None)
    return [] if found is None else [found]


def _schema(operation: OperationFacts, status: int, *, exact: bool = False) -> str | None:
    names = (str(status),) if exact else (str(status), f"{status // 100}XX", f"{status // 100}xx", "default")
    for name in names:
        for kind, pointer in operation.responses.get(name, {}).items():
            if "json" in kind:
                return pointer
    return None


def _with(value: Any, message: str, status: int) -> Any:
    """Return a sample of an error with the message and the status in it."""
    if not isinstance(value, dict):
        return {"message": message}
    made = {}
    for name, inner in value.items():
        last = words(name)[-1:]
        if isinstance(inner, dict):
            made[name] = _with(inner, message, status)
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            made[name] = [_with(inner[0], message, status)]
        elif last and last[0] in _MESSAGES and isinstance(inner, str):
            made[name] = message
        elif last and last[0] in _MESSAGES and isinstance(inner, list):
            made[name] = [message]
        elif last in (("status",), ("code",)) and isinstance(inner, int) and not isinstance(inner, bool):
            made[name] = status
        else:
            made[name] = inner
    return made
