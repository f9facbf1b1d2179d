"""Rate limits stated by responses, in the format of each vendor's documentation."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified_runtime.core.responses import Response
from unified_runtime.rate_limits.reported_limits import ReportedLimits, read

NOW = 1_790_000_000
DATE = {"Date": formatdate(NOW, usegmt=True)}


def answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status, [(name.encode(), value.encode("latin-1")) for name, value in headers.items()], b"", "https://acme.test/")


@pytest.mark.parametrize(
    ("status", "headers", "limits"),
    [
        # https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
        (
            200,
            DATE | {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4987", "x-ratelimit-reset": str(NOW + 600)},
            ReportedLimits(limit=5000, left=4987, reset=600),
        ),
        (
            403,
            DATE | {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW + 30)},
            ReportedLimits(limit=60, left=0, reset=30, wait=30),
        ),
        (403, {"Retry-After": "60"}, ReportedLimits(wait=60)),
        (403, DATE | {"x-ratelimit-remaining": "10"}, ReportedLimits(left=10)),
        # Roundup, whose reset is a number of seconds
        (
            200,
            {"X-RateLimit-Limit": "20", "X-RateLimit-Limit-Period": "60", "X-RateLimit-Remaining": "19", "X-RateLimit-Reset": "2.999"},
            ReportedLimits(limit=20, period=60, left=19, reset=2.999),
        ),
        # https://docs.discord.com/developers/topics/rate-limits
        (
            200,
            {
                "X-RateLimit-Limit": "5",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": f"{NOW}.000",
                "X-RateLimit-Reset-After": "1.25",
                "X-RateLimit-Bucket": "abcd1234",
            },
            ReportedLimits(limit=5, left=0, reset=1.25, bucket="abcd1234"),
        ),
        (429, {"Retry-After": "65", "X-RateLimit-Global": "true"}, ReportedLimits(wait=65, wide=True)),
        # https://developer.salesforce.com/docs: the REST API's header
        (200, {"Sforce-Limit-Info": "api-usage=18/5000"}, ReportedLimits(limit=5000, period=86400, left=4982)),
        (
            200,
            {"Sforce-Limit-Info": "api-usage=25/5000; per-app-api-usage=17/250(appName=sample)"},
            ReportedLimits(limit=5000, period=86400, left=4975),
        ),
        (403, {"Sforce-Limit-Info": "api-usage=5003/5000"}, ReportedLimits(limit=5000, period=86400, left=0)),
        # https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
        (
            200,
            {
                "X-HubSpot-RateLimit-Max": "100",
                "X-HubSpot-RateLimit-Remaining": "98",
                "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
                "X-HubSpot-RateLimit-Daily": "250000",
            },
            ReportedLimits(limit=100, period=10, left=98),
        ),
        # Jira: a date
        (
            429,
            DATE
            | {
                "X-RateLimit-Limit": "350",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": datetime.fromtimestamp(NOW + 40, UTC).isoformat(),
            },
            ReportedLimits(limit=350, left=0, reset=40, wait=40),
        ),
        # Zendesk
        (200, {"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699"}, ReportedLimits(limit=700, left=699)),
        # Trello
        (
            200,
            {"x-rate-limit-api-token-interval-ms": "10000", "x-rate-limit-api-token-max": "100", "x-rate-limit-api-token-remaining": "99"},
            ReportedLimits(limit=100, period=10, left=99),
        ),
        # draft-ietf-httpapi-ratelimit-headers, 00 to 06
        (
            200,
            {"RateLimit-Limit": "10, 10;w=1, 50;w=60", "RateLimit-Remaining": "4", "RateLimit-Reset": "1"},
            ReportedLimits(limit=10, period=1, left=4, reset=1),
        ),
        # 07
        (
            200,
            {"RateLimit": "limit=100, remaining=50, reset=5", "RateLimit-Policy": "100;w=10"},
            ReportedLimits(limit=100, period=10, left=50, reset=5),
        ),
        # 08 and later; of several policies, the one with the least left
        (
            200,
            {"RateLimit": '"default";r=50;t=30', "RateLimit-Policy": '"default";q=100;w=60'},
            ReportedLimits(limit=100, period=60, left=50, reset=30),
        ),
        (
            200,
            {"RateLimit": '"day";r=900;t=80000, "minute";r=3;t=20', "RateLimit-Policy": '"minute";q=10;w=60,"day";q=1000;w=86400;pk=:aa:'},
            ReportedLimits(limit=10, period=60, left=3, reset=20),
        ),
        # Slack
        (429, {"Retry-After": "30"}, ReportedLimits(wait=30)),
        (429, {}, ReportedLimits(wait=1)),
        (503, {"Retry-After": "30"}, None),
        (200, DATE, None),
        (200, {}, None),
        (200, {"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "-1"}, None),
    ],
)
def test_each_form(status: int, headers: dict[str, str], limits: ReportedLimits | None) -> None:
    assert read(answer(status, headers)) == limits


def test_an_instant_to_retry_after() -> None:
    found = read(answer(429, {"Retry-After": formatdate(time.time() + 100, usegmt=True)}))
    assert found is not None
    assert found.wait == pytest.approx(100, abs=2)


names = st.sampled_from(
    (
        "X-RateLimit-Limit",
        "X-RateLimit-Limit-Period",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-RateLimit-Bucket",
        "RateLimit",
        "RateLimit-Policy",
        "RateLimit-Reset",
        "Retry-After",
        "Sforce-Limit-Info",
        "Date",
    )
)
values = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(['"a";r=5;t=9999999999999', "limit=1, remaining=1e9", "9" * 400, "²", "1;w=0", "2026-13-45T00:00:00Z"]),
)


@given(st.sampled_from([200, 403, 429]), st.dictionaries(names, values))
def test_limits_are_usable_numbers_or_ignored(status: int, headers: dict[str, str]) -> None:
    found = read(answer(status, headers))
    if found is not None:
        for number in (found.limit, found.period, found.left, found.reset, found.wait):
            assert number is None or 0 <= number <= 10**12
        assert found.limit != 0
        assert found.period != 0
