"""Rego, embedded: regorus, an interpreter of Rego by Microsoft.

An engine of it belongs to the thread that made it: used or even forgotten elsewhere, it panics, and the panic is no `Exception`. So it is
made, used and forgotten in a thread of its own.
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

from unified_platform.extras import extra
from unified_platform.policy.cedar import zone
from unified_platform.policy.findings import Finding, PolicyMistakes
from unified_platform.policy.rego_documents import PACKAGE, answers
from unified_runtime.control.policy import Decision, Question

_CALL = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?P<name>[A-Za-z_][\w.]*)\s*\(')
"""Comments and texts, which are passed over, and calls of Rego."""

_CUSTOM = re.compile(r'#[^\n]*|\binput\.custom_fields(?:\.|\[")(?P<name>[A-Za-z_]\w*)')
"""Comments, which are passed over, and custom fields by name."""

_OWN = re.compile(r"^(?:default\s+)?(?P<name>[A-Za-z_]\w*)\(", re.MULTILINE)
"""Functions that a policy defines."""

_WORDS = frozenset({"as", "contains", "default", "else", "every", "if", "import", "in", "not", "package", "set", "some", "with", "walk"})
"""Keywords that a parenthesis may follow; `set` and `walk` are functions without plain arguments, and are there."""

_NO_SEND = "http.send does nothing here: ask an OPA server, or give the policy what it needs as data"

_Job = tuple[list[str], "Future[list[Any]]"]


class RegoPolicies:
    """A policy engine over Rego policies of the package `unified.policy`.

    Args:
        texts: policies by the name of their file.
        data: what the policies find under `data`.
        time_zone: where the policies' people are, for `input.local`.

    Raises:
        PolicyMistakes: a policy cannot be read, or calls a function that the engine does not have.
        InvalidInput: there is no such time zone, or the extra `rego` is not installed.
    """

    embedded = True

    def __init__(self, texts: Mapping[str, str], *, data: Mapping[str, Any] | None = None, time_zone: str = "UTC") -> None:
        self._regorus = extra("regorus", "rego", "a Rego policy in this process")
        self._texts = dict(texts)
        self._data = json.dumps(data or {})
        self._zone = zone(time_zone)
        self._check()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        weakref.finalize(self, self._jobs.put, None)

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """One decision for each question."""
        return answers(questions, self._zone, self._documents)

    def _documents(self, inputs: list[dict[str, Any]]) -> list[Any]:
        asked = [json.dumps(one) for one in inputs]
        answer: Future[list[Any]] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # a forked process has none
                arguments = (self._regorus, self._texts, self._data, self._jobs)
                self._thread = threading.Thread(target=_work, args=arguments, name="unified-rego", daemon=True)
                self._thread.start()
            self._jobs.put((asked, answer))
        return answer.result()

    # ------------------------------------------------------------------------------------------------ mistakes
    def _check(self) -> None:
        """Syntax, and functions that regorus lacks: it says so only when it comes to one, and `http.send` it passes over."""
        for file, text in self._texts.items():
            try:
                self._regorus.Engine().add_policy(file, text)
            except RuntimeError as error:
                raise PolicyMistakes([_finding(file, str(error))], self._texts) from None
        named = [(file, match) for file, text in self._texts.items() for match in _CUSTOM.finditer(text) if match["name"]]
        spelled = [_custom_finding(file, self._texts[file], match) for file, match in named if match["name"] != match["name"].lower()]
        if spelled:
            raise PolicyMistakes(spelled, self._texts)
        calls = [(file, match) for file, text in self._texts.items() for match in _CALL.finditer(text) if match["name"]]
        own = {match["name"] for text in self._texts.values() for match in _OWN.finditer(text)}
        missing = {name for name in {match["name"] for _, match in calls} - own - _WORDS if name == "http.send" or self._lacks(name)}
        if missing:
            found = [_call_finding(file, self._texts[file], match) for file, match in calls if match["name"] in missing]
            raise PolicyMistakes(found, self._texts)

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
    """The thread of one engine, until there is no more to do."""
    engine = regorus.Engine()
    for file, text in texts.items():
        engine.add_policy(file, text)
    engine.add_data_json(data)
    while (job := jobs.get()) is not None:
        asked, answer = job
        try:
            answer.set_result([_document(engine, text) for text in asked])
        except BaseException as error:  # noqa: BLE001  the engine panics with what is no Exception; who asked is told, and takes it for a no
            answer.set_exception(error.with_traceback(None))  # whose frames hold the engine, and only this thread may let go of it


def _document(engine: Any, asked: str) -> Any:
    """The document of the package; None where it is undefined. As JSON, as OPA answers: regorus has Python types of its own."""
    engine.set_input_json(asked)
    results = json.loads(engine.eval_query_as_json(f"data.{PACKAGE}")).get("result")
    if not isinstance(results, list) or len(results) != 1:
        return None
    (expression,) = results[0]["expressions"]
    return expression["value"]


def _call_finding(file: str, text: str, match: re.Match[str]) -> Finding:
    name = match["name"]
    return _named(
        file, text, match, _NO_SEND if name == "http.send" else f"there is no function {name} here: ask an OPA server, which has it"
    )


def _custom_finding(file: str, text: str, match: re.Match[str]) -> Finding:
    name = match["name"]
    told = f"the names of custom fields are in lower case here, however a call spells them: {name!r} is never there; write {name.lower()!r}"
    return _named(file, text, match, told)


def _named(file: str, text: str, match: re.Match[str], told: str) -> Finding:
    start = match.start("name")
    return Finding(file, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), told, len(match["name"]))


def _finding(file: str, message: str) -> Finding:
    """Regorus tells the place in its text: `--> file:line:column`, and the reason behind `error:`."""
    lines = message.splitlines()
    reason = next((line.partition("error:")[2].strip() for line in lines if "error:" in line), lines[0] if lines else "cannot be read")
    place = next((line.partition("-->")[2].strip() for line in lines if "-->" in line), "")
    _, _, numbers = place.partition(f"{file}:")
    line, _, column = numbers.partition(":")
    return Finding(file, int(line) if line.isdigit() else 1, int(column) if column.isdigit() else 1, reason)
