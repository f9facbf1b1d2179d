"""A file of an email. Async. Written by `gen build`; do not edit."""

from __future__ import annotations

from .. import email_attachments as _sync

list = _sync.list.asynchronous
download = _sync.download.asynchronous
