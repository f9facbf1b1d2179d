"""What an answer says of the vendor's limits, in each of the forms that vendors use.

`X-RateLimit-*` and its spellings, whose reset is a moment or a number of seconds; `RateLimit` and `RateLimit-Policy` of the IETF's drafts
(draft-ietf-httpapi-ratelimit-headers, up to 07 and from 08 on) and the `RateLimit-*` before them; `Sforce-Limit-Info` of Salesforce; the
buckets of Discord. What cannot be read is passed over: a limit that is not learned is met later, and answered with 429.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from unified_runtime.classify import retry_after
from unified_runtime.messages import Response


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer says; None for what it does not.

    `limit` requests in `period` seconds, of which `left` may still be made in the `reset` seconds from now. `wait`: no request is wanted
    for so many seconds, where `wide` says whether of any kind. `bucket` names what the numbers are of.
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
    ),
    "left": (
        "x-ratelimit-remaining",
        "ratelimit-remaining",
        "x-rate-limit-remaining",
        "x-hubspot-ratelimit-remaining",
        "x-rate-limit-api-token-remaining",
    ),
    "reset": ("x-ratelimit-reset-after", "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"),
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
"""Seconds to keep away after a 429 that does not say how long."""
LONGEST = 400 * DAY
"""Whatever a vendor says, no wait is longer, and no number larger than `MOST`."""
MOST = 10**12


def read(response: Response) -> Told | None:
    """What an answer says of limits, None for nothing."""
    fields = _fields(response)
    if not fields and response.status != 429:
        return None
    now = _moment(fields.get("date", "")) or time.time()
    limit, left, period = _whole(fields.get("limit")), _whole(fields.get("left")), _number(fields.get("period"))
    reset = _seconds(fields.get("reset", ""), now)
    if (milliseconds := _number(fields.get("milliseconds"))) is not None:
        period = milliseconds / 1000
    if limit is None and left is None:
        limit, left, reset, period = _drafts(fields.get("draft", ""), fields.get("policy", ""))
    elif period is None and limit is not None:  # RateLimit-Limit: 10, 10;w=1, 50;w=60
        policies = _policies(f"{fields.get('limit', '')},{fields.get('policy', '')}")
        period = next((window for amount, window in policies if amount == limit), None)
    if (used := re.search(r"api-usage=(\d{1,12})/(\d{1,12})", fields.get("salesforce", ""))) is not None:
        limit, period = int(used[2]), DAY
        left = max(0, limit - int(used[1]))
    wait = _wait(response, "after" in fields, left, reset)
    if limit is None and left is None and wait is None:
        return None
    return Told(
        limit=limit or None,
        period=period if period and period <= LONGEST else None,
        left=left,
        reset=reset,
        wait=wait,
        wide=fields.get("global", "").lower() == "true",
        bucket=fields.get("bucket") or None,
    )


def _fields(response: Response) -> dict[str, str]:
    """The fields that speak of limits, by what they mean; of two that mean the same, the first spelling. Empty if there is but the date."""
    found: dict[str, tuple[int, str]] = {}
    for name, value in response.pairs:
        meant = _MEANT.get(name.lower())
        if meant is not None and (meant[0] not in found or meant[1] < found[meant[0]][0]):
            found[meant[0]] = (meant[1], value.decode("latin-1").strip()[:1000])
    if len(found) == 1 and "date" in found:
        return {}
    return {meaning: value for meaning, (_, value) in found.items()}


def _wait(response: Response, said: bool, left: int | None, reset: float | None) -> float | None:
    """Seconds to keep away, where the answer refuses for the rate of requests."""
    if response.status not in {403, 429}:
        return None
    wait = retry_after(response) if said else reset if left == 0 else None
    if response.status == 403 and wait is None:
        return None
    return min(wait if wait is not None else REFUSED, LONGEST)


def _whole(text: str | None) -> int | None:
    found = re.match(r"\d{1,12}(?![\d.])", text or "")
    return int(found[0]) if found is not None else None


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"\d{1,15}(\.\d{1,15})?", text or "")
    return float(found[0]) if found is not None else None


def _seconds(text: str, now: float) -> float | None:
    """A reset as seconds from now: it is a number of them, a moment since 1970 in seconds or milliseconds, or a date (ISO 8601)."""
    number = _number(text)
    if number is None:
        moment = _moment(text)
        return max(0.0, moment - now) if moment is not None else None
    if number > 1e11:
        number /= 1000
    return max(0.0, number - now) if number > 1e9 else min(number, LONGEST)


def _moment(text: str) -> float | None:
    if not text:
        return None
    try:
        if text[:1].isdigit():
            return datetime.fromisoformat(text).timestamp()
        from email.utils import parsedate_to_datetime  # few vendors write dates in this form

        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


_Numbers = tuple[int | None, int | None, float | None, float | None]


def _drafts(text: str, policy: str) -> _Numbers:
    """Limit, left, reset and period by `RateLimit` and `RateLimit-Policy`; of several policies, the one with the least left."""
    if re.match(r"\s*limit\s*=", text):  # up to draft 07: RateLimit: limit=100, remaining=50, reset=50
        words = dict(re.findall(r"(limit|remaining|reset)\s*=\s*(\d{1,12})(?!\d)", text))
        limit = _whole(words.get("limit"))
        period = next((window for amount, window in _policies(policy) if amount == limit), None)
        return limit, _whole(words.get("remaining")), _number(words.get("reset")), period
    # From draft 08 on: RateLimit: "default";r=50;t=30 and RateLimit-Policy: "default";q=100;w=10
    of_policy = dict(_items(policy))
    several = [(items.get("r"), items.get("t"), of_policy.get(name, {})) for name, items in _items(text) if "r" in items]
    if not several:
        return None, None, None, None
    left, reset, quota = min(several, key=lambda one: one[0] or 0)
    return quota.get("q"), left, reset, quota.get("w")


def _items(text: str) -> Iterator[tuple[str, dict[str, int]]]:
    """A list of names with whole numbers as parameters (RFC 9651)."""
    for found in re.finditer(r'"([^"]{0,200})"((?:\s*;\s*[a-z]+=(?:\d{1,12}|"[^"]{0,200}"|[^;,"]{0,200}))*)', text):
        yield found[1], {name: int(value) for name, value in re.findall(r";\s*([a-z]+)=(\d{1,12})(?!\d)", found[2])}


def _policies(text: str) -> Iterator[tuple[int, float]]:
    """Amounts and windows of `100;w=60, 1000;w=3600`."""
    for amount, window in re.findall(r"(?:^|,)\s*(\d{1,12})\s*;\s*w=(\d{1,9})(?!\d)", text):
        yield int(amount), float(window)
