"""A stage that deals can be in. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import deal_stages as _sync

list = _sync.list.asynchronous
