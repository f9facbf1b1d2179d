"""Building: `gen build` against datamodel-code-generator on the same documents, and an unchanged build against starting Python."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Command, CommandFailed, Measured, processes
from bench.peer import INSTALLED

ROOT = Path(__file__).parents[1]
GEN = str(Path(sys.executable).with_name("gen"))
MODELS_ONLY = "datamodel-code-generator, models only"
"""The baseline of every clean build."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A document as its vendor publishes it, in the folder of vendors' documents."""

    title: str
    vendor: str
    document: Path
    rounds: int
    mapped: bool = True
    """The project has mappings for it."""

    @property
    def group(self) -> str:
        return f"clean build, {self.title}'s whole document"


WHOLE = (
    Whole("Jira", "jira", Path("jira", "jira-platform-v3.json"), 3),
    Whole("Asana", "asana", Path("asana", "asana_oas.yaml"), 3),
    Whole("GitHub", "github", Path("github", "api.github.com.json"), 2),
    Whole("Stripe", "stripe", Path("stripe", "stripe-2024-04-10.json"), 1, mapped=False),
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
            sys.stderr.write("UNIFIED_VENDOR_DOCUMENTS is not set: whole documents are not built\n")
            return found
        for one in WHOLE[: 1 if quick else None]:
            document = Path(documents) / one.document
            commands = whole(folder / one.vendor, one, document) | _willing(one, peers(folder, document))
            found[one.group] = processes(commands, 1 if quick else one.rounds, warm=False)
        return found


def _catalog(folder: Path) -> dict[str, Command]:
    """The project as it is, and the models of the same documents."""
    project = _copy(folder / "catalog")
    documents = sorted((project / "specs").glob("*/openapi.yaml"))
    return {
        "gen build": Command([GEN, "build", "--root", str(project)], lambda: forget(project)),
        MODELS_ONLY: _models_only(folder / "models", documents),
    }


def _unchanged(folder: Path) -> dict[str, Command]:
    project = _copy(folder / "unchanged")
    return {
        "gen build, nothing changed": Command([GEN, "build", "--root", str(project)]),
        "python -c pass": Command([sys.executable, "-c", "pass"]),
    }


def whole(folder: Path, one: Whole, document: Path) -> dict[str, Command]:
    """A vendor's mappings over its document, in the place of our extract, and the models of the same document."""
    commands = {}
    if one.mapped:
        project = _copy(folder / "whole", vendor=one.vendor)
        place, text = project / "specs" / one.vendor / "openapi.yaml", document.read_bytes()  # JSON is YAML
        place.write_bytes(text)
        turns = itertools.count(1)

        def another() -> None:
            """Nothing of this document was built before; what all vendors share was, with one that differs in blank lines."""
            place.write_bytes(text + b"\n" * next(turns))
            shutil.rmtree(project / "generated", ignore_errors=True)

        command = [GEN, "build", "--root", str(project)]
        commands["gen build, all that is shared too"] = Command(command, lambda: forget(project))
        commands["gen build"] = Command(command, another)
    return commands | {MODELS_ONLY: _models_only(folder / "whole-models", [document])}


def _willing(one: Whole, commands: dict[str, Command]) -> dict[str, Command]:
    """Those that take the document; who refuses it is named."""
    found = {}
    for name, command in commands.items():
        try:
            processes({name: command}, 1, warm=False)
        except CommandFailed as error:
            sys.stderr.write(f"  {name} refuses {one.title}'s document:\n{str(error)[-400:]}\n")
        else:
            found[name] = command
    return found


def peers(folder: Path, document: Path) -> dict[str, Command]:
    """Generators of whole clients, as far as they are installed."""
    python, node = INSTALLED / "openapi-python-client" / "bin", INSTALLED / "typescript" / "node_modules" / ".bin"
    client, typed, config = folder / "client", folder / "typed", folder / "client.yaml"
    config.write_text("literal_enums: true\n")  # what it proposes itself where two words of an enumeration make one name, as Stripe's do
    generate = [str(python / "openapi-python-client"), "generate", "--path", str(document), "--output-path", str(client), "--meta", "none"]
    generate += ["--config", str(config)]
    typescript = [str(node / "openapi-ts"), "-i", str(document), "-o", str(typed), "-p", "@hey-api/typescript", "@hey-api/sdk"]
    found = {
        "openapi-python-client": Command(generate, lambda: shutil.rmtree(client, ignore_errors=True)),
        "@hey-api/openapi-ts": Command(typescript, lambda: shutil.rmtree(typed, ignore_errors=True)),
    }
    return {name: command for name, command in found.items() if Path(command.arguments[0]).exists()}


def _models_only(output: Path, documents: list[Path]) -> Command:
    """All documents in one process: datamodel-code-generator is imported once."""
    return Command(
        [sys.executable, "-m", "bench.models_only", str(output), *map(str, documents)], lambda: shutil.rmtree(output, ignore_errors=True)
    )


def _copy(project: Path, vendor: str | None = None) -> Path:
    """The repository's models, mappings and specs; of one vendor, or of all."""
    for part in ("mappings/models", f"mappings/vendors/{vendor or ''}", f"specs/{vendor or ''}"):
        shutil.copytree(ROOT / part, project / part)
    return project


def forget(project: Path) -> None:
    """Nothing was built here before."""
    shutil.rmtree(project / "generated", ignore_errors=True)
    shutil.rmtree(project / ".cache", ignore_errors=True)
