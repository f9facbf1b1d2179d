"""Rate limits that a response reports, in all header formats of the vendors.

`X-RateLimit-*` and its spellings, whose reset is a timestamp or a number of seconds; `RateLimit` and `RateLimit-Policy` of the IETF's
drafts (draft-ietf-httpapi-ratelimit-headers, up to 07 and from 08 on) and the `RateLimit-*` before them; `Sforce-Limit-Info` of Salesforce;
the buckets of Discord. A header that cannot be parsed is ignored: the limit is then learned from a later response with status 429.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from unified_runtime.core.error_classification import retry_after
from unified_runtime.core.responses import Response


class ReportedLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits that one response reports; None for values that it does not contain.

    `limit` requests in `period` seconds, of which `left` may still be made in the next `reset` seconds. `wait`: seconds without requests;
    `wide` states if that applies to requests of any kind. `bucket` names the bucket of the numbers.
    """

    limit: int | None = None
    period: float | None = None
    left: int | None = None
    reset: float | None = None
    wait: float | None = None
    wide: bool = False
    bucket: str | None = None


_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "limit": (
        "x-ratelimit-limit",
        "ratelimit-limit",
        "x-rate-limit-limit",
        "x-rate-limit",  # Zendesk
        "x-hubspot-ratelimit-max",
        "x-rate-limit-api-token-max",  # Trello
        "x-ratelimit-requests-limit",  # Linear
    ),
    "left": (
        "x-ratelimit-remaining",
        "ratelimit-remaining",
        "x-rate-limit-remaining",
        "x-hubspot-ratelimit-remaining",
        "x-rate-limit-api-token-remaining",
        "x-ratelimit-requests-remaining",
    ),
    "reset": (
        "x-ratelimit-reset-after",
        "x-ratelimit-reset",
        "ratelimit-reset",
        "x-rate-limit-reset",
        "x-ratelimit-requests-reset",
    ),
    "period": ("x-ratelimit-limit-period",),  # Roundup
    "milliseconds": ("x-hubspot-ratelimit-interval-milliseconds", "x-rate-limit-api-token-interval-ms"),
    "draft": ("ratelimit",),
    "policy": ("ratelimit-policy",),
    "salesforce": ("sforce-limit-info",),
    "bucket": ("x-ratelimit-bucket",),
    "global": ("x-ratelimit-global",),
    "after": ("retry-after",),
    "date": ("date",),
}
_MEANT = {spelling.encode("ascii"): (meaning, order) for meaning, names in _SPELLINGS.items() for order, spelling in enumerate(names)}

DAY = 86400.0
REFUSED = 1.0
"""Seconds to wait after a 429 without a stated time."""


def read(response: Response, longest: float = DAY) -> ReportedLimits | None:
    """Return the rate limits that a response reports; None if there are none.

    Waits, resets and periods are limited to `longest` seconds: a longer wait or reset counts as `longest`, a longer period as not given.
    """
    fields = _fields(response)
    if not fields and response.status != 429:
        return None
    now = _timestamp(fields.get("date", "")) or time.time()
    limit, left, period = _integer(fields.get("limit")), _integer(fields.get("left")), _number(fields.get("period"))
    reset = _seconds(fields.get("reset", ""), now)
    if (milliseconds := _number(fields.get("milliseconds"))) is not None:
        period = milliseconds / 1000
    if limit is None and left is None:
        limit, left, reset, period = _drafts(fields.get("draft", ""), fields.get("policy", ""))
    elif period is None and limit is not None:  # formats like RateLimit-Limit: 10, 10;w=1, 50;w=60
        policies = _policies(f"{fields.get('limit', '')},{fields.get('policy', '')}")
        period = next((window for amount, window in policies if amount == limit), None)
    if (used := re.search(r"api-usage=(\d{1,12})/(\d{1,12})", fields.get("salesforce", ""))) is not None:
        limit, period = int(used[2]), DAY
        left = max(0, limit - int(used[1]))
    reset = min(reset, longest) if reset is not None else None
    wait = _wait(response, "after" in fields, left, reset, longest)
    if limit is None and left is None and wait is None:
        return None
    return ReportedLimits(
        limit=limit or None,
        period=period if period and period <= longest else None,
        left=left,
        reset=reset,
        wait=wait,
        wide=fields.get("global", "").lower() == "true",
        bucket=fields.get("bucket") or None,
    )


def _fields(response: Response) -> dict[str, str]:
    """Return the header fields about limits by meaning; of two with the same meaning, the first spelling. Empty if there is only the
    date."""
    found: dict[str, tuple[int, str]] = {}
    for name, value in response.pairs:
        meant = _MEANT.get(name.lower())
        if meant is not None and (meant[0] not in found or meant[1] < found[meant[0]][0]):
            found[meant[0]] = (meant[1], value.decode("latin-1").strip()[:1000])
    if len(found) == 1 and "date" in found:
        return {}
    return {meaning: value for meaning, (_, value) in found.items()}


def _wait(response: Response, text: bool, left: int | None, reset: float | None, longest: float) -> float | None:
    """Return the seconds to wait, if the response rejects the request for its rate."""
    if response.status not in {403, 429}:
        return None
    wait = retry_after(response, longest) if text else reset if left == 0 else None
    if response.status == 403 and wait is None:
        return None
    return wait if wait is not None else REFUSED


def _integer(text: str | None) -> int | None:
    found = re.match(r"\d{1,12}(?![\d.])", text or "")
    return int(found[0]) if found is not None else None


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"\d{1,15}(\.\d{1,15})?", text or "")
    return float(found[0]) if found is not None else None


def _seconds(text: str, now: float) -> float | None:
    """Return a reset as seconds from now: it is a number of seconds, a Unix time in seconds or milliseconds, or a date (ISO 8601)."""
    number = _number(text)
    if number is None:
        time = _timestamp(text)
        return max(0.0, time - now) if time is not None else None
    if number > 1e11:
        number /= 1000
    return max(0.0, number - now) if number > 1e9 else number


def _timestamp(text: str) -> float | None:
    if not text:
        return None
    try:
        if text[:1].isdigit():
            return datetime.fromisoformat(text).timestamp()
        from email.utils import parsedate_to_datetime  # few vendors use this date format

        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


_Numbers = tuple[int | None, int | None, float | None, float | None]


def _drafts(text: str, policy: str) -> _Numbers:
    """Return limit, left, reset and period of `RateLimit` and `RateLimit-Policy`; of several policies, those of the one with the least
    left."""
    if re.match(r"\s*limit\s*=", text):  # up to draft 07: RateLimit: limit=100, remaining=50, reset=50
        members = dict(re.findall(r"(limit|remaining|reset)\s*=\s*(\d{1,12})(?!\d)", text))
        limit = _integer(members.get("limit"))
        period = next((window for amount, window in _policies(policy) if amount == limit), None)
        return limit, _integer(members.get("remaining")), _number(members.get("reset")), period
    # From draft 08 on: RateLimit: "default";r=50;t=30 and RateLimit-Policy: "default";q=100;w=10
    of_policy = dict(_items(policy))
    policies = [(items.get("r"), items.get("t"), of_policy.get(name, {})) for name, items in _items(text) if "r" in items]
    if not policies:
        return None, None, None, None
    left, reset, quota = min(policies, key=lambda one: one[0] or 0)
    return quota.get("q"), left, reset, quota.get("w")


def _items(text: str) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the items of a list of names with integers as parameters (RFC 9651)."""
    for found in re.finditer(r'"([^"]{0,200})"((?:\s*;\s*[a-z]+=(?:\d{1,12}|"[^"]{0,200}"|[^;,"]{0,200}))*)', text):
        yield found[1], {name: int(value) for name, value in re.findall(r";\s*([a-z]+)=(\d{1,12})(?!\d)", found[2])}


def _policies(text: str) -> Iterator[tuple[int, float]]:
    """Yield the amounts and window lengths of `100;w=60, 1000;w=3600`."""
    for amount, window in re.findall(r"(?:^|,)\s*(\d{1,12})\s*;\s*w=(\d{1,9})(?!\d)", text):
        yield int(amount), float(window)
