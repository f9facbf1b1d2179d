"""The committed files in generated/ are up to date, and independent of machine, folder, locale and hash seed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GEN = [sys.executable, "-c", "from unified_gen.cli import main; main()"]


def gen(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*GEN, *arguments], capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def lay(folder: Path, *, backwards: bool) -> None:
    """Copy the inputs, in the order of their names or against it: the order of a folder differs between machines."""
    files = sorted(path for part in ("mappings", "specs") for path in (ROOT / part).rglob("*") if path.is_file())
    for path in reversed(files) if backwards else files:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def test_generated_is_fresh() -> None:
    done = gen("build", "--check", "--no-cache", "--root", str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr


def test_output_is_the_same_under_other_seeds_folders_orders_and_locales(tmp_path: Path) -> None:
    made = []
    for number, (seed, zone, backwards) in enumerate([("1", "UTC", False), ("4711", "Asia/Kathmandu", True)]):
        folder = tmp_path / ("a folder/deep/project" if number else "b")
        lay(folder, backwards=backwards)
        done = gen("build", "--no-cache", "--root", str(folder), PYTHONHASHSEED=seed, TZ=zone, LC_ALL="C" if number else "C.UTF-8")
        assert done.returncode == 0, done.stdout + done.stderr
        made.append(tree(folder / "generated"))
    assert made[0] == made[1]
    assert made[0] == tree(ROOT / "generated")


def test_no_output_holds_a_time_or_a_machine() -> None:
    for path in sorted((ROOT / "generated").rglob("*")):
        if path.suffix in (".py", ".json"):
            text = path.read_text("utf-8")
            assert str(ROOT) not in text, path
            assert not re.search(r"^#.*timestamp:", text, re.MULTILINE), path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project: the base of the golden cases."""
    for part in ("mappings", "specs"):
        shutil.copytree(ROOT / "tests/golden/acme" / part, tmp_path / part)
    assert gen("build", "--root", str(tmp_path)).returncode == 0
    return tmp_path


def test_a_failing_mapping_never_changes_generated(project: Path) -> None:
    before = tree(project / "generated")
    mapping = project / "mappings/vendors/acme/tasks.yaml"
    mapping.write_text(mapping.read_text().replace("name\n", "nmae\n", 1))
    done = gen("build", "--root", str(project))
    assert done.returncode == 1
    assert "error[MAP201]" in done.stdout
    assert "left as it is" in done.stderr
    assert tree(project / "generated") == before


def test_check_and_diff_list_stale_files_and_write_nothing(project: Path) -> None:
    (project / "generated/unified/tasks.py").write_text("edited by hand\n")
    (project / "generated/unified/left_over.py").write_text("")
    before = tree(project / "generated")
    check, diff = gen("build", "--check", "--root", str(project)), gen("build", "--diff", "--root", str(project))
    assert check.returncode == diff.returncode == 1
    assert "changed: generated/unified/tasks.py\norphaned: generated/unified/left_over.py\n" in check.stderr
    assert "-edited by hand\n" in diff.stdout
    assert tree(project / "generated") == before
    assert gen("build", "--root", str(project)).returncode == 0
    assert gen("build", "--check", "--root", str(project)).returncode == 0


def test_a_build_with_errors_elsewhere_reports_all_of_them(project: Path) -> None:
    mapping = project / "mappings/vendors/acme/tasks.yaml"
    mapping.write_text(
        mapping.read_text().replace("operation: deleteTask", "operation: deleteTaks").replace("schema: Task", "schema: Task\nsurprise: 1")
    )
    vendor = project / "mappings/vendors/acme/vendor.yaml"
    vendor.write_text(vendor.read_text().replace("token: page_token", "token: page_tokn"))
    output = gen("check", "--root", str(project)).stdout
    assert "surprise" in output
    assert "error[" in output


def test_only_what_changed_is_compiled_again(project: Path) -> None:
    assert "0 of 1 vendors compiled" in gen("build", "--root", str(project)).stderr
    other = project / "mappings/vendors/other"
    shutil.copytree(project / "mappings/vendors/acme", other)
    shutil.copytree(project / "specs/acme", project / "specs/other")
    assert "1 of 2 vendors compiled" in gen("build", "--root", str(project)).stderr
    vendor = other / "vendor.yaml"
    vendor.write_text(vendor.read_text().replace("name: Acme", "name: Other"))
    done = gen("build", "--root", str(project))
    assert "1 of 2 vendors compiled" in done.stderr
    assert "Other" in (project / "generated/unified/vendors/other/tasks.py").read_text()
    cached = tree(project / "generated")
    assert gen("build", "--no-cache", "--root", str(project)).returncode == 0
    assert tree(project / "generated") == cached, "the cache returns the same files as a compilation"


def test_the_classes_of_the_models_are_made_again_when_a_model_changes_and_not_before(project: Path) -> None:
    code = "import sys\nfrom unified_gen.cli import main\ntry: main()\nfinally: print('datamodel_code_generator' in sys.modules)"

    def made_again() -> bool:
        done = subprocess.run([sys.executable, "-c", code, "build", "--root", str(project)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.split()[-1] == "True"

    vendor, model = project / "mappings/vendors/acme/vendor.yaml", project / "mappings/models/tasks.yaml"
    vendor.write_text(vendor.read_text().replace("name: Acme", "name: Other"))
    assert not made_again()
    model.write_text(model.read_text().replace("summary: More about it.", "summary: All about it."))
    assert made_again()
    assert "All about it." in (project / "generated/unified/models/tasks.py").read_text()


def test_cached_results_repeat_their_findings(project: Path) -> None:
    spec = project / "specs/acme/openapi.yaml"
    spec.write_text(spec.read_text().replace("created: {type: string, format: date-time}", "created: {}"))
    first, second = gen("build", "--root", str(project)), gen("build", "--root", str(project))
    assert "0 of 1 vendors compiled" in second.stderr
    assert "warning[MAP205]" in first.stdout
    assert first.stdout == second.stdout
