"""Lists whose cursors are the vendor's own, for tests of adapters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from unified_runtime.execution.sealed_cursors import ListCursors


@contextmanager
def vendors_own() -> Iterator[None]:
    """Neither seal cursors nor require sealed ones."""

    def opened(_: ListCursors, cursor: str) -> Any:
        yield from ()
        return cursor, None

    def sealed(_: ListCursors, page: Any, __: Any) -> Any:
        yield from ()
        return page

    with mock.patch.multiple(ListCursors, opened=opened, sealed=sealed, opened_now=lambda _, cursor: cursor):
        yield
