"""Batch operations of Discord. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Endpoint, Retry
from unified_runtime.adapter_api.batch_endpoints import Batch, ItemParameter, SharedParameter

BULK_DELETE_MESSAGES_IDEMPOTENT = Batch(
    endpoint=Endpoint("bulk_delete_messages", "POST", "/channels/{channel_id}/messages/bulk-delete", Retry.IDEMPOTENT),
    max_items=100,
    items=("body", "messages"),
    item_parameters=(ItemParameter(path=(), parameter="message_id"),),
    shared_parameters=(SharedParameter(path=("path", "channel_id"), parameter="channel_id", is_list=False),),
)
