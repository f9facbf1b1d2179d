"""Benchmark of `gen build` against other generators on the same documents, and of an unchanged build against starting Python."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Command, CommandFailed, Measured, processes
from bench.peer_process import INSTALLED

ROOT = Path(__file__).parents[1]
GEN = str(Path(sys.executable).with_name("gen"))
MODELS_ONLY = "datamodel-code-generator, models only"
"""Baseline of all clean builds."""


@dataclass(frozen=True, slots=True)
class CompleteDocument:
    """Document as its vendor publishes it, in the folder of vendors' documents."""

    title: str
    vendor: str
    document: Path
    rounds: int
    mapped: bool = True
    """True if the project has mappings for this vendor."""

    @property
    def group(self) -> str:
        return f"clean build, {self.title}'s complete document"


COMPLETE_DOCUMENTS = (
    CompleteDocument("Jira", "jira", Path("jira", "jira-platform-v3.json"), 3),
    CompleteDocument("Asana", "asana", Path("asana", "asana_oas.yaml"), 3),
    CompleteDocument("GitHub", "github", Path("github", "api.github.com.json"), 2),
    CompleteDocument("Stripe", "stripe", Path("stripe", "stripe-2024-04-10.json"), 1, mapped=False),
)


def measure(quick: bool) -> Measured:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        found = {
            "clean build, the vendors": processes(_catalog(folder), 1 if quick else 5, warm=not quick),
            "unchanged build": processes(_unchanged(folder), 1 if quick else 25),
        }
        documents = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
        if documents is None:
            sys.stderr.write("UNIFIED_VENDOR_DOCUMENTS is not set: skipping builds of complete documents\n")
            return found
        for one in COMPLETE_DOCUMENTS[: 1 if quick else None]:
            document = Path(documents) / one.document
            commands = build_commands(folder / one.vendor, one, document) | _accepting(one, peers(folder, document))
            found[one.group] = processes(commands, 1 if quick else one.rounds, warm=False)
        return found


def _catalog(folder: Path) -> dict[str, Command]:
    """Return a build of the project, and of models of the same documents."""
    project = _copy(folder / "catalog")
    documents = sorted((project / "specs").glob("*/openapi.yaml"))
    return {
        "gen build": Command([GEN, "build", "--root", str(project)], lambda: clean(project)),
        MODELS_ONLY: _models_only(folder / "models", documents),
    }


def _unchanged(folder: Path) -> dict[str, Command]:
    project = _copy(folder / "unchanged")
    return {
        "gen build, nothing changed": Command([GEN, "build", "--root", str(project)]),
        "python -c pass": Command([sys.executable, "-c", "pass"]),
    }


def build_commands(folder: Path, one: CompleteDocument, document: Path) -> dict[str, Command]:
    """Return builds of a vendor's mappings with its complete document, and of models of the same document."""
    commands = {}
    if one.mapped:
        project = _copy(folder / "complete", vendor=one.vendor)
        target, text = project / "specs" / one.vendor / "openapi.yaml", document.read_bytes()  # JSON is YAML
        target.write_bytes(text)
        number = itertools.count(1)

        def change_document() -> None:
            """Make the cache miss for this document but hit for shared files: append blank lines."""
            target.write_bytes(text + b"\n" * next(number))
            shutil.rmtree(project / "generated", ignore_errors=True)

        command = [GEN, "build", "--root", str(project)]
        commands["gen build, shared files too"] = Command(command, lambda: clean(project))
        commands["gen build"] = Command(command, change_document)
    return commands | {MODELS_ONLY: _models_only(folder / "complete-models", [document])}


def _accepting(one: CompleteDocument, commands: dict[str, Command]) -> dict[str, Command]:
    """Return the generators that accept the document, and report those that reject it."""
    found = {}
    for name, command in commands.items():
        try:
            processes({name: command}, 1, warm=False)
        except CommandFailed as error:
            sys.stderr.write(f"  {name} rejects {one.title}'s document:\n{str(error)[-400:]}\n")
        else:
            found[name] = command
    return found


def peers(folder: Path, document: Path) -> dict[str, Command]:
    """Return the installed generators of complete clients."""
    python, node = INSTALLED / "openapi-python-client" / "bin", INSTALLED / "typescript" / "node_modules" / ".bin"
    client, typed, config = folder / "client", folder / "typed", folder / "client.yaml"
    config.write_text("literal_enums: true\n")  # Stripe has enum values that collide as names; its error message suggests this
    generate = [str(python / "openapi-python-client"), "generate", "--path", str(document), "--output-path", str(client), "--meta", "none"]
    generate += ["--config", str(config)]
    typescript = [str(node / "openapi-ts"), "-i", str(document), "-o", str(typed), "-p", "@hey-api/typescript", "@hey-api/sdk"]
    found = {
        "openapi-python-client": Command(generate, lambda: shutil.rmtree(client, ignore_errors=True)),
        "@hey-api/openapi-ts": Command(typescript, lambda: shutil.rmtree(typed, ignore_errors=True)),
    }
    return {name: command for name, command in found.items() if Path(command.arguments[0]).exists()}


def _models_only(output: Path, documents: list[Path]) -> Command:
    """Return datamodel-code-generator run on all documents in one process, so that it is imported once."""
    return Command(
        [sys.executable, "-m", "bench.models_only", str(output), *map(str, documents)], lambda: shutil.rmtree(output, ignore_errors=True)
    )


def _copy(project: Path, vendor: str | None = None) -> Path:
    """Copy the repository's models, mappings and specs, of one vendor or of all."""
    for part in ("mappings/models", f"mappings/vendors/{vendor or ''}", f"specs/{vendor or ''}"):
        shutil.copytree(ROOT / part, project / part)
    return project


def clean(project: Path) -> None:
    """Remove all that was built and cached."""
    shutil.rmtree(project / "generated", ignore_errors=True)
    shutil.rmtree(project / ".cache", ignore_errors=True)
