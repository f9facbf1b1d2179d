"""Search for secrets in output, logs, errors and files."""

from __future__ import annotations

import base64
import contextlib
import copy
import dataclasses
import gc
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Headers, Response

OURS = ("unified", "unified_runtime", "unified_platform")
SHORTEST = 8


class Witness(logging.Handler):
    """Collector of secrets and of every log line, which reports where a secret appears.

    Secrets are added as they come up; earlier log lines are searched for them too.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._secrets: dict[str, tuple[str, ...]] = {}
        self._logged: list[str] = []
        self._deaf = False

    def add(self, *secrets: str | None) -> None:
        for secret in secrets:
            if secret and len(secret) >= SHORTEST:
                self._secrets[secret] = tuple(_forms(secret))

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(self._secrets)

    def forget(self) -> None:
        """Discard the log lines so far."""
        self._logged.clear()

    @contextlib.contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Ignore log lines of the block: they belong to another program, the user's browser."""
        self._deaf = True
        yield
        self._deaf = False

    def emit(self, record: logging.LogRecord) -> None:
        if self._deaf:
            return
        self._logged.append(f"{record.name}: {record.getMessage()} {record.__dict__!r}")
        if record.exc_info and record.exc_info[1] is not None:
            self._logged.append("".join(traceback.format_exception(record.exc_info[1])))

    # ------------------------------------------------------------------------------------------------------- searched output
    def found(self, text: str | bytes) -> str | None:
        """Return the text around a secret, shortened; None if there is none."""
        searched = text.decode("latin-1") if isinstance(text, bytes) else text
        for forms in self._secrets.values():
            for form in forms:
                if (at := searched.find(form)) >= 0:
                    return repr(searched[max(0, at - 80) : at + 20])
        return None

    def clean(self, text: str | bytes, what: str) -> None:
        assert (where := self.found(text)) is None, f"a secret in {what}: …{where}"

    def files(self, folder: Path) -> int:
        """Search every file below the folder; return their number."""
        every = [path for path in folder.rglob("*") if path.is_file()]
        for path in every:
            self.clean(path.read_bytes(), str(path))
        return len(every)

    def logs(self) -> int:
        for line in self._logged:
            self.clean(line, "a log line")
        return len(self._logged)

    def error(self, error: BaseException) -> None:
        """Return an error as printed, pickled and reported with the local variables of our frames, and the errors that it is chained to."""
        seen: set[int] = set()
        todo: list[BaseException | None] = [error]
        while todo:
            one = todo.pop()
            if one is None or id(one) in seen:
                continue
            seen.add(id(one))
            todo += [one.__cause__, one.__context__]
            self.clean(f"{one!s} {one!r} {one.args!r} {vars(one)!r}", f"a {type(one).__name__}")
            result: Any = traceback.TracebackException.from_exception(one, capture_locals=True)
            self.clean("".join(result.format_exception_only()), "an error's text")
            for frame in result.stack:
                if any(f"/{package}/" in frame.filename for package in OURS):
                    for name, value in (frame.locals or {}).items():
                        self.clean(value, f"{frame.filename}:{frame.lineno}, the variable {name}")
            if isinstance(one, UnifiedError):
                self.clean(pickle.dumps(one), f"a pickled {type(one).__name__}")

    def objects(self, only: Iterable[Any] | None = None) -> int:
        """Search every live object of ours, printed, formatted, copied, pickled and dumped in every usual way; return their number."""
        count = 0
        for one in only if only is not None else _alive():
            count += 1
            for way, text in _shown(one):
                self.clean(text, f"{way} of {type(one).__module__}.{type(one).__qualname__}")
        return count


def _forms(secret: str) -> Iterator[str]:
    """Return a secret in its common encodings: plain, quoted, as JSON, in base64 at any offset of the encoded text, in hexadecimal."""
    raw = secret.encode("utf-8")
    yield from {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], raw.hex()}
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode("ascii").rstrip("=")
        inner = encoded[(before * 8 + 5) // 6 : -1]
        yield from {inner, inner.replace("+", "-").replace("/", "_")}


def _alive() -> list[Any]:
    # The garbage collector does not track instances of classes with slots that hold only texts: those are reached through their referrers.
    return [one for one in gc.get_objects() if not isinstance(one, type) and _ours(one)]


def _shown(one: Any) -> Iterator[tuple[str, str]]:
    yield "repr", repr(one)
    yield "str", str(one)
    yield "format", f"{one}"
    yield "pprint", pprint.pformat(one)
    if isinstance(one, HTTPRequest | Response | Headers):
        return  # these are the bytes on the wire: they are not printed, and a program that dumps them dumps the wire
    for way, make in (
        ("pickle", lambda: pickle.dumps(one)),
        ("JSON", lambda: json.dumps(one, default=_members)),
        ("msgspec", lambda: msgspec.json.encode(one, enc_hook=_members)),
        ("copy", lambda: repr(copy.copy(one))),
        ("asdict", lambda: repr(dataclasses.asdict(one)) if dataclasses.is_dataclass(one) and not isinstance(one, type) else ""),
    ):
        try:
            made = make()
        except (TypeError, AttributeError, ValueError, RecursionError, NotImplementedError, pickle.PicklingError) as error:
            made = str(error)
        yield way, made.decode("latin-1") if isinstance(made, bytes) else str(made)


def _members(one: Any) -> Any:
    """Return the data that a careless program could dump of an object that it does not know."""
    return dict(vars(one)) if _ours(one) and hasattr(one, "__dict__") else str(one)


def _ours(one: Any) -> bool:
    return (type(one).__module__ or "").partition(".")[0] in OURS
