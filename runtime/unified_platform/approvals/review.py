"""Text of an approval for the person who decides: the caller, every argument, and the requests that would be sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from unified_platform.approvals.store import Approval
from unified_platform.common.invisible_text import visible
from unified_runtime.policy.approvals import ApprovalSubject


def text(approval: Approval) -> str:
    """Exactly what would be approved. Text that is not JSON has its invisible characters made visible and stays on its line."""
    subject = approval.subject
    lines = [f"{approval.id}: {approval.status}, requested {when(approval.requested_at)}, until {when(approval.expires_at)}"]
    lines += [f"  by {_line(approval.decided_by)}" + (f": {_line(approval.note)}" if approval.note else "")] if approval.decided_by else []
    lines += [f"  because {_line(reason)}" for reason in approval.reasons]
    lines.append(_line(f"{subject.operation} ({subject.effect}) via {subject.vendor} at {subject.server}"))
    lines += [f"  {name}: {value}" for name, value in of_record(subject)]
    lines += [f"  {name}: {_inline(value)}" for name, value in parties(subject)]
    lines += [f"  {_line(name)} = {_inline(value)}" for name, value in subject.arguments.items()]
    for number, request in enumerate((approval.plan or {}).get("requests", ()), 1):
        lines.append(f"  {number}. {request['method']} {_line(request['url'])}")
        lines += [f"     {line}" for line in json.dumps(request["body"], indent=2).splitlines()] if request.get("body") is not None else []
    lines += program(approval)
    return "\n".join(lines)


def program(approval: Approval) -> list[str]:
    """Return the source of the program that makes the call, with its line marked; nothing if no program makes it."""
    found = (approval.plan or {}).get("program")
    if found is None:
        return []
    lines = [f"  line {found['line']} of program {_line(found['id'])}:"]
    for number, line in enumerate(str(found["source"]).splitlines(), 1):
        lines.append(f"  {'>' if number == found['line'] else ' '} {number:>3}  {_line(line)}")
    return lines


def parties(subject: ApprovalSubject) -> list[tuple[str, str]]:
    """Return the parties of a call by name: user, agent, connection and account. Invisible characters are made visible."""
    named = (
        ("tenant", subject.tenant),
        ("agent", subject.agent),
        ("user", subject.user),
        ("team", subject.team),
        ("on behalf of", subject.on_behalf_of),
        ("connection", subject.connection_name),
        ("connection id", subject.connection),
        ("account", subject.account),
        ("account id", subject.account_id),
    )
    return [(name, visible(value)) for name, value in named if value is not None]


def of_record(subject: ApprovalSubject) -> list[tuple[str, str]]:
    """The record and the changes to it, as of the request for approval, by name. Vendor text is quoted and marked.

    Values are JSON, so that none can look like another part; invisible characters are made visible.
    """
    if subject.no_record_reason is not None:
        return [("record", f"could not be read ({_line(subject.no_record_reason)})")]
    titled = [("record", f"{_json(subject.title)} (vendor text)")] if subject.title is not None else []
    changed = [(f"change of {_line(one.field)}", f"{_line(one.old)} (vendor text) → {_line(one.new)}") for one in subject.changes]
    return titled + changed


def _json(text: str) -> str:
    return visible(json.dumps(text, ensure_ascii=False))


def _line(text: str) -> str:
    """The text on one line, with its invisible characters made visible."""
    return visible(text).replace("\t", " ").replace("\r", " ").replace("\n", " ")


def _inline(value: Any) -> str:
    """A value on one line, so that none can look like another."""
    return json.dumps(value, ensure_ascii=True)


def when(seconds: float) -> str:
    """A time for people, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%SZ}"
