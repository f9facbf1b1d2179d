"""Rego in this process and at a server: how responses are read, and the pitfalls of regorus."""

from __future__ import annotations

import gc
import gzip
import random
import threading
import time
import traceback
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx2
import msgspec
import pytest

from tests.policy import questions
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.policy import rego_input, starter_policies
from unified_platform.policy.findings import PolicyErrors
from unified_platform.policy.opa import LARGEST, OPA, OPAError
from unified_platform.policy.rego import RegoPolicies
from unified_runtime import InvalidInput, PolicyEnforcer, Secret
from unified_runtime.core.policy_decisions import Outcome

QUESTION = questions.question(random.Random(1))
ALLOW = {"allow": True, "on_record": []}


@pytest.mark.parametrize(
    "document",
    [
        None, True, "allow", [], [True], 1, {}, {"allow": "true"}, {"allow": 1}, {"allow": "$allow"}, {"allow": [True]}, {"allow": {}},
        {**ALLOW, "deny": True}, {**ALLOW, "deny": "no"}, {**ALLOW, "deny": {"no": True}}, {**ALLOW, "deny": [1]},
        {**ALLOW, "deny": ["no"]},
        {**ALLOW, "deny": None}, {**ALLOW, "approval": True}, {**ALLOW, "approval": "x"}, {**ALLOW, "on_record": "no"},
        {**ALLOW, "on_record": 0}, {**ALLOW, "on_record": None}, {**ALLOW, "on_record": [0]},
    ],
)  # fmt: skip
def test_only_true_allows(document: Any) -> None:
    assert rego_input.decision(document, QUESTION).outcome is Outcome.DENY


def test_results_read_from_a_document() -> None:
    assert rego_input.decision(ALLOW, QUESTION).outcome is Outcome.ALLOW
    assert rego_input.decision({"allow": True, "other": "$allow"}, QUESTION).outcome is Outcome.ALLOW
    found = rego_input.decision({**ALLOW, "approval": ["ask"]}, QUESTION)
    assert (found.outcome, found.reasons) == (Outcome.APPROVAL, ("ask",))


def test_a_record_is_shown_unless_the_policy_states_that_it_need_not_be() -> None:
    question = next(q for q in questions.questions(1, 100) if q.like == "get")
    assert rego_input.decision({"allow": True}, question).on_record is True
    assert rego_input.decision({"allow": True, "on_record": False}, question).on_record is False
    assert rego_input.decision({"allow": True, "on_record": []}, question).on_record is False
    assert rego_input.decision({"allow": True, "on_record": ["mine"]}, question).on_record is True


CAP = "package unified.policy\nimport rego.v1\nallow if to_number(input.input.amount) <= 1000\non_record := false"


@pytest.mark.parametrize(
    ("amount", "allowed"),
    [
        ("1000", True), ("1000.00", True), ("1E+3", True), ("999.9999999999", True), ("-5", True), ("1000.0000000001", False),
        ("1001", False), ("9007199254740993", False), ("1000.0000000000000001", False), ("999.99999999999999999", False),
        ("NaN", False), ("-Infinity", False), ("1e400", False), ("-1e400", False),
    ],
)  # fmt: skip
def test_an_amount_is_compared_exactly_or_denied(amount: str, allowed: bool) -> None:
    question = msgspec.structs.replace(QUESTION, resource="deals", operation="create", like="create", input={"amount": Decimal(amount)})
    (found,) = RegoPolicies({"a.rego": CAP}).decide([question])
    assert (found.outcome is Outcome.ALLOW) is allowed


def test_inputs_that_cannot_be_encoded_deny_only_themselves() -> None:
    engine = RegoPolicies({"a.rego": starter_policies.text("anything", "rego")})
    plain = msgspec.structs.replace(QUESTION, phase="record", record={"id": "1", "amount": Decimal(1)})
    odd = msgspec.structs.replace(plain, record={"id": "2", "amount": Decimal("0.10000000000000000001")})
    large = msgspec.structs.replace(plain, record={"id": "3", "employees": 2**60})
    assert [d.outcome for d in engine.decide([plain, odd, plain, large])] == [Outcome.ALLOW, Outcome.DENY, Outcome.ALLOW, Outcome.DENY]


# ------------------------------------------------------------------------------------------------ regorus
SAVED: list[Any] = []
"""Engines that must not be garbage collected in another thread, which reports an error."""


def test_threads_share_an_engine() -> None:
    engine = RegoPolicies({"a.rego": starter_policies.text("read-only", "rego")})
    policy_requests = [*questions.questions(2, 50)]
    wanted = [decision.outcome for decision in engine.decide(policy_requests)]
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append([d.outcome for d in engine.decide(policy_requests)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 8


def test_a_panic_of_the_engine_is_a_no() -> None:
    """An engine of regorus that is used outside its own thread panics, and the panic is not an Exception."""
    regorus = pytest.importorskip("regorus")
    stolen = regorus.Engine()
    SAVED.append(stolen)

    class Panicking:
        embedded = False  # called in another thread

        def decide(self, questions: Any) -> Any:
            return stolen.eval_query_as_json("1")

    raised: list[BaseException] = []

    def elsewhere() -> None:
        try:
            Panicking().decide([])
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert type(raised[0]).__name__ == "PanicException"
    assert not isinstance(raised[0], Exception)
    assert [decision.outcome for decision in PolicyEnforcer(Panicking()).decide([QUESTION])] == [Outcome.DENY]


def test_a_failure_in_the_engines_thread_reaches_the_caller() -> None:
    """Two rules of one name that disagree: an error of the evaluation, reported each time and not only once."""
    text = "package unified.policy\nimport rego.v1\nallow := true\nallow := false if input.like"
    policies = RegoPolicies({"a.rego": text})
    for _ in range(2):
        with pytest.raises(RuntimeError, match="rule conflicts"):
            policies.decide([QUESTION])
    assert PolicyEnforcer(policies).decide([QUESTION])[0].outcome is Outcome.DENY


def test_an_error_that_outlives_the_engine_does_not_hold_it() -> None:
    """An engine is dropped in its own thread or not at all; an error's frames would carry it into the caller's."""
    policies = RegoPolicies({"a.rego": "package unified.policy\nimport rego.v1\nallow := true\nallow := false if input.like"})
    with pytest.raises(RuntimeError, match="rule conflicts") as caught:
        policies.decide([QUESTION])
    frames = [frame.f_code.co_name for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert not {"_work", "_document"} & set(frames), frames


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # collect everything that earlier tests have left
def test_its_thread_ends_with_the_engine() -> None:
    policies = RegoPolicies({"a.rego": starter_policies.text("anything", "rego")})
    policies.decide([QUESTION])
    thread = policies._thread
    assert thread is not None
    del policies
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


def test_syntax_is_reported_with_its_location() -> None:
    with pytest.raises(PolicyErrors, match="expecting expression") as caught:
        RegoPolicies({"a.rego": "package unified.policy\nallow if {"})
    assert [(f.file, f.line) for f in caught.value.findings] == [("a.rego", 2)]


@pytest.mark.parametrize("call", ['io.jwt.decode("x")', 'crypto.sha256("x")', "no.such(1)"])
def test_a_function_that_the_engine_lacks_is_reported_at_once(call: str) -> None:
    with pytest.raises(PolicyErrors, match="there is no function"):
        RegoPolicies({"a.rego": f"package unified.policy\nimport rego.v1\ndeny contains {call} if input.never\nallow if true"})


def test_http_send_is_refused_where_it_would_do_nothing() -> None:
    lines = [
        "package unified.policy",
        "import rego.v1",
        "# http.send() noted",
        'x := "http.send()"',
        'deny contains "x" if http.send({}).status',
    ]
    text = "\n".join(lines)
    with pytest.raises(PolicyErrors, match="has no effect here") as caught:
        RegoPolicies({"a.rego": text})
    assert [(f.line, f.column) for f in caught.value.findings] == [(5, 22)]


# ------------------------------------------------------------------------------------------------ a server
@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.mark.parametrize(
    "reply",
    [
        Reply.of({}),
        Reply.of({"result": True}),
        Reply.of({"result": {"allow": "true"}}),
        Reply.of({"result": {"allow": 1}}),
        Reply.of([{"result": {"allow": True}}]),
        Reply.of({"result": {"allow": True, "on_record": []}}, 500),
        Reply.of({"result": {"allow": True, "on_record": []}}, 201),
        Reply(200, b"{"),
        Reply(200, b""),
        Reply(200, b"\xff"),
        Reply(hang_up=True),
        Reply(302, headers={"Location": "/v1/data/other"}),
        Reply(200, b'{"result": {"allow": true, "on_record": [], "x": "' + b"x" * LARGEST + b'"}}'),
        Reply(200, b'{"result": {"allow": true}}', delay=1.0),
    ],
    ids=["undefined", "true", "text", "one", "a list", "500", "201", "cut", "empty", "no text", "hung up", "redirect", "huge", "late"],
)
def test_a_server_that_does_not_plainly_allow_denies(loopback: Loopback, reply: Reply) -> None:
    loopback.answers(reply)
    opa = OPA(loopback.url, timeout=0.3)
    try:
        assert PolicyEnforcer(opa).decide([QUESTION])[0].outcome is Outcome.DENY
    finally:
        opa.close()
    assert len(loopback.seen) == 1


@pytest.mark.parametrize("fault", ["drips", "gzip bomb", "deep", "endless number", "many keys", "endless headers"])
def test_a_response_that_costs_time_or_memory_denies(loopback: Loopback, fault: str) -> None:
    allowed = b'{"result": {"allow": true, "on_record": [], "x": '
    replies = {
        "drips": Reply(200, allowed + b"1}}", drip=0.1),
        "gzip bomb": Reply(200, gzip.compress(allowed + b"1}}" + b" " * 200_000_000, 9), {"Content-Encoding": "gzip"}),
        "deep": Reply(200, allowed + b"[" * 100_000 + b"]" * 100_000 + b"}}"),
        "endless number": Reply(200, allowed + b"9" * (LARGEST - 100) + b"}}"),
        "many keys": Reply(200, b'{"result": {' + b",".join(b'"%d": true' % number for number in range(60_000)) + b"}}"),
        "endless headers": Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n" + allowed + b"1}}"),
    }
    loopback.answers(replies[fault])
    opa = OPA(loopback.url, timeout=0.3)
    started = time.monotonic()
    try:
        assert PolicyEnforcer(opa, timeout=1.0).decide([QUESTION])[0].outcome is Outcome.DENY
    finally:
        opa.close()
    assert time.monotonic() - started < 3


def test_request_to_a_policy_server(loopback: Loopback) -> None:
    loopback.answers(Reply.of({"result": ALLOW}))
    opa = OPA(loopback.url + "/", token=Secret("opa-token"), package="my.rules")
    assert opa.decide([QUESTION])[0].outcome is Outcome.ALLOW
    opa.close()
    (seen,) = loopback.seen
    assert (seen.method, seen.target, seen.headers["Authorization"]) == ("POST", "/v1/data/my/rules", "Bearer opa-token")
    result = seen.json["input"]
    assert (result["resource"], result["operation"], result["effect"]) == (QUESTION.resource, QUESTION.operation, QUESTION.effect)
    assert "user" not in result or result["user"] == QUESTION.user
    assert None not in result.values()


def test_no_server_denies() -> None:
    opa = OPA("http://127.0.0.1:1")
    with pytest.raises(OPAError, match="cannot be reached"):
        opa.decide([QUESTION])
    assert PolicyEnforcer(opa).decide([QUESTION])[0].outcome is Outcome.DENY


@pytest.mark.parametrize(
    "url", ["http://opa.example", "ftp://127.0.0.1", "127.0.0.1:8181", "https://u:p@opa.example", "https://opa.example?x=1"]
)
def test_addresses_that_cannot_be_used(url: str) -> None:
    with pytest.raises(InvalidInput):
        OPA(url)


def test_the_environment_names_no_proxy_for_questions(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    loopback.answers(Reply.of({"result": ALLOW}))
    opa = OPA(loopback.url)
    assert opa.decide([QUESTION])[0].outcome is Outcome.ALLOW
    opa.close()
    assert httpx2.__version__


OWN = """package unified.policy
import rego.v1
allow := true
on_record := false
deny contains "too much" if to_number(input.custom_fields.share__c) > 0.2
deny contains "not yours" if "salary__c" in object.keys(input.custom_fields)"""


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ({}, ()),
        ({"share__c": "0.2"}, ()),
        ({"share__c": Decimal("0.3")}, ("too much",)),
        ({"salary__c": 1, "share__c": "1"}, ("not yours", "too much")),
    ],
)
def test_fields_of_the_account_are_seen_by_name_and_value(written: dict[str, Any], wanted: tuple[str, ...]) -> None:
    question = msgspec.structs.replace(QUESTION, custom_fields=written)
    (found,) = RegoPolicies({"own.rego": OWN}).decide([question])
    assert (found.outcome is Outcome.ALLOW) is (not wanted)
    assert found.reasons == wanted
