"""Rego policy engine in this process, by regorus, Microsoft's interpreter of Rego.

A regorus engine belongs to the thread that made it: used or freed in another thread, it panics, and the panic is not an `Exception`.
So it is made, used and freed in a thread of its own.
"""

from __future__ import annotations

import json
import queue
import re
import threading
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from unified_platform.common.extras import require_extra
from unified_platform.policy.cedar import zone
from unified_platform.policy.findings import Finding, PolicyErrors, check_texts
from unified_platform.policy.rego_checks import never
from unified_platform.policy.rego_input import PACKAGE, decisions
from unified_runtime.core.policy_decisions import Decision, PolicyRequest

_CALL = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?P<name>[A-Za-z_][\w.]*)\s*\(')
"""Comments and strings, which are skipped, and function calls of Rego."""

_OWN = re.compile(r"^(?:default\s+)?(?P<name>[A-Za-z_]\w*)\(", re.MULTILINE)
"""Functions that a policy defines."""

_WORDS = frozenset({"as", "contains", "default", "else", "every", "if", "import", "in", "not", "package", "set", "some", "with", "walk"})
"""Keywords that a parenthesis may follow, and `set` and `walk`: functions that exist, but take no plain arguments."""

_NO_SEND = "http.send has no effect here: use an OPA server, or give the policy what it needs as data"

_Job = tuple[list[str], "Future[list[Any]]"]


class RegoPolicies:
    """Policy engine over Rego policies of the package `unified.policy`.

    Args:
        texts: policies by file name: `{"tasks.rego": "package unified.policy ..."}`.
        data: value of `data` in the policies.
        time_zone: time zone for `input.local`.

    Raises:
        PolicyErrors: a policy cannot be parsed, or calls a function that the engine does not have.
        TypeError: `texts` is not a mapping.
        InvalidInput: there is no such time zone, or the extra `rego` is not installed.
    """

    embedded = True

    def __init__(self, texts: Mapping[str, str], *, data: Mapping[str, Any] | None = None, time_zone: str = "UTC") -> None:
        check_texts(texts, "tasks.rego")
        self._regorus = require_extra("regorus", "rego", "a Rego policy in this process")
        self._texts = dict(texts)
        self._data = json.dumps(data or {})
        self._zone = zone(time_zone)
        self._check()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        weakref.finalize(self, self._jobs.put, None)

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        """Return one decision for each question."""
        return decisions(questions, self._zone, self._documents)

    def _documents(self, inputs: list[dict[str, Any]]) -> list[Any]:
        requested = [json.dumps(one) for one in inputs]
        response: Future[list[Any]] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # a forked process does not have the thread
                arguments = (self._regorus, self._texts, self._data, self._jobs)
                self._thread = threading.Thread(target=_work, args=arguments, name="unified-rego", daemon=True)
                self._thread.start()
            self._jobs.put((requested, response))
        return response.result()

    # ------------------------------------------------------------------------------------------------ mistakes
    def _check(self) -> None:
        """Check syntax, names and enum values that no input has, and functions that regorus lacks.

        Regorus reports a missing function only when it is evaluated, and ignores `http.send`.
        """
        for file, text in self._texts.items():
            try:
                self._regorus.Engine().add_policy(file, text)
            except RuntimeError as error:
                raise PolicyErrors([_finding(file, str(error))], self._texts) from None
        found = [finding for file, text in self._texts.items() for finding in never(file, text)]
        calls = [(file, match) for file, text in self._texts.items() for match in _CALL.finditer(text) if match["name"]]
        own = {match["name"] for text in self._texts.values() for match in _OWN.finditer(text)}
        missing = {name for name in {match["name"] for _, match in calls} - own - _WORDS if name == "http.send" or self._lacks(name)}
        found += [_call_finding(file, self._texts[file], match) for file, match in calls if match["name"] in missing]
        if found:
            raise PolicyErrors(found, self._texts)

    def _lacks(self, name: str) -> bool:
        if name.startswith(("data.", "input.")):
            return False
        probe = self._regorus.Engine()
        try:
            probe.add_policy("probe.rego", f"package probe\nimport rego.v1\nx := {name}(1)")
            probe.eval_query_as_json("data.probe")
        except RuntimeError as error:
            return f"could not find function {name}" in str(error)
        return False


def _work(regorus: Any, texts: Mapping[str, str], data: str, jobs: queue.SimpleQueue[_Job | None]) -> None:
    """Run the thread of one engine, until it gets None instead of a job."""
    engine = regorus.Engine()
    for file, text in texts.items():
        engine.add_policy(file, text)
    engine.add_data_json(data)
    while (job := jobs.get()) is not None:
        requested, response = job
        try:
            response.set_result([_document(engine, text) for text in requested])
        except BaseException as error:  # noqa: BLE001  a panic is not an `Exception`; the caller gets it, and denies
            response.set_exception(error.with_traceback(None))  # its frames hold the engine, which only this thread may free


def _document(engine: Any, input_json: str) -> Any:
    """Return the document of the package; None if it is undefined. As JSON, as OPA returns it: regorus has its own Python types."""
    engine.set_input_json(input_json)
    results = json.loads(engine.eval_query_as_json(f"data.{PACKAGE}")).get("result")
    if not isinstance(results, list) or len(results) != 1:
        return None
    (expression,) = results[0]["expressions"]
    return expression["value"]


def _call_finding(file: str, text: str, match: re.Match[str]) -> Finding:
    name = match["name"]
    return _named(
        file, text, match, _NO_SEND if name == "http.send" else f"there is no function {name} here: use an OPA server, which has it"
    )


def _named(file: str, text: str, match: re.Match[str], message: str) -> Finding:
    start = match.start("name")
    return Finding(file, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), message, len(match["name"]))


def _finding(file: str, message: str) -> Finding:
    """Parse a message of regorus: it has the location as `--> file:line:column`, and the reason after `error:`."""
    lines = message.splitlines()
    reason = next((line.partition("error:")[2].strip() for line in lines if "error:" in line), lines[0] if lines else "cannot be read")
    location = next((line.partition("-->")[2].strip() for line in lines if "-->" in line), "")
    _, _, numbers = location.partition(f"{file}:")
    line, _, column = numbers.partition(":")
    return Finding(file, int(line) if line.isdigit() else 1, int(column) if column.isdigit() else 1, reason)
