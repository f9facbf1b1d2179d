"""File that a download writes: it appears, or is replaced, when the content is complete."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable
from typing import BinaryIO, ParamSpec, TypeVar

from unified_runtime.core.errors import InvalidInput

P = ParamSpec("P")
T = TypeVar("T")


async def run_in_thread(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Run a file operation in a thread, for async clients. Returns its value."""
    return await asyncio.to_thread(function, *args, **options)


def run_here(function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Run a file operation in this thread, for sync clients. Returns its value."""
    return function(*args, **options)


class FileTarget:
    """Temporary file next to the target file, which it replaces at the end.

    Raises:
        InvalidInput: the file cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._temporary = ""
        self._file: BinaryIO | None = None
        self._do(self._open)

    def _do(self, work: Callable[[], object]) -> None:
        """Run a file operation.

        Raises:
            InvalidInput: the file cannot be written.
        """
        try:
            work()
            return
        except OSError as error:
            reason = str(error)
        raise InvalidInput(f"the content cannot be saved as {self._path!r}: {reason}")

    def _open(self) -> None:
        folder = os.path.dirname(os.path.abspath(self._path))
        number, self._temporary = tempfile.mkstemp(prefix=f".{os.path.basename(self._path)}.", suffix=".part", dir=folder)
        self._file = os.fdopen(number, "wb")

    def write(self, data: bytes) -> None:
        assert self._file is not None
        file = self._file
        self._do(lambda: file.write(data))

    def keep(self) -> None:
        """Rename the complete file to its target name."""
        self._do(self._replace)

    def _replace(self) -> None:
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.chmod(self._temporary, _mode(self._path))
        os.replace(self._temporary, self._path)
        self._temporary = ""

    def discard(self) -> None:
        """Remove the temporary file, unless it was renamed."""
        if self._file is not None:
            self._file.close()
        if self._temporary:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary)


def _mode(path: str) -> int:
    """Return the permissions of the file that is replaced, or those of any new file of this process."""
    try:
        return os.stat(path).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
