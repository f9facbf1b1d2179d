"""`gen build --into`: the package of an application's own vendors, and what it is not written over."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import GOLDEN, Gen

PRIVATE = Path(__file__).parents[2] / "private" / "project"
INTO = "src/acme_vendors"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PRIVATE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "src").mkdir()
    (tmp_path / "documents").mkdir()
    return tmp_path


def test_the_package_has_the_private_vendor_and_model_only(gen: Gen, project: Path) -> None:
    result = gen("build", "--into", INTO)
    assert result.exit_code == 0, result.output
    package = project / INTO
    names = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {"vendors/acme_desk/tasks.py", "catalog/acme-desk.json", "invoices.py", "tools/invoices.json"} < names
    assert not {"tasks.py", "models/tasks.py", "tools/tasks.json"} & names, "models of the distribution stay there"
    assert not (project / "generated").exists()
    text = (package / "vendors/acme_desk/tasks.py").read_text()
    assert "from unified.models.tasks import" in text
    assert "unified.vendors" not in text
    assert gen("build", "--into", INTO, "--check").exit_code == 0
    assert "up to date" in gen("build", "--into", INTO).stderr


def test_a_changed_mapping_makes_the_package_stale(gen: Gen, project: Path) -> None:
    gen("build", "--into", INTO)
    mapping = project / "mappings/vendors/acme-desk/tasks.yaml"
    mapping.write_text(mapping.read_text().replace("tickets have no labels", "labels are not stored"))
    result = gen("build", "--into", INTO, "--check")
    assert result.exit_code == 1
    assert f"changed: {INTO}/catalog/acme-desk.json" in result.stderr
    assert f"run `gen build --into {INTO}`" in result.stderr
    assert f"+++ b/{INTO}/catalog/acme-desk.json" in gen("build", "--into", INTO, "--diff").stdout


def test_an_unregistered_package_is_registered_by_these_lines(gen: Gen, project: Path) -> None:
    assert "entry-points" not in gen("build", "--into", INTO).stderr
    (project / "pyproject.toml").write_text("[project]\nname = 'acme'\n")
    stderr = gen("build", "--into", INTO).stderr
    assert '[project.entry-points."unified.vendors"]\nacme_vendors = "acme_vendors"' in stderr


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ("source/acme_vendors", "there is no folder"),
        ("../acme_vendors", "is not a folder in the project"),
        (".", "is not a folder in the project"),
        ("src/acme-vendors", "'acme-vendors' is not a valid name of a Python package"),
        ("src/class", "'class' is not a valid name of a Python package"),
        ("mappings", "mappings holds files that `gen build --into` has not written"),
    ],
)
def test_a_folder_that_is_not_for_a_package(gen: Gen, project: Path, package: str, message: str) -> None:
    before = sorted(project.rglob("*"))
    result = gen("build", "--into", package)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert sorted(project.rglob("*")) == before


def test_the_source_of_an_application_is_not_overwritten(gen: Gen, project: Path) -> None:
    application = project / "src/acme/__init__.py"
    application.parent.mkdir()
    application.write_text('"""The application."""\n')
    result = gen("build", "--into", "src/acme")
    assert (result.exit_code, application.read_text()) == (2, '"""The application."""\n')
    assert "name a folder of its own" in result.stderr


def rename_vendor(project: Path) -> None:
    for folder in ("mappings/vendors", "specs"):
        (project / folder / "acme-desk").rename(project / folder / "jira")


def copy_model(project: Path) -> None:
    shutil.copyfile(Path(__file__).parents[3] / "mappings/models/tasks.yaml", project / "mappings/models/tasks.yaml")


def take_record(project: Path) -> None:
    model = project / "mappings/models/invoices.yaml"
    model.write_text(model.read_text().replace("record: Invoice", "record: Task").replace("references: tasks", ""))
    (project / "mappings/vendors/acme-desk/tasks.yaml").unlink()


def only_drafts(project: Path) -> None:
    vendor = project / "mappings/vendors/acme-desk/vendor.yaml"
    vendor.write_text(vendor.read_text() + "draft: true\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (rename_vendor, "mappings/vendors/jira: unified-apis has a vendor 'jira'. Rename the folders"),
        (copy_model, "mappings/models/tasks.yaml: unified-apis has a model of 'tasks'. Remove this file"),
        (take_record, "mappings/models/invoices.yaml: unified-apis has a model with the record 'Task'. Rename it"),
        (only_drafts, "mappings/vendors holds no vendor, or drafts only"),
    ],
)
def test_names_of_the_distribution_are_refused(gen: Gen, project: Path, change: Callable[[Path], None], message: str) -> None:
    change(project)
    result = gen("build", "--into", INTO)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not (project / INTO).exists()


def test_an_error_leaves_the_package_as_it_is(gen: Gen, project: Path) -> None:
    gen("build", "--into", INTO)
    before = (project / INTO / "vendors/acme_desk/tasks.py").read_bytes()
    mapping = project / "mappings/vendors/acme-desk/tasks.yaml"
    mapping.write_text(mapping.read_text().replace("getTicket", "getTiket"))
    result = gen("build", "--into", INTO)
    assert result.exit_code == 1
    assert f"{INTO}/ was left as it is" in result.stderr
    assert (project / INTO / "vendors/acme_desk/tasks.py").read_bytes() == before


def test_a_first_mapping_is_guessed_for_a_model_of_the_distribution(gen: Gen, project: Path) -> None:
    document = GOLDEN / "acme/specs/acme/openapi.yaml"
    result = gen("new", "vendor", "other", "--document", str(document), "--resource", "tasks")
    assert result.exit_code == 0, result.stderr
    assert (project / "mappings/vendors/other/tasks.yaml").is_file()


def test_a_private_model_refers_to_models_of_the_distribution(gen: Gen, project: Path) -> None:
    (project / "mappings/vendors/acme-desk/tasks.yaml").unlink()
    assert (gen("check").exit_code, gen("build", "--into", INTO).exit_code) == (0, 0)
    model = project / "mappings/models/invoices.yaml"
    model.write_text(model.read_text().replace("references: tasks", "references: task"))
    assert "there is no model `task`" in gen("check").stdout


def test_a_project_with_models_of_the_distribution_is_built_into_a_package(gen: Gen, project: Path) -> None:
    result = gen("build")
    assert result.exit_code == 2
    assert "gen build --into PACKAGE" in result.stderr
    assert not (project / "generated").exists()
