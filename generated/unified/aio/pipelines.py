"""A series of stages that deals go through. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import pipelines as _sync

list = _sync.list.asynchronous
