"""A content that can be received: as pieces, whole, or into a file that appears when all of it is there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from unified_runtime.errors import InvalidInput, VendorProtocolError
from unified_runtime.media.sources import Progress
from unified_runtime.messages import AsyncStream, HTTPRequest, Piece, Stream

if TYPE_CHECKING:
    from unified_runtime.calling.aio_client import AsyncClient
    from unified_runtime.calling.client import Client

LARGEST = 64 * 1024 * 1024
"""The most bytes that `read` holds in memory, unless it is told otherwise."""


class _Downloads:
    """What the two kinds of download have in common."""

    __slots__ = ("_client", "_operation", "_start", "_vendor")

    def __init__(self, client: Any, start: Callable[[], Any], operation: str, vendor: str) -> None:
        self._client = client
        self._start = start
        self._operation = operation
        self._vendor = vendor

    def _too_large(self, most: int) -> VendorProtocolError:
        text = f"the content has more than {most} bytes: save it to a file, take it piece by piece, or read(most=...)"
        return VendorProtocolError(text, vendor=self._vendor, operation=self._operation)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation} on {self._vendor}>"


class Download(_Downloads):
    """A content at a vendor. It is asked for when it is iterated over, read or saved, each time anew.

    Pieces are given out as they come. Only when the last one has come is it known whether they are what the vendor has: an iteration
    that ends without an error was whole.
    """

    __slots__ = ()
    _client: Client

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces():
            yield piece.data

    def pieces(self) -> Generator[Piece, None, None]:
        """The content piece by piece, with how much of it there is."""
        flow = self._start()
        opened: Stream | None = None
        try:
            action = next(flow)
            while True:
                if isinstance(action, Piece):
                    yield action
                    action = next(flow)
                    continue
                if isinstance(action, HTTPRequest) and opened is not None:
                    opened.close()
                outcome = self._client.act(action)
                if isinstance(outcome, Stream):
                    opened = outcome
                action = flow.send(outcome)
        except StopIteration:
            return
        finally:
            flow.close()
            if opened is not None:
                opened.close()

    def read(self, *, most: int = LARGEST, progress: Progress | None = None) -> bytes:
        """All of it.

        Raises:
            VendorProtocolError: it has more than `most` bytes, or is not what the vendor says it is.
        """
        parts, size = [], 0
        for piece in self.pieces():
            size += len(piece.data)
            if size > most or (piece.total or 0) > most:
                raise self._too_large(most)
            parts.append(piece.data)
            if progress is not None:
                progress(piece.done, piece.total)
        return b"".join(parts)

    def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Write it to a file, and return its size in bytes. The file appears, or is replaced, when all of it is there and verified.

        Raises:
            InvalidInput: the file cannot be written.
        """
        target = _Target(path)
        try:
            done = 0
            for piece in self.pieces():
                target.write(piece.data)
                done = piece.done
                if progress is not None:
                    progress(done, piece.total)
            target.keep()
            return done
        finally:
            target.discard()


class AsyncDownload(_Downloads):
    """The async twin of `Download`, for `async for` and `await`."""

    __slots__ = ()
    _client: AsyncClient

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with contextlib.aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                yield piece.data

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """The content piece by piece, with how much of it there is."""
        flow = await self._start()
        opened: AsyncStream | None = None
        try:
            action = next(flow)
            while True:
                if isinstance(action, Piece):
                    yield action
                    action = next(flow)
                    continue
                if isinstance(action, HTTPRequest) and opened is not None:
                    await opened.aclose()
                outcome = await self._client.act(action)
                if isinstance(outcome, AsyncStream):
                    opened = outcome
                action = flow.send(outcome)
        except StopIteration:
            return
        finally:
            flow.close()
            if opened is not None:
                await opened.aclose()

    async def read(self, *, most: int = LARGEST, progress: Progress | None = None) -> bytes:
        """All of it; see `Download.read`."""
        parts, size = [], 0
        async with contextlib.aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                size += len(piece.data)
                if size > most or (piece.total or 0) > most:
                    raise self._too_large(most)
                parts.append(piece.data)
                if progress is not None:
                    progress(piece.done, piece.total)
        return b"".join(parts)

    async def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Write it to a file, without blocking the event loop; see `Download.save`."""
        target = await asyncio.to_thread(_Target, path)
        try:
            done = 0
            async with contextlib.aclosing(self.pieces()) as pieces:
                async for piece in pieces:
                    await asyncio.to_thread(target.write, piece.data)
                    done = piece.done
                    if progress is not None:
                        progress(done, piece.total)
            await asyncio.to_thread(target.keep)
            return done
        finally:
            await asyncio.to_thread(target.discard)


class _Target:
    """A file that is being written beside the one that it shall become."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._temporary = ""
        self._file: BinaryIO | None = None
        self._do(self._open)

    def _do(self, work: Callable[[], object]) -> None:
        """Raises:
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
        """The content is whole: let it take its name."""
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
        """Remove what was not kept."""
        if self._file is not None:
            self._file.close()
        if self._temporary:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary)


def _mode(path: str) -> int:
    """The permissions of the file that is replaced, or those of any new file of this process."""
    try:
        return os.stat(path).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
