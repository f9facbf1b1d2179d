"""Looks for secrets wherever people, logs and files could come to see them."""

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

from unified_runtime.errors import UnifiedError
from unified_runtime.messages import Headers, HTTPRequest, Response

OURS = ("unified", "unified_runtime", "unified_platform")
SHORTEST = 8


class Witness(logging.Handler):
    """Knows secrets, hears every log line, and says where one of them shows.

    Secrets are added as they come up; what was logged before is searched for them too.
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
        """Forget what was logged."""
        self._logged.clear()

    @contextlib.contextmanager
    def elsewhere(self) -> Iterator[None]:
        """What is logged meanwhile is of somebody else: the user's browser."""
        self._deaf = True
        yield
        self._deaf = False

    def emit(self, record: logging.LogRecord) -> None:
        if self._deaf:
            return
        self._logged.append(f"{record.name}: {record.getMessage()} {record.__dict__!r}")
        if record.exc_info and record.exc_info[1] is not None:
            self._logged.append("".join(traceback.format_exception(record.exc_info[1])))

    # ------------------------------------------------------------------------------------------------------ what is searched
    def found(self, text: str | bytes) -> str | None:
        """The beginning of what stands around a secret in the text; None where there is none."""
        searched = text.decode("latin-1") if isinstance(text, bytes) else text
        for forms in self._secrets.values():
            for form in forms:
                if (at := searched.find(form)) >= 0:
                    return repr(searched[max(0, at - 80) : at + 20])
        return None

    def clean(self, text: str | bytes, what: str) -> None:
        assert (where := self.found(text)) is None, f"a secret in {what}: …{where}"

    def files(self, folder: Path) -> int:
        """Search every file below the folder; how many there were."""
        every = [path for path in folder.rglob("*") if path.is_file()]
        for path in every:
            self.clean(path.read_bytes(), str(path))
        return len(every)

    def logs(self) -> int:
        for line in self._logged:
            self.clean(line, "a log line")
        return len(self._logged)

    def error(self, error: BaseException) -> None:
        """An error as it is printed, kept, pickled and reported with the local variables of our frames, and what it is chained to."""
        seen: set[int] = set()
        todo: list[BaseException | None] = [error]
        while todo:
            one = todo.pop()
            if one is None or id(one) in seen:
                continue
            seen.add(id(one))
            todo += [one.__cause__, one.__context__]
            self.clean(f"{one!s} {one!r} {one.args!r} {vars(one)!r}", f"a {type(one).__name__}")
            told: Any = traceback.TracebackException.from_exception(one, capture_locals=True)
            self.clean("".join(told.format_exception_only()), "an error's text")
            for frame in told.stack:
                if any(f"/{package}/" in frame.filename for package in OURS):
                    for name, value in (frame.locals or {}).items():
                        self.clean(value, f"{frame.filename}:{frame.lineno}, the variable {name}")
            if isinstance(one, UnifiedError):
                self.clean(pickle.dumps(one), f"a pickled {type(one).__name__}")

    def objects(self, only: Iterable[Any] | None = None) -> int:
        """Every object of ours that is alive, shown, formatted, copied, pickled and written as data in every usual way; how many."""
        count = 0
        for one in only if only is not None else _alive():
            count += 1
            for way, text in _shown(one):
                self.clean(text, f"{way} of {type(one).__module__}.{type(one).__qualname__}")
        return count


def _forms(secret: str) -> Iterator[str]:
    """A secret as it is, and as it is often written: quoted, as JSON, in base64 at any place within what is encoded, in hexadecimal."""
    raw = secret.encode("utf-8")
    yield from {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], raw.hex()}
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode("ascii").rstrip("=")
        inner = encoded[(before * 8 + 5) // 6 : -1]
        yield from {inner, inner.replace("+", "-").replace("/", "_")}


def _alive() -> list[Any]:
    # Of classes with slots that hold nothing but texts, the collector knows none: those are reached through what holds them.
    return [one for one in gc.get_objects() if not isinstance(one, type) and _ours(one)]


def _shown(one: Any) -> Iterator[tuple[str, str]]:
    yield "repr", repr(one)
    yield "str", str(one)
    yield "format", f"{one}"
    yield "pprint", pprint.pformat(one)
    if isinstance(one, HTTPRequest | Response | Headers):
        return  # these are the bytes on the wire: they show none, and whoever writes them out writes the wire
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
    """What a careless program dumps of an object of ours that it knows nothing about."""
    return dict(vars(one)) if _ours(one) and hasattr(one, "__dict__") else str(one)


def _ours(one: Any) -> bool:
    return (type(one).__module__ or "").partition(".")[0] in OURS
