"""An approval told to the person who decides: who asks, every argument, and the requests that would be sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from unified_platform.control.approvals import Approval


def text(approval: Approval) -> str:
    """Exactly what would be approved."""
    claim = approval.claim
    lines = [f"{approval.id}: {approval.status}, asked {when(approval.asked_at)}, until {when(approval.expires_at)}"]
    lines += [f"  by {approval.decided_by}" + (f": {approval.note}" if approval.note else "")] if approval.decided_by else []
    lines += [f"  because {reason}" for reason in approval.reasons]
    lines.append(f"{claim.operation} ({claim.effect}) via {claim.vendor} at {claim.server}")
    for name, value in (("agent", claim.agent), ("user", claim.user), ("on behalf of", claim.on_behalf_of)):
        lines += [f"  {name}: {_inline(value)}"] if value is not None else []
    lines += [f"  {name} = {_inline(value)}" for name, value in claim.arguments.items()]
    for number, request in enumerate((approval.plan or {}).get("requests", ()), 1):
        lines.append(f"  {number}. {request['method']} {request['url']}")
        lines += [f"     {line}" for line in json.dumps(request["body"], indent=2).splitlines()] if request.get("body") is not None else []
    return "\n".join(lines)


def _inline(value: Any) -> str:
    """A value on one line, so that none can look like another."""
    return json.dumps(value, ensure_ascii=True)


def when(seconds: float) -> str:
    """A time for people, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%SZ}"
