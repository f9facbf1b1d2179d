"""Supply chain: dependencies locked by hash, the bill of materials, and the pinned base image."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OWN = canonicalize_name(PROJECT["name"])
MAKEFILE = (ROOT / "Makefile").read_text()
IMAGE = re.search(r"^IMAGE_EXTRAS := (.+)$", MAKEFILE, re.MULTILINE)[1].split()  # type: ignore[index]

LOCKED = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+?)(?: ; [^\\]+)? \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked(file: Path) -> dict[str, set[Version]]:
    """Return the versions of a lock file by name, after every line of it was read as a version with hashes."""
    text = file.read_text()
    found: dict[str, set[Version]] = {}
    for match in LOCKED.finditer(text):
        found.setdefault(canonicalize_name(match["name"]), set()).add(Version(match["version"]))
    assert LOCKED.sub("", text) == "", "each line belongs to a version with a hash"
    return found


def wanted(extras: list[str]) -> list[Requirement]:
    """Return the requirements of the project with these extras, those of its own extras included."""
    found, todo = [*map(Requirement, PROJECT["dependencies"])], [*extras]
    done = set[str]()
    while todo:
        extra = todo.pop()
        if extra in done:
            continue
        done.add(extra)
        for requirement in map(Requirement, PROJECT["optional-dependencies"][extra]):
            if canonicalize_name(requirement.name) == OWN:
                todo += requirement.extras
            else:
                found.append(requirement)
    return found


@pytest.mark.parametrize(("file", "extras"), [(ROOT / ".ci" / "requirements.txt", ["dev"]), (DEPLOY / "requirements.txt", IMAGE)])
def test_every_dependency_is_locked_at_a_version_that_the_project_accepts(file: Path, extras: list[str]) -> None:
    versions = locked(file)
    for requirement in wanted(extras):
        there = versions.get(canonicalize_name(requirement.name), set())
        assert there, f"{requirement} is not locked: make lock"
        assert all(version in requirement.specifier for version in there), f"{requirement}: {there}. Run make lock"


def test_both_lock_files_have_the_same_versions() -> None:
    ci, image = locked(ROOT / ".ci" / "requirements.txt"), locked(DEPLOY / "requirements.txt")
    assert {name: versions for name, versions in image.items() if versions != ci.get(name)} == {}


def test_the_image_installs_nothing_without_a_hash() -> None:
    installs = re.findall(r"pip (?:install|wheel) ([^&\n]+)", (DEPLOY / "Dockerfile").read_text())
    assert len(installs) == 4
    for arguments in installs:
        assert "--require-hashes" in arguments or ("--no-deps" in arguments and " -r " not in arguments), arguments
    assert {name for name, _ in locked(DEPLOY / "requirements-build.txt").items()} >= {"hatchling"}


def test_ci_installs_nothing_without_a_hash() -> None:
    rule = re.search(r"^\.venv/\.dev:.*\n((?:\t.+\n)+)", MAKEFILE, re.MULTILINE)
    assert rule is not None
    for line in rule[1].splitlines():
        assert "pip install" not in line or "--require-hashes" in line or "--no-deps --no-build-isolation" in line, line


def test_the_bill_of_materials_lists_the_image(tmp_path: Path) -> None:
    command = re.search(r"\$\(BIN\)/cyclonedx-py (.+)", MAKEFILE)
    assert command is not None
    words = command[1].replace("build/sbom.cdx.json", str(tmp_path / "sbom.json")).split()
    subprocess.run([Path(sys.executable).with_name("cyclonedx-py"), *words], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    listed = {canonicalize_name(one["name"]): one for one in bill["components"]}
    assert listed.keys() == locked(DEPLOY / "requirements.txt").keys()
    for one in listed.values():
        assert one["purl"].startswith("pkg:pypi/")
        assert any(digest["alg"] == "SHA-256" for reference in one["externalReferences"] for digest in reference["hashes"])


DIGEST = "sha256:" + "5a" * 32


def pinned(folder: Path, dockerfile: str, output: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run pin-image.sh on a copy, with a docker that returns `output`."""
    shutil.copy(DEPLOY / "pin-image.sh", folder)
    (folder / "Dockerfile").write_text(dockerfile)
    (folder / "bin").mkdir(exist_ok=True)
    docker = folder / "bin" / "docker"
    docker.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$*\" >>{folder}/requests\nprintf '%s\\n' '{output}'\n")
    docker.chmod(0o755)
    environ = os.environ | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run([folder / "pin-image.sh"], env=environ, capture_output=True, text=True, check=False)
    return done, (folder / "Dockerfile").read_text()


def test_the_base_image_is_pinned_and_pinned_again(tmp_path: Path) -> None:
    original = (DEPLOY / "Dockerfile").read_text()
    done, text = pinned(tmp_path, original, DIGEST)
    assert done.returncode == 0, done.stderr
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert bases == [f"python:3.13-slim@{DIGEST}"] * 2
    assert text.replace(f"@{DIGEST}", "") == re.sub(r"@sha256:[0-9a-f]{64}", "", original)
    done, again = pinned(tmp_path, text, DIGEST.replace("5a", "6b"))
    assert done.returncode == 0
    assert again == text.replace("5a" * 32, "6b" * 32)
    assert (tmp_path / "requests").read_text().splitlines()[0].startswith("buildx imagetools inspect python:3.13-slim")


@pytest.mark.parametrize("output", ["", "sha256:short", "<html>error</html>", f"{DIGEST} x"])
def test_an_invalid_digest_changes_nothing(tmp_path: Path, output: str) -> None:
    original = (DEPLOY / "Dockerfile").read_text()
    done, text = pinned(tmp_path, original, output)
    assert (done.returncode, text) == (1, original)
    assert "returned no digest" in done.stderr


def test_two_base_images_are_refused(tmp_path: Path) -> None:
    done, _ = pinned(tmp_path, "FROM a:1 AS build\nFROM b:2\n", DIGEST)
    assert done.returncode == 1
    assert "exactly one base image" in done.stderr


def test_the_security_policy_describes_how_to_report() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    assert "## Report a vulnerability" in text
    assert "## Supported versions" in text
    assert "SECURITY.md" in (ROOT / "docs" / "explanation" / "security.md").read_text()
    for name in re.findall(r"`((?:deploy|\.ci|tests)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name
