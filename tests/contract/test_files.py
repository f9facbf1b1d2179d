"""Contents of the repository: facts without vendors' prose, no paths of a machine, no broken links."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from unified_gen.specs.check import prose, validity
from unified_gen.specs.update import load_spec
from unified_openapi.documents import load_document

ROOT = Path(__file__).parents[2]
VENDORS = sorted(path.parent.name for path in (ROOT / "specs").glob("*/openapi.yaml"))


def tracked() -> list[Path]:
    """Return the files of the repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a checkout: the list of committed files is unknown")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("vendor", VENDORS)
def test_specs_hold_facts_only(vendor: str) -> None:
    document = load_document(ROOT / "specs" / vendor / "openapi.yaml")
    assert [found.message for found in prose(document)] == []
    assert [found.message for found in validity(document)] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_overlays_add_facts_only(vendor: str) -> None:
    document = load_spec(ROOT / "specs" / vendor)
    assert [found.message for found in prose(document)] == []


HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org"]
FORBIDDEN = [r"(?<![\w.~-])/(?:work|home|Users|root)/[\w.-]+", *map(re.escape, HOSTS)]


def test_no_file_holds_a_path_of_a_machine_or_a_package_host() -> None:
    wrong = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for pattern in FORBIDDEN:
            wrong += [f"{path.relative_to(ROOT)}: {found[0]}" for found in re.finditer(pattern, text)]
    assert wrong == []


def test_no_large_or_binary_file_slips_in() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked() if path.stat().st_size > 1_500_000}
    assert large == {}


LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_links_in_the_documentation_are_not_broken(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for link in LINK.findall(text):
        if not link.startswith(("http://", "https://", "#", "mailto:")):
            assert (path.parent / link.partition("#")[0]).exists(), f"{link} leads nowhere"


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs/explanation/decisions"
    listed = set(LINK.findall((folder / "README.md").read_text("utf-8")))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}


def test_make_targets_named_in_the_documentation_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        found = re.findall(r"(?:`make ([a-z-]+)|^make ([a-z-]+) +#)", path.read_text("utf-8"), re.MULTILINE)
        assert {target for pair in found for target in pair if target} <= targets, path.name
