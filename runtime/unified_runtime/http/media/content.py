"""Sources of uploads: bytes, a file, an open binary file, or an iterable of pieces. Only clients read them, never adapters."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from unified_runtime.core.content import Progress
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.messages import Local
from unified_runtime.http.media.checksums import ALGORITHMS, Checksum

_FORMS = "bytes, a pathlib.Path, an open binary file, or an iterable of bytes"


class Source:
    """Content that is read piece by piece. `size` is the number of bytes, None if it is not known before the end.

    `taken` is the number of bytes read so far. Each byte that is read updates the requested checksums once.
    """

    def __init__(self, content: Any, progress: Progress | None = None) -> None:
        """Open a content without reading it.

        Raises:
            InvalidInput: it is not a content, or is a file that cannot be opened.
        """
        self.progress = progress
        self.size: int | None = None
        self.taken = 0
        self.acknowledged = 0
        self._checksums: dict[str, Checksum] = {}
        self._summed = 0
        self._ahead = b""
        self._file: Any = None
        self._pieces: Iterator[bytes] | None = None
        self._apieces: AsyncIterator[bytes] | None = None
        self._start = 0
        self._owned = False
        self._open(content)

    def _open(self, content: Any) -> None:
        if isinstance(content, (bytes, bytearray, memoryview)):
            self._file = io.BytesIO(content)
            self.size = len(self._file.getbuffer())
        elif isinstance(content, os.PathLike):
            try:
                self._file = open(content, "rb")  # noqa: SIM115  it is closed with the source
                self._owned = True
                self.size = os.fstat(self._file.fileno()).st_size
                if not self._file.seekable():
                    self.size = None
            except OSError as error:
                raise _wrong(f"cannot be read: {error}") from None
        elif isinstance(content, (str, io.TextIOBase)):
            what = "an open text file" if isinstance(content, io.TextIOBase) else "text"
            raise _wrong(f"must be {_FORMS}, not {what}")
        elif hasattr(content, "read"):
            self._file = content
            self._seekable_size()
        elif hasattr(content, "__aiter__"):
            self._apieces = aiter(content)
        elif hasattr(content, "__iter__") and not isinstance(content, dict):
            self._pieces = iter(content)
        else:
            raise _wrong(f"must be {_FORMS}, not {type(content).__name__}")

    def _seekable_size(self) -> None:
        """Set size and start of an open file: it is uploaded from its current position."""
        try:
            if self._file.seekable():
                self._start = self._file.tell()
                self.size = self._file.seek(0, io.SEEK_END) - self._start
                self._file.seek(self._start)
        except (AttributeError, OSError, ValueError):  # a file-like object without a position: it is read as it comes
            self.size = None

    @property
    def repeatable(self) -> bool:
        """Return True if it can be read again from any offset."""
        return self.size is not None

    def sums(self, *algorithms: str) -> None:
        """Request checksums, before anything is read."""
        for name in algorithms:
            self._checksums.setdefault(name, ALGORITHMS[name]())

    def checksum(self, algorithm: str) -> str:
        """Return a checksum of everything that was read."""
        return self._checksums[algorithm].value()

    def acknowledge(self, done: int) -> None:
        """Note that the vendor has this many bytes, and call the caller's `progress`."""
        self.acknowledged = done
        if self.progress is not None:
            self.progress(done, self.size)

    # ------------------------------------------------------------------------------------------- reading, by clients
    def pull(self, amount: int) -> bytes:
        """Return the next `amount` bytes; fewer only at the end.

        Raises:
            InvalidInput: the content cannot be read, contains something other than bytes, or can be read only by the async client.
        """
        if self._apieces is not None:
            raise _wrong("is an async iterable, which only the async client can read")
        parts, missing = [self._ahead[:amount]], amount - len(self._ahead)
        self._ahead = self._ahead[amount:]
        while missing > 0:
            piece = self._piece(missing)
            if piece is None:
                break
            parts.append(piece[:missing])
            self._ahead = piece[missing:]
            missing -= len(piece)
        return self._counted(b"".join(parts))

    async def apull(self, amount: int) -> bytes:
        """Like `pull`, without blocking the event loop."""
        if self._apieces is None:
            # Content in memory needs no thread.
            return self.pull(amount) if isinstance(self._file, io.BytesIO) else await asyncio.to_thread(self.pull, amount)
        parts, missing = [self._ahead[:amount]], amount - len(self._ahead)
        self._ahead = self._ahead[amount:]
        while missing > 0:
            try:
                piece = _checked(await anext(self._apieces))
            except StopAsyncIteration:
                break
            parts.append(piece[:missing])
            self._ahead = piece[missing:]
            missing -= len(piece)
        return self._counted(b"".join(parts))

    def _piece(self, amount: int) -> bytes | None:
        try:
            if self._pieces is not None:
                return _checked(next(self._pieces, None))  # type: ignore[no-any-return]
            piece: bytes | None = _checked(self._file.read(amount)) or None
        except OSError as error:
            reason = str(error)
        else:
            return piece
        raise _wrong(f"cannot be read: {reason}")

    def _counted(self, data: bytes) -> bytes:
        fresh = data[max(0, self._summed - self.taken) :] if self.taken < self._summed else data
        for checksum in self._checksums.values():
            checksum.update(fresh)
        self.taken += len(data)
        self._summed = max(self._summed, self.taken)
        return data

    def rewind(self, offset: int) -> None:
        """Continue reading at `offset`.

        Raises:
            InvalidInput: this content can be read only once.
        """
        if offset == self.taken:
            return
        if not self.repeatable:
            raise _wrong(f"would have to be read again from byte {offset}, and can be read once only; upload a file or bytes instead")
        self._file.seek(self._start + offset)
        self._ahead = b""
        self.taken = offset

    def spool(self) -> None:
        """Write a content of unknown size to a temporary file, so that its size is known and it can be read again."""
        self._spooled(iter(lambda: self.pull(1024 * 1024), b""))

    def _spooled(self, pieces: Iterable[bytes]) -> None:
        before = self._anew()
        self._checksums = {}
        file = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with the source
        for piece in pieces:
            file.write(piece)
        self._settle(file, before)

    async def aspool(self) -> None:
        """Like `spool`, without blocking the event loop."""
        before = self._anew()
        self._checksums = {}
        file = tempfile.TemporaryFile()  # noqa: SIM115
        while piece := await self.apull(1024 * 1024):
            await asyncio.to_thread(file.write, piece)
        self._settle(file, before)

    def _anew(self) -> dict[str, Checksum]:
        """Return the same checksums, reset: bytes that were peeked at are read again."""
        return {name: ALGORITHMS[name]() for name in self._checksums}

    def _settle(self, file: Any, checksums: dict[str, Checksum]) -> None:
        self.close()
        self._checksums = checksums
        self._file, self._owned, self._pieces, self._apieces, self._start = file, True, None, None, 0
        self.size = file.tell()
        file.seek(0)
        self.taken = self._summed = 0

    def peek(self, amount: int) -> bytes:
        """Return up to `amount` of the next bytes without consuming them. For a source of unknown size, before anything was read."""
        return self._buffered(self.pull(amount))

    async def apeek(self, amount: int) -> bytes:
        return self._buffered(await self.apull(amount))

    def _buffered(self, data: bytes) -> bytes:
        self._ahead = data + self._ahead
        self.taken -= len(data)
        return data

    def close(self) -> None:
        """Close files that were opened here; an open file of the caller stays open."""
        if self._owned:
            self._file.close()

    def __repr__(self) -> str:
        return f"Source({'unknown size' if self.size is None else f'{self.size} bytes'})"


def fixed(content: Any) -> Any:
    """Return content in memory as bytes that the caller cannot change while it is approved and sent; return other content unchanged.

    Raises:
        InvalidInput: a list has a piece that is not bytes.
    """
    if isinstance(content, (bytearray, memoryview)):
        return bytes(content)
    if isinstance(content, (list, tuple)):
        pieces = tuple([_checked(piece) for piece in content])
        if None in pieces:
            raise _wrong("must yield bytes, not NoneType")
        return pieces
    return content


def _checked(piece: Any) -> Any:
    if piece is None or isinstance(piece, bytes):
        return piece
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(piece)
    raise _wrong(f"must yield bytes, not {type(piece).__name__}")


def _wrong(text: str) -> InvalidInput:
    return InvalidInput(f"content {text}", fields={"content": text})


class _Reading(Local):
    """Work on a source. An error is raised when the adapter uses the result."""

    __slots__ = ("_error", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self._error: InvalidInput | None = None

    def done(self) -> None:
        """Check the result of the work.

        Raises:
            InvalidInput: the source could not be read.
        """
        if self._error is not None:
            raise self._error


class Read(_Reading):
    """Read the next `amount` bytes of a source."""

    __slots__ = ("_amount", "_data")

    def __init__(self, source: Source, amount: int) -> None:
        super().__init__(source)
        self._amount = amount
        self._data = b""

    def run(self) -> None:
        try:
            self._data = self.source.pull(self._amount)
        except InvalidInput as error:
            self._error = error

    async def arun(self) -> None:
        try:
            self._data = await self.source.apull(self._amount)
        except InvalidInput as error:
            self._error = error

    def take(self) -> bytes:
        self.done()
        return self._data


class Peek(Read):
    """Peek at the next bytes of a source of unknown size."""

    __slots__ = ()

    def run(self) -> None:
        try:
            self._data = self.source.peek(self._amount)
        except InvalidInput as error:
            self._error = error

    async def arun(self) -> None:
        try:
            self._data = await self.source.apeek(self._amount)
        except InvalidInput as error:
            self._error = error


class Spool(_Reading):
    """Determine the size of a source by writing it to disk."""

    __slots__ = ()

    def run(self) -> None:
        try:
            self.source.spool()
        except InvalidInput as error:
            self._error = error

    async def arun(self) -> None:
        try:
            await self.source.aspool()
        except InvalidInput as error:
            self._error = error
