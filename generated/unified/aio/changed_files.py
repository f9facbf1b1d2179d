"""A file that a pull request changes. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import changed_files as _sync

list = _sync.list.asynchronous
