"""Tests of the selection of tests and judges (.ci/select_tests.py)."""

from __future__ import annotations

import subprocess
import tomllib
from typing import Any

import grimp
import pytest

from tests.support.scripts import CI, load

select_tests = load("select_tests")
SETTINGS = {
    "fast": ["tests/unit"],
    "judges": {"tests.support.prism": "prism", "tests.unit.test_b": "axe"},
    "loads": {"lib.loader": "lib.loaded"},
    "reads": {"docs/*": ["tests/unit/test_a.py"], "tests/unit/cases/*": ["tests/unit"]},
}
FILES = (
    "runtime/lib/__init__.py",
    "runtime/lib/a.py",
    "runtime/lib/loaded/__init__.py",
    "runtime/lib/loaded/one.py",
    "runtime/lib/loader.py",
    "runtime/lib/pages/__init__.py",
    "runtime/lib/pages/page.html",
    "tests/conftest.py",
    "tests/unit/conftest.py",
    "tests/unit/test_a.py",
    "tests/unit/test_b.py",
    "tests/unit/cases/case.md",
    "tests/unit/deep/sample.txt",
    "tests/slow/test_c.py",
    "tests/slow/sample.txt",
    "tests/support/prism.py",
)
IMPORTS = (
    ("tests.unit.test_a", "lib.a"),
    ("lib.a", "lib.pages"),
    ("tests.unit.conftest", "tests.support.helper"),
    ("tests.unit.test_b", "lib.loader"),
    ("tests.slow.test_c", "lib.a"),
    ("tests.slow.test_c", "tests.support.prism"),
)
A, B, C = "tests/unit/test_a.py", "tests/unit/test_b.py", "tests/slow/test_c.py"


@pytest.fixture
def tree() -> Any:
    graph = grimp.ImportGraph()
    for path in FILES:
        if path.endswith(".py"):
            graph.add_module(select_tests.module_of(path))
    for importer, imported in IMPORTS:
        graph.add_import(importer=importer, imported=imported)
    return select_tests.Tree(FILES, graph, SETTINGS)


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        ("runtime/lib/a.py", {A}),
        ("runtime/lib/pages/__init__.py", {A}),
        ("runtime/lib/pages/page.html", {A}),
        ("runtime/lib/__init__.py", {A, B}),
        ("runtime/lib/loaded/one.py", {B}),
        ("runtime/lib/loaded/__init__.py", {B}),
        ("runtime/lib/deleted.py", set()),
        ("tests/unit/test_b.py", {B}),
        ("tests/slow/test_c.py", {C}),
        ("tests/slow/test_deleted.py", set()),
        ("tests/unit/conftest.py", {A, B}),
        ("tests/support/helper.py", {A, B}),
        ("tests/unit/cases/case.md", {A, B}),
        ("tests/unit/deep/sample.txt", {A, B}),
        ("tests/slow/sample.txt", set()),
        ("docs/page.md", {A}),
        ("README.md", set()),
    ],
)
def test_a_changed_file_selects_the_fast_tests_that_reach_it(tree: Any, path: str, selected: set[str]) -> None:
    assert set(tree.changed([path]).tests) == selected


def test_the_first_reason_of_each_test_is_reported(tree: Any) -> None:
    assert tree.changed(["runtime/lib/a.py", "docs/page.md", B]).tests == {A: "reads docs/page.md", B: "changed"}


@pytest.mark.parametrize(
    ("paths", "judges"),
    [
        (None, ["axe", "prism"]),
        ([A], []),
        (["tests/unit"], ["axe"]),
        (["tests/unit/"], ["axe"]),
        (["tests/slow", A], ["prism"]),
        (["tests/un"], []),
    ],
)
def test_only_the_judges_of_the_given_tests_are_needed(tree: Any, paths: list[str] | None, judges: list[str]) -> None:
    assert tree.judges(paths) == judges


def test_paths_are_found_among_the_arguments_of_pytest() -> None:
    given = ["-x", "-k", "name", "tests/unit/ci", "tests/unit/ci/test_words.py::test_x[a]", "--lf"]
    assert select_tests.arguments_of(given) == ["tests/unit/ci", "tests/unit/ci/test_words.py"]
    assert select_tests.arguments_of(["-x", "-q"]) is None


def test_judges_are_those_of_the_tests_that_an_expression_selects(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def run(command: list[str], **_: Any) -> Any:
        ran.append(command)
        return subprocess.CompletedProcess(
            command, code, "tests/a/test_b.py::test_c[1]\ntests/a/test_b.py::test_d\n\n2 tests collected\n", ""
        )

    monkeypatch.setattr(select_tests.subprocess, "run", run)
    code = 0
    assert select_tests.arguments_of(["-k", "name"]) == ["tests/a/test_b.py"]
    assert ran[0][-2:] == ["-k", "name"]
    code = 2  # pytest cannot collect
    assert select_tests.arguments_of(["-k", "name"]) is None


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("runtime/unified_runtime/adapter_api/codecs/adf.py", "unified_runtime.adapter_api.codecs.adf"),
        ("generated/unified/__init__.py", "unified"),
        ("tests/support/scripts.py", "tests.support.scripts"),
    ],
)
def test_module_of_a_file(path: str, module: str) -> None:
    assert select_tests.module_of(path) == module


def test_a_codec_selects_its_own_tests_in_this_tree() -> None:
    (codec,) = CI.parent.glob("runtime/**/codecs/adf.py")
    selected = select_tests.build().changed([codec.relative_to(CI.parent).as_posix()]).tests
    assert "tests/unit/codecs/test_adf.py" in selected
    assert "tests/unit/language/test_tree.py" not in selected


def test_settings_name_modules_and_targets_that_exist() -> None:
    tree = select_tests.build()
    settings = tomllib.loads((CI / "tests.toml").read_text(encoding="utf-8"))
    makefile = (CI.parent / "Makefile").read_text(encoding="utf-8")
    for module, target in settings["judges"].items():
        assert tree.reaching(module), module
        assert f"\n{target}: " in makefile
    for loader in settings["loads"]:
        assert tree.reaching(loader), loader
    for tests in settings["reads"].values():
        assert all((CI.parent / test).exists() for test in tests), tests
