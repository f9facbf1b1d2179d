"""Types of contents to upload, and of the callback that reports progress."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Callable, Iterable
from typing import BinaryIO

Content = bytes | bytearray | memoryview | os.PathLike[str] | BinaryIO | Iterable[bytes] | AsyncIterable[bytes]
"""Content that callers may upload. `str` is not accepted, for text or file names: pass `pathlib.Path(name)` for a file."""


Progress = Callable[[int, int | None], object]
"""Callback with the number of bytes transferred so far and the total, None if unknown. It runs in the thread of the call."""
