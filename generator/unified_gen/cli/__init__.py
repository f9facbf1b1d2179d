"""Command `gen`: compile mappings, check them, and report the effect of vendors' changes.

Exit codes: 0, all is well; 1, there are findings or `generated/` is stale; 2, the command was used wrongly.
"""

from __future__ import annotations

import gc
import os
import sys

from unified_gen.pipeline.inputs import Inputs, UnreadableFile, is_project, project_above, read_inputs
from unified_gen.pipeline.unchanged import is_unchanged, up_to_date

EXTRA = frozenset(
    {
        "datamodel_code_generator",
        "jinja2",
        "jmespath",
        "jsonpath_rfc9535",
        "openapi_spec_validator",
        "openapi_schema_validator",
        "yaml",
        "ruff",
    }
)
"""Packages that the extra `[gen]` installs and an ordinary install lacks."""


def main() -> None:
    """Run `gen`; without the compiler's dependencies, print how to install them."""
    gc.disable()  # a run is short and frees little; searching for cycles took 6 % of a build
    try:
        plain = _plain_build(sys.argv[1:])
        if plain is not None and is_unchanged(*plain):
            sys.stderr.write(up_to_date(0, len(plain[1].vendors)) + "\n")
            return
        from unified_gen.cli.group import cli  # click and msgspec: twice as long as an unchanged build

        cli(prog_name="gen", obj=None if plain is None else plain[1])
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRA:
            raise
        sys.stderr.write(f"gen: the compiler is not installed ({missing} is missing).\nInstall it with: pip install 'unified-apis[gen]'\n")
        sys.exit(2)
    finally:
        gc.freeze()  # or Python scans all objects once more at exit


def _plain_build(arguments: list[str]) -> tuple[str, Inputs] | None:
    """Return the project of a build without options other than `--root`, and its input; None if click has to parse or reject the
    arguments.
    """
    match arguments:
        case ["build"]:
            root = project_above(os.getcwd())
        case ["build", "--root", named] if is_project(named):
            root = named
        case _:
            return None
    try:
        return None if root is None else (root, read_inputs(root))
    except UnreadableFile:  # the command itself reports it
        return None
