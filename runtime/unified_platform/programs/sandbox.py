"""Sandbox of programs: a pool of worker processes of the interpreter Monty, which has no files, network, environment or clock.

A worker that dies or exceeds a limit is replaced, and this process is not affected. The program's calls arrive here as snapshots of the
suspended program, to which the host responds one by one (https://github.com/pydantic/monty).
"""

from __future__ import annotations

import atexit
import bisect
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from unified_platform.common.extras import require_extra
from unified_platform.programs.analysis import Analysis
from unified_platform.programs.api import ASYNC, ROOT, ProgramApi
from unified_platform.programs.diagnostics import Finding
from unified_platform.programs.host import LimitReached, ProgramHost, Request
from unified_platform.programs.limits import Limits
from unified_platform.programs.paging import PAGES, Rewritten
from unified_platform.programs.stubs import module_stub
from unified_platform.tools import Tool

if TYPE_CHECKING:
    import pydantic_monty

GRACE = 10.0
"""Seconds beyond the limit of a program's time after which its worker is killed. The interpreter itself keeps to the limit; a type check
on a busy machine does not count."""
WORKERS = 16
"""Maximum programs that run at the same time in this process."""
_lock = threading.Lock()
_pool: pydantic_monty.Monty | None = None


class TypeErrors(Exception):
    """Type errors of a program, found before anything ran. `found` has the findings."""

    def __init__(self, found: Sequence[Finding]) -> None:
        super().__init__("; ".join(message for *_, message in found))
        self.found = found


class ProgramError(Exception):
    """Error with which a program ended. `line` is the line that raised it, 0 if it is not known."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def pool() -> pydantic_monty.Monty:
    """Return this process's pool of workers. It is started on first use and closed when the process exits.

    Raises:
        ImportError: the extra `programs` is not installed.
    """
    global _pool
    with _lock:
        if _pool is None:
            require_extra("pydantic_monty", "programs", "programs")
            import pydantic_monty

            _pool = pydantic_monty.Monty(
                min_processes=1, max_processes=WORKERS, max_checkouts_per_worker=100, feed_duration_limit_grace=GRACE
            )
            _pool.__enter__()
            atexit.register(_pool.__exit__, None, None, None)
        return _pool


def check_types(code: str, modules: Mapping[str, Any]) -> None:
    """Check a program against the stubs of its modules, without running it.

    Raises:
        TypeErrors: it has errors.
    """
    import pydantic_monty

    limits = pydantic_monty.ResourceLimits(max_feed_duration_secs=0.05, max_memory=64 * 1024 * 1024, max_suspensions=1)
    with pool().checkout(type_check=True, type_check_format="json", external_modules=modules, limits=limits) as session:
        try:
            # The first suspension requests stubs, so that the check ends before the program's first statement has an effect.
            snapshot = session.feed_start(code, print_callback=lambda _, __: None)
            if isinstance(snapshot, pydantic_monty.FunctionSnapshot) and snapshot.function_name == "import_stubs":
                snapshot.resume_auto()
        except pydantic_monty.MontyTypingError as error:
            raise TypeErrors([_finding(one) for one in json.loads(str(error))]) from None
        except pydantic_monty.MontySyntaxError as error:
            raise TypeErrors([(0, 0, "syntax", error.display("msg"))]) from None
        except pydantic_monty.MontyCrashedError:
            raise TypeErrors([(0, 0, "limit", "the program could not be checked within the limits of time and memory")]) from None
        except pydantic_monty.MontyRuntimeError as error:
            if (unsupported := _unsupported(error)) is not None:
                raise TypeErrors([(_line(error), 0, "unsupported", unsupported)]) from None


def execute(
    source: Rewritten, modules: Mapping[str, Any], host: ProgramHost, limits: Limits, seed: str, write: Callable[[str], None]
) -> Any:
    """Run a program to its end, and return the value of its last expression.

    Args:
        modules: modules that it can import.
        host: makes its calls.
        seed: initial state of its random numbers.
        write: receives what it prints.

    Raises:
        ProgramError: it failed.
        Paused: a call of it waits for something.
        LimitReached: a limit is reached.
        Diverged: its journal is that of another program.
    """
    import pydantic_monty

    policy = pydantic_monty.OSPolicy(datetime="call_host", sleep="call_host", random_start={"seed": seed})
    bounds = pydantic_monty.ResourceLimits(
        max_feed_duration_secs=limits.seconds, max_memory=limits.memory, max_suspensions=limits.calls * 4 + 200, max_recursion_depth=200
    )
    with pool().checkout(external_modules=modules, limits=bounds, os_policy=policy) as session:
        try:
            snapshot = session.feed_start(source.code, print_callback=lambda _, text: write(text))
            return _Drive(source, host).to_end(snapshot)
        except pydantic_monty.MontySyntaxError as error:
            raise ProgramError(error.display("msg"), 0) from None
        except pydantic_monty.MontyCrashedError:
            raise LimitReached("the program exceeded a limit of time or memory, and was stopped") from None
        except pydantic_monty.MontyRuntimeError as error:
            raise ProgramError(error.display("type-msg"), source.line(_line(error))) from None


class _Drive:
    """Responds to the suspensions of a program until it ends."""

    def __init__(self, source: Rewritten, host: ProgramHost) -> None:
        self._source = source
        self._host = host
        self._starts = [0]
        for line in source.code.encode().split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._waiting: dict[int, Request] = {}

    def to_end(self, snapshot: Any) -> Any:
        import pydantic_monty

        while not isinstance(snapshot, pydantic_monty.MontyComplete):
            if isinstance(snapshot, pydantic_monty.FunctionSnapshot):
                snapshot = self._function(snapshot)
            elif isinstance(snapshot, pydantic_monty.FutureSnapshot):
                ids = sorted(snapshot.pending_call_ids)
                responses: Sequence[Any] = self._host.together([self._waiting.pop(id) for id in ids])
                snapshot = snapshot.resume(dict(zip(ids, responses, strict=True)))
            else:
                snapshot = snapshot.resume_auto()
        return snapshot.output

    def _function(self, snapshot: pydantic_monty.FunctionSnapshot) -> Any:
        name = str(snapshot.function_name)
        if snapshot.is_os_function:
            return self._system(snapshot, name)
        line = self._line(snapshot.position.start)
        if snapshot.object_id is not None:
            return snapshot.resume_auto()  # a method of a file handle
        path = name.removeprefix(f"{ROOT}.")
        if path.startswith(f"{ASYNC}."):
            request = self._host.begin(path.removeprefix(f"{ASYNC}."), snapshot.args, snapshot.kwargs, line)
            self._waiting[snapshot.call_id] = request
            return snapshot.resume({"future": ...})
        result: Any = self._host.call(self._host.begin(path, snapshot.args, snapshot.kwargs, line))
        return snapshot.resume(result)

    def _system(self, snapshot: pydantic_monty.FunctionSnapshot, name: str) -> Any:
        if name in ("import", "import_stubs"):
            return snapshot.resume_auto()
        if name in ("time.sleep", "asyncio.sleep"):
            (seconds,) = snapshot.args[:1] or (0,)
            self._host.sleep(float(seconds))
            return snapshot.resume({"return_value": snapshot.kwargs.get("result")})
        if name == "time.time":
            return snapshot.resume({"return_value": self._host.clock(name)})
        if name in ("datetime.now", "date.today"):
            return snapshot.resume({"return_value": _now(name, self._host.clock(name), snapshot.args)})
        return snapshot.resume_not_handled()

    def _line(self, offset: int) -> int:
        return self._source.line(bisect.bisect_right(self._starts, offset))


def modules_of(analysis: Analysis, api: ProgramApi) -> dict[str, Any]:
    """Return the modules that a program can import: those with the functions that it names."""
    import pydantic_monty

    tree: dict[str, dict[str, Tool]] = {}
    for use in analysis.uses:
        package, _, name = use.path.rpartition(".")
        tree.setdefault(f"{ASYNC}.{package}" if use.asynchronous else package, {})[name] = api[use.path]
    for dotted in analysis.modules.values():  # imported modules without a function that exists: the check reports the functions
        below = dotted.partition(".")[2]
        plain = below.removeprefix(f"{ASYNC}.")
        if plain and api.functions(plain):
            tree.setdefault(below, {})

    def module(prefix: str) -> Any:
        functions = tree.get(prefix, {})
        below = sorted({name[len(prefix) :].lstrip(".").partition(".")[0] for name in tree if _is_below(name, prefix)})
        inner = {name: module(f"{prefix}.{name}".lstrip(".")) for name in below}
        stub = "".join(f"from . import {name} as {name}\n" for name in below)
        if functions or prefix in tree:
            stub += module_stub(functions, asynchronous=prefix.startswith(f"{ASYNC}."))
        calls = dict.fromkeys(functions, _unanswered)
        calls |= {f"{PAGES}{name}": _unanswered for name, tool in functions.items() if tool.lists}
        return pydantic_monty.ExternalModule({**calls, **inner}, stubs=stub)

    return {ROOT: module("")}


def _is_below(name: str, prefix: str) -> bool:
    return name != prefix and (not prefix or name.startswith(f"{prefix}."))


def _unanswered(*_: Any, **__: Any) -> Any:
    raise AssertionError("the host makes this call")


def _now(name: str, seconds: float, args: tuple[Any, ...]) -> Any:
    from datetime import UTC, date, datetime

    if name == "date.today":
        return date.fromisoformat(datetime.fromtimestamp(seconds, UTC).date().isoformat())
    zone = args[0] if args else None
    now = datetime.fromtimestamp(seconds, UTC)
    return now.astimezone(zone) if zone is not None else now.replace(tzinfo=None)


def _finding(one: Mapping[str, Any]) -> Finding:
    location = one["location"]
    return int(location["row"]), int(location["column"]), str(one["code"]), str(one["message"])


def _line(error: pydantic_monty.MontyRuntimeError) -> int:
    frames = [frame for frame in error.traceback() if frame.filename.startswith("<python-input")]
    return frames[-1].line if frames else 0


def _unsupported(error: pydantic_monty.MontyRuntimeError) -> str | None:
    text = error.display("msg")
    return text if "syntax parser" in text else None
