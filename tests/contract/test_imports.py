"""Layers of imports, and the modules that an import loads. Sets of modules, not times: a time depends on the machine."""

from __future__ import annotations

import ast
import graphlib
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def loaded(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has after running `code`."""
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


HEAVY = {
    "pydantic",
    "msgspec",
    "httpx2",
    "httpx",
    "tenacity",
    "fastjsonschema",
    "markdown_it",
    "click",
    "jinja2",
    "yaml",
    "asyncio",
}


def test_imports_run_one_way() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def _modules() -> dict[str, Path]:
    """Return the hand-written modules of all packages, by name."""
    found = {}
    for folder in (ROOT / "generator", ROOT / "runtime", ROOT):
        packages = ("bench", "tests") if folder == ROOT else [path.name for path in folder.iterdir() if (path / "__init__.py").is_file()]
        for path in (path for package in packages for path in (folder / package).rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            if "expected" not in parts:  # generated code of golden cases
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(name: str, path: Path, modules: Collection[str]) -> set[str]:
    """Return the modules that one imports, also in functions and for type checkers."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            members = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            found.update(member if member in modules else str(node.module) for member in members.values())
    return found & set(modules) - {name}


def test_no_module_imports_itself_through_others() -> None:
    """Layers order packages; this orders the modules in them, so that each can be read after those that it uses."""
    modules = _modules()
    assert {"unified_gen.pipeline", "unified_openapi", "unified_platform.vault", "unified_runtime.core.errors", "bench"} <= set(modules)
    graph = {name: _imports(name, path, modules) for name, path in modules.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail("modules import each other: " + " <- ".join(error.args[1]))


def test_importing_unified_loads_nothing_else() -> None:
    modules = loaded("import unified")
    assert {module for module in modules if module.startswith("unified")} == {"unified"}
    assert not packages(modules) & HEAVY


def test_a_resource_loads_no_vendor_no_model_and_no_library() -> None:
    modules = loaded("from unified import tasks\nfrom unified.aio import tasks")
    assert not {module for module in modules if module.startswith(("unified.vendors", "unified.models"))}
    assert not packages(modules) & (HEAVY | {"unified_gen", "unified_platform"})


@pytest.mark.parametrize("package", ["unified", "unified_runtime"])
def test_no_module_has_the_name_of_a_public_object(package: str) -> None:
    """Python sets a package's attribute to each submodule it imports: a lazy function of that name would be lost, or not, by order."""
    root = next(folder / package for folder in (ROOT / "runtime", ROOT / "generated") if (folder / package).is_dir())
    result = __import__(package)
    modules = {path.stem for path in root.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    clashes = {name for name in set(result.__all__) & modules if not isinstance(getattr(result, name), type(sys))}
    assert not clashes


def test_a_sync_client_loads_no_asyncio() -> None:
    assert "asyncio" not in packages(loaded("import unified_runtime.client._sync.client\nimport httpx2"))


def test_a_plan_for_one_vendor_loads_that_vendor_only() -> None:
    code = "import unified\nfrom unified import tasks\n"
    code += "unified.connect('trello', unified.api_key(key='k', token='t'))\ntasks.get.plan('5f1a2b3c4d5e6f7a8b9c0d1e', via='trello')"
    modules = loaded(code)
    vendors = {module.split(".")[2] for module in modules if module.startswith("unified.vendors.")}
    assert vendors == {"trello"}
    assert not packages(modules) & {"unified_gen", "unified_platform"}


@pytest.mark.parametrize("name", ["unified_runtime", "unified", "unified_platform"])
def test_nothing_that_runs_needs_the_compiler(name: str) -> None:
    """The pages of the broker and of `web` need jinja2, which their extras install; nothing else needs it."""
    code = f"""
import importlib, pkgutil, sys
for gone in ("unified_gen", "jinja2", "jmespath", "yaml", "datamodel_code_generator", "openapi_spec_validator", "jsonpath_rfc9535"):
    sys.modules[gone] = None
package = importlib.import_module({name!r})
modules = [module.name for module in pkgutil.walk_packages(package.__path__, {name!r} + ".")]
pages = ("unified_platform.broker.", "unified_platform.web.")
for module in sorted(modules, key=lambda module: module.startswith(pages)):
    if module.startswith(pages) and sys.modules.get("jinja2", sys) is None:
        del sys.modules["jinja2"]
    importlib.import_module(module)
"""
    loaded(code)


def test_help_and_explanations_do_not_load_the_compiler() -> None:
    modules = loaded("import unified_gen.cli.group, unified_gen.cli.common, unified_gen.diagnostics.render_text")
    assert not packages(modules) & {"jinja2", "yaml", "jmespath", "datamodel_code_generator", "openapi_spec_validator", "pydantic"}


def test_an_unchanged_build_loads_nothing_that_compiles_or_reads_options(tmp_path: Path) -> None:
    for part in ("mappings", "specs"):
        shutil.copytree(ROOT / "tests/golden/acme" / part, tmp_path / part)
    code = f"import sys\nsys.argv = ['gen', 'build', '--root', {str(tmp_path)!r}]\nfrom unified_gen.cli import main\n"
    loaded(code + "try: main()\nexcept SystemExit: pass")
    modules = loaded(code + "main()") - loaded("import hashlib")
    assert {module for module in modules if module.startswith("unified_gen.")} == {
        f"unified_gen.{name}"
        for name in (
            *("cache", "cache.keys", "cache.store", "cli", "language", "language.shipped"),
            *("pipeline", "pipeline.inputs", "pipeline.output", "pipeline.unchanged"),
        )
    }
    assert packages(modules) <= {"unified_gen", "__future__", "gc"}, "each of Python's own that is named here takes as long as all the rest"


@pytest.mark.parametrize(
    ("command", "gone"),
    [
        ("build --no-cache", "yaml"),
        ("build --no-cache", "jmespath"),
        ("build --no-cache", "jinja2"),
        ("explain", "jmespath"),
        ("spec check", "yaml"),
        ("spec check", "openapi_spec_validator"),
    ],
)
def test_without_its_extra_gen_names_the_package_to_install(command: str, gone: str) -> None:
    program = (
        f"import sys\nsys.modules[{gone!r}] = None\nsys.argv = ['gen', *{command.split()!r}]\nfrom unified_gen.cli import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr == f"gen: the compiler is not installed ({gone} is missing).\nInstall it with: pip install 'unified-apis[gen]'\n"


def test_an_error_of_another_import_is_not_reported_as_a_missing_extra() -> None:
    program = "import sys\nsys.modules['unified_openapi'] = None\nsys.argv = ['gen', 'explain']\nfrom unified_gen.cli import main\nmain()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "ModuleNotFoundError" in done.stderr
    assert "pip install" not in done.stderr
