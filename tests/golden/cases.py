"""Golden cases: a folder each, with inputs and the expected diagnostics or output of the compiler.

`case.md`              its first line is the reason for the case
`mappings/`, `specs/`  inputs
`case.yaml`            optional: `base` (a case whose inputs come first), `edit` (file to {old text: new text}; each old text
                       must occur exactly once), `delete` (files), `generated` (the compiled files to compare; all
                       if left out)
                       `run` (arguments of `gen`, for a case of another command than `gen build`; its output is the text)
`documents/`           complete documents of vendors, for such cases
`expected/diagnostics.txt`  every finding as text; without this file, no finding
`expected/generated/`       compiled files
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from unified_gen.pipeline.inputs import Inputs, VendorInputs

FOLDER = Path(__file__).parent
KEYS = {"base", "edit", "delete", "generated", "run"}


class BrokenCase(ValueError):
    """Case that is not valid."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case, its inputs merged."""

    name: str
    why: str
    files: Mapping[str, str]
    """Name relative to the project's root, to text."""
    generated: tuple[str, ...] | None
    run: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    @property
    def inputs(self) -> Inputs:
        """Return the files as the compiler gets them."""
        return inputs_of(self.files)

    def lay(self, root: Path) -> None:
        """Write the files below a folder, byte for byte."""
        for part in ("mappings", "specs", "documents"):
            (root / part).mkdir(parents=True)
        for file, text in self.files.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(text.encode("utf-8", "surrogateescape"))


def inputs_of(files: Mapping[str, str]) -> Inputs:
    """Return files by name as `read_inputs` would read them from a disk."""
    ordered = dict(sorted(files.items()))

    def below(prefix: str) -> dict[str, str]:
        return {file: text for file, text in ordered.items() if file.startswith(prefix) and file.count("/") == prefix.count("/")}

    vendors = sorted({file.split("/")[2] for file in ordered if file.startswith("mappings/vendors/")})
    return Inputs(
        models=below("mappings/models/"),
        vendors=tuple(VendorInputs(name, below(f"mappings/vendors/{name}/"), below(f"specs/{name}/")) for name in vendors),
    )


def names() -> list[str]:
    """Return all cases, in order."""
    return sorted(location.parent.name for location in FOLDER.glob("*/case.md"))


def load(name: str) -> Case:
    """Merge the inputs of one case.

    Raises:
        BrokenCase: it gives no reason, its base is missing, or an edit does not fit.
    """
    folder = FOLDER / name
    first = (folder / "case.md").read_text("utf-8").partition("\n")[0].strip()
    if len(first) < 20 or first.startswith("#"):
        raise BrokenCase(f"{name}: the first line of case.md says why the case exists")
    settings: dict[str, Any] = yaml.safe_load((folder / "case.yaml").read_text("utf-8")) if (folder / "case.yaml").exists() else {}
    if unknown := set(settings) - KEYS:
        raise BrokenCase(f"{name}: case.yaml has no key {sorted(unknown)}")
    files = dict(load(settings["base"]).files) if "base" in settings else {}
    for part in ("mappings", "specs", "documents"):
        for location in sorted((folder / part).rglob("*")):
            if location.is_file():
                files[location.relative_to(folder).as_posix()] = location.read_bytes().decode("utf-8", "surrogateescape")
    for file, edits in settings.get("edit", {}).items():
        for old, new in edits.items():
            if file not in files or files[file].count(old) != 1:
                raise BrokenCase(f"{name}: {old!r} stands {files.get(file, '').count(old)} times in {file}, not once")
            files[file] = files[file].replace(old, new)
    for file in settings.get("delete", []):
        if files.pop(file, None) is None:
            raise BrokenCase(f"{name}: there is no {file} to delete")
    generated = settings.get("generated")
    return Case(name, first, files, tuple(generated) if generated is not None else None, tuple(settings.get("run", ())))
