"""Downloads: content to receive in pieces, at once, or into a file that appears when it is complete."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from unified_runtime.client.file_target import FileTarget, run_in_thread
from unified_runtime.core.content import Progress
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import AsyncStream, Piece

if TYPE_CHECKING:
    from unified_runtime.client._async.flow_runner import AsyncFlowRunner

LARGEST = 64 * 1024 * 1024
"""Default of the maximum bytes that `read` holds in memory."""


class AsyncDownload:
    """Content at a vendor. Iterating over it, reading it or saving it requests it, each time again.

    Pieces are passed on as they arrive, before they are verified: the content is complete and correct only if the iteration ends without an
    error.
    """

    __slots__ = ("_operation", "_runner", "_start", "_vendor")

    def __init__(self, runner: AsyncFlowRunner, start: Callable[[], Any], operation: str, vendor: str) -> None:
        self._runner = runner
        self._start = start
        self._operation = operation
        self._vendor = vendor

    def _too_large(self, most: int) -> VendorProtocolError:
        text = f"the content has more than {most} bytes: save it to a file, take it piece by piece, or read(most=...)"
        return VendorProtocolError(text, vendor=self._vendor, operation=self._operation)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation} on {self._vendor}>"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                yield piece.data

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Yield the content piece by piece, with its total size."""
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
                outcome = await self._runner.act(action)
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
        """Return the entire content.

        Raises:
            VendorProtocolError: it has more than `most` bytes, or does not match the vendor's size or checksums.
        """
        parts, size = [], 0
        async with aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                size += len(piece.data)
                if size > most or (piece.total or 0) > most:
                    raise self._too_large(most)
                parts.append(piece.data)
                if progress is not None:
                    progress(piece.done, piece.total)
        return b"".join(parts)

    async def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Write the content to a file. Returns its size in bytes. The file appears, or is replaced, when the content is complete and
        verified.

        Raises:
            InvalidInput: the file cannot be written.
        """
        target = await run_in_thread(FileTarget, path)
        try:
            done = 0
            async with aclosing(self.pieces()) as pieces:
                async for piece in pieces:
                    await run_in_thread(target.write, piece.data)
                    done = piece.done
                    if progress is not None:
                        progress(done, piece.total)
            await run_in_thread(target.keep)
            return done
        finally:
            await run_in_thread(target.discard)
