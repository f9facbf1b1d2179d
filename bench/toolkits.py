"""Benchmark of toolkits: tokens and CPU time of the tools of complete documents, compared with FastMCP and openapi-python-client."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bench.measure import Command, CommandFailed, processes
from bench.peer_process import INSTALLED, SCRIPTS
from tests.support.tokens import counter, tokens

TITLE = "Toolkits"
TEXT = """
Every operation of a vendor's complete document as a tool, in one run: complete processes that read the document and
write name, description and parameters of each tool as JSON. Toolkits describe nested objects to three levels, and have
no text of the vendor. FastMCP's output schemas are not counted. openapi-python-client writes a Python client, without
tools; a document that it rejects is not in its sum, nor in ours beside it. Goals, in sum: at most 0.4 of FastMCP's
tokens, and a tenth of the time. Of our time, a quarter is importing, a third reading and storing the document.
"""
DOCUMENTS = {
    "Jira": Path("jira", "jira-platform-v3.json"),
    "GitHub": Path("github", "api.github.com.json"),
    "Stripe": Path("stripe", "stripe-2024-04-10.json"),
}
STORED = Path(__file__).with_name("toolkits.json")
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
OURS, FASTMCP, CLIENT = "toolkit", "FastMCP", "openapi-python-client"


@dataclass(frozen=True, slots=True)
class Made:
    """Result of a program for a document: tools and their tokens, none for a client; CPU seconds, and peak size in bytes."""

    tools: int
    tokens: int
    seconds: float
    memory: int


def lines(names: Sequence[str]) -> list[str]:
    """Measure documents, and return the table."""
    folder = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
    if folder is None:
        sys.exit("UNIFIED_VENDOR_DOCUMENTS is not set: the complete documents are needed")
    missing = [name for name in ("fastmcp", "openapi-python-client") if not (INSTALLED / name / ".installed").exists()]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}; run `make peers`")
    found = {name: _measured(Path(folder, DOCUMENTS[name])) for name in names}
    table = [
        f"Tokens of {counter()[0]}.",
        "",
        "| document | tools | tokens, toolkit | FastMCP | ratio "
        "| CPU s, toolkit | FastMCP | openapi-python-client | MB, toolkit | FastMCP |",
        "|---|" + "--:|" * 9,
    ]
    for name, made in found.items():
        table.append(_row(name, made[OURS], made[FASTMCP], made.get(CLIENT), f"{made[OURS].tools:,}"))
    ours, fastmcp = _sum(made[OURS] for made in found.values()), _sum(made[FASTMCP] for made in found.values())
    clients = [made for made in found.values() if CLIENT in made]
    table.append(_row("**sum**", ours, fastmcp, _sum(made[CLIENT] for made in clients), f"{ours.tools:,}"))
    beside = sum(made[OURS].seconds for made in clients)
    generated = sum(made[CLIENT].seconds for made in clients)
    return [
        *table,
        "",
        f"In sum, a toolkit's tools have **{ours.tokens / fastmcp.tokens:.2f}** of FastMCP's tokens, and need "
        f"**{ours.seconds / fastmcp.seconds:.3f}** of",
        f"its time and **{beside / generated:.3f}** of that of openapi-python-client; "
        f"**{ours.seconds / (fastmcp.seconds + generated):.3f}** of both together.",
    ]


def _row(name: str, ours: Made, fastmcp: Made, client: Made | None, tools: str) -> str:
    cells = [
        tools, f"{ours.tokens:,}", f"{fastmcp.tokens:,}", f"{ours.tokens / fastmcp.tokens:.2f}", f"{ours.seconds:.2f}",
        f"{fastmcp.seconds:.1f}", "rejected" if client is None else f"{client.seconds:.1f}", f"{ours.memory / 1e6:,.0f}",
        f"{fastmcp.memory / 1e6:,.0f}",
    ]  # fmt: skip
    return f"| {name} | {' | '.join(cells)} |"


def _sum(made: Sequence[Made] | object) -> Made:
    each = list(made)  # type: ignore[call-overload]
    return Made(
        sum(one.tools for one in each),
        sum(one.tokens for one in each),
        sum(one.seconds for one in each),
        max((one.memory for one in each), default=0),
    )


def _measured(document: Path) -> dict[str, Made]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        client = folder / "client"
        own, peer = folder / "own.json", folder / "peer.json"
        generate = [str(INSTALLED / CLIENT / "bin" / CLIENT), "generate", "--path", str(document), "--output-path", str(client)]
        commands = {
            OURS: Command([sys.executable, str(SCRIPTS / "toolkit_tools.py"), str(document), str(own)]),
            FASTMCP: Command(
                [str(INSTALLED / "fastmcp" / "bin" / "python"), "-W", "ignore", str(SCRIPTS / "fastmcp_tools.py"), str(document), str(peer)]
            ),
            CLIENT: Command([*generate, "--meta", "none"], lambda: shutil.rmtree(client, ignore_errors=True)),
        }
        found: dict[str, Made] = {}
        with mock.patch.dict(os.environ, UNIFIED_TOOLKITS=str(folder / "toolkits")):
            for subject, command in commands.items():
                sys.stderr.write(f"{document.name}, {subject} …\n")
                try:
                    (series,) = processes({subject: command}, 1, warm=False)
                except CommandFailed as failed:
                    if subject != CLIENT:
                        raise
                    sys.stderr.write(f"{str(failed)[-300:]}\n")
                    continue
                found[subject] = Made(0, 0, series.seconds[0], series.memory or 0)
        for subject, file in ((OURS, own), (FASTMCP, peer)):
            made = json.loads(file.read_bytes())
            count = sum(tokens(json.dumps(tool, ensure_ascii=False, separators=(",", ":"))) for tool in made)
            found[subject] = Made(len(made), count, found[subject].seconds, found[subject].memory)
        return found


def stored_table() -> Sequence[str]:
    """Return the table as it was measured last."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    return [*stored["lines"], "", f"Measured on {stored['date']}."]


def main() -> None:
    """Print the table; with `--write`, store it and put it into docs/reference/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="python -m bench toolkits", description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true", help="Jira only")
    options = parser.parse_args()
    table = lines(["Jira"] if options.quick else list(DOCUMENTS))
    sys.stdout.write("\n".join(table) + "\n")
    if not options.write or options.quick:
        return
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    STORED.write_text(json.dumps({"date": today, "lines": table}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    head, *blocks = PAGE.read_text(encoding="utf-8").split("\n\n## ")
    section = "\n".join([TITLE, "", TEXT.strip(), "", *stored_table()])
    others = [block for block in blocks if not block.startswith(f"{TITLE}\n")]
    position = next((at for at, block in enumerate(others) if block.startswith("Tool search\n")), len(others))
    PAGE.write_text("\n\n## ".join([head, *others[:position], section, *others[position:]]).rstrip() + "\n", encoding="utf-8")
