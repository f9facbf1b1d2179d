"""Path traversal through ids: a path value that would reach another endpoint than the one that is called.

Each operation of the shipped catalog is planned with hostile ids. The expected requests are those of the same operation with harmless ids:
the same methods, servers, path segments and query names; only the id's own segment differs, and no server reads it as a parent directory.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.attacks.shipped import ALL, EVERY, REFUSED, Shipped
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import InvalidInput
from unified_runtime.core.plans import PlannedRequest

HOSTILE = [
    "..", ".", "../..", "../../admin", "1/../../admin", "1/..", "/etc/passwd", "//evil.test/x", "..\\..\\x", "%2e%2e", "%2e%2e%2fadmin",
    "..%2f..%2f", "%252e%252e%252f", "%25252e%25252e", "..;/x", "..;a=b", "1?fields=*all", "1?x=1#y", "1#frag", "1;v=2", "1&notify=true",
    "1:transition", "1@evil.test", "．．／x", "1\r\nHost: evil.test", "1\n", "\t1", "1\x00", "1\u2028", "a b", "{created.id}", "{id}",
    "https://evil.test/1", "1//", "*", "~", "|", "\ud800", "octo/..", "../hello#1", "octo/..#1", "octo/hello#../1", "octo/hello#1/../2",
    "octo%2fhello#1", "./hello#1", "octo/hello#1?x=1",
]  # fmt: skip
TAKING_IDS = [one for one in ALL if one.ids]


def segments(request: PlannedRequest) -> list[str]:
    return urlsplit(request.url).path.split("/")


def climbs(segment: str) -> bool:
    """Return true if a server that decodes any number of times would read the segment as a parent directory, or as several segments."""
    for _ in range(6):
        if any(step.partition(";")[0] in {".", ".."} for step in segment.replace("\\", "/").split("/")):
            return True
        segment = unquote(segment)
    return False


@pytest.mark.parametrize("one", TAKING_IDS, ids=str)
def test_an_id_stays_in_its_segment(one: Shipped) -> None:
    plain = one.requests()
    sent = 0
    for name in one.ids:
        for hostile in HOSTILE:
            try:
                requests = one.requests(**{name: hostile})
            except REFUSED:
                continue
            sent += 1
            for expected, request in zip(plain, requests, strict=True):
                assert same(expected, request), (name, hostile, request.full_url)
    if one.vendor in {"asana", "google-drive", "jira", "roundup", "todoist"}:  # ids elsewhere have a format that few of these fit
        assert sent > 0, "every hostile id was refused: nothing was judged"


def same(expected: PlannedRequest, request: PlannedRequest) -> bool:
    """Return true if two requests are for the same endpoint."""
    here, there = urlsplit(expected.url), urlsplit(request.url)
    path = segments(request)
    return (
        (expected.method, here.scheme, here.netloc) == (request.method, there.scheme, there.netloc)
        and request.url.isascii()
        and request.url.isprintable()
        and there.query == here.query
        and there.fragment == here.fragment == ""
        and len(path) == len(segments(expected))
        and not any(climbs(segment) for segment in path)
        and [name for name, _ in request.query] == [name for name, _ in expected.query]
        # Parts without the id, which has at most three, are equal.
        and sum(one != other for one, other in zip(path, segments(expected), strict=True)) <= 3
    )


def test_every_kind_of_operation_is_tried() -> None:
    unknown = [str(one) for one in EVERY if one not in ALL]
    assert unknown == [], "they accept none of the values that their mappings and documents declare"
    assert {one.vendor for one in TAKING_IDS} == {one.vendor for one in ALL}
    assert len(TAKING_IDS) > 60


@pytest.mark.parametrize("hostile", ["a/b", "1/…/x", "a?b#c", "%41", "．．／x", "//evil.test", "a;b", "a:b@c"])
def test_on_the_wire(caller: Caller, server: Loopback, hostile: str) -> None:
    """The HTTP library's part: it decodes, joins and normalises nothing on the way."""
    caller.connect(server.url)
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, hostile)
    (target,) = server.targets
    path = target.removeprefix("GET ").partition("?")[0]
    assert path.startswith("/rest/issue/")
    assert path.count("/") == 3
    assert unquote(path.rpartition("/")[2]) == hostile


@pytest.mark.parametrize("hostile", ["..", ".", "", "../../admin", "1/../../x", "%2e%2e%2fadmin", "..;/x", "1\r\nX: y", "1\x00", "\x7f"])
def test_invalid_path_segments(caller: Caller, server: Loopback, hostile: Any) -> None:
    caller.connect(server.url)
    with pytest.raises(InvalidInput):
        caller.run(tasks.get, hostile)
    assert server.seen == []
