"""Translate each package `_async` to its twin `_sync` with unasync; with `--check`, report the files that differ.

`make sync` runs this. unasync drops `async` and `await` and replaces the names below; ruff sorts imports and lays out.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import unasync

ROOT = Path(__file__).parents[1]
RUNTIME = ROOT / "runtime"
RUFF = Path(sysconfig.get_path("scripts")) / "ruff"

NAMES = {
    "_async": "_sync",
    "AsyncClient": "Client",
    "AsyncConnectionPool": "ConnectionPool",
    "AsyncConnector": "Connector",
    "AsyncDefaultTransport": "DefaultTransport",
    "AsyncDownload": "Download",
    "AsyncDraft": "Draft",
    "AsyncFetch": "Fetch",
    "AsyncFlowRunner": "FlowRunner",
    "AsyncHTTPTransport": "HTTPTransport",
    "AsyncHTTPXClientTransport": "HTTPXClientTransport",
    "AsyncHTTPXTransport": "HTTPXTransport",
    "AsyncItems": "Items",
    "AsyncOneTimeGrants": "OneTimeGrants",
    "AsyncOperation": "Operation",
    "AsyncPages": "Pages",
    "AsyncStream": "Stream",
    "AsyncTransport": "Transport",
    "AsyncWorkers": "Workers",
    "PerLoopTransport": "DefaultTransport",
    "aclose": "close",
    "aclosing": "closing",
    "adapt_async": "adapt",
    "adescribe": "describe",
    "aeach": "each",
    "aio": "sync",
    "aiter": "iter",
    "amany": "many",
    "ambient_async": "ambient",
    "amust_read_first": "must_read_first",
    "apiece": "piece",
    "aread_body": "read_body",
    "aread_source": "read_source",
    "arenew": "renew",
    "areport": "report",
    "arun": "run",
    "asend": "send",
    "async_client": "client",
    "async_workers": "workers",
    "asyncio": "time",
    "atrace": "trace",
    "event_loops": "_sync.default",
    "handle_async_request": "handle_request",
    "run_in_thread": "run_here",
}
"""Names of async code and those of their sync twins. Names that are not listed are the same in both."""

RULE = unasync.Rule("/_async/", "/_sync/", additional_replacements=NAMES)


def translated(source: Path) -> str:
    """Return the sync twin of a module in `_async`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "_async", source.name)
        copy.parent.mkdir()
        copy.write_text(source.read_text("utf-8"), "utf-8")
        unasync.unasync_files([str(copy)], [RULE])
        text = Path(folder, "_sync", source.name).read_text("utf-8")
    text = f"# Written by `make sync` from ../_async/{source.name}; edit that module.\n{text}"
    for command in (("check", "--fix", "--quiet", "--select", "I,F401"), ("format", "--quiet")):
        arguments = [str(RUFF), *command, "--stdin-filename", str(twin(source)), "-"]
        text = subprocess.run(arguments, input=text, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True).stdout
    return text


def twin(source: Path) -> Path:
    return source.parents[1] / "_sync" / source.name


def sources() -> list[Path]:
    return sorted(source for source in RUNTIME.rglob("_async/*.py") if source.name != "__init__.py")


def outdated() -> dict[Path, str]:
    """Return the twins that differ from the translation of their sources, with the translation."""
    texts = {twin(source): translated(source) for source in sources()}
    return {path: text for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text}


def main(arguments: list[str]) -> int:
    different = outdated()
    for path, text in different.items():
        print(f"{path.relative_to(ROOT)} {'differs from its source' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if different and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
