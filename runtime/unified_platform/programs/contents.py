"""Contents of files that a program passes on: received piece by piece, by sync and async clients."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, BinaryIO

from unified_runtime.core.errors import InvalidInput


def first_bytes(download: Any, most: int) -> Any:
    """Return the first bytes of a content and whether they are all of it; of an async one, a coroutine. The rest is not requested."""
    return _afirst_bytes(download, most) if hasattr(download, "__aiter__") else _cut(_until(download, most), most)


def _until(download: Any, most: int) -> bytes:
    content = b""
    with contextlib.closing(download.pieces()) as pieces:
        for piece in pieces:
            content += piece.data
            if len(content) > most:
                break
    return content


async def _afirst_bytes(download: Any, most: int) -> tuple[bytes, bool]:
    content = b""
    async with contextlib.aclosing(download.pieces()) as pieces:
        async for piece in pieces:
            content += piece.data
            if len(content) > most:
                break
    return _cut(content, most)


def _cut(content: bytes, most: int) -> tuple[bytes, bool]:
    return content[:most], len(content) <= most


def received(download: Any, file: BinaryIO, most: int) -> Any:
    """Write a content to a file piece by piece; of an async one, return a coroutine that does.

    Raises:
        InvalidInput: it is larger than `most`.
    """
    if hasattr(download, "__aiter__"):
        return _areceived(download, file, most)
    size = 0
    for piece in download:
        size += len(piece)
        _check_size(size, most)
        file.write(piece)
    return None


async def _areceived(download: Any, file: BinaryIO, most: int) -> None:
    size = 0
    async for piece in download:
        size += len(piece)
        _check_size(size, most)
        await asyncio.to_thread(file.write, piece)


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise InvalidInput(f"the file has more than {most} bytes, which is more than a program may pass on")
