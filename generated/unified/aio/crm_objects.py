"""A custom object, which an account has added to its CRM. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import crm_objects as _sync

list = _sync.list.asynchronous
