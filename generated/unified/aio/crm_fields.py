"""A field that the vendor's contacts, companies or deals have. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import crm_fields as _sync

list = _sync.list.asynchronous
