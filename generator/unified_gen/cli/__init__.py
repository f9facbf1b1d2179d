"""The command `gen`: compile mappings, check them, and follow what vendors change.

Exit codes: 0, all is well; 1, there are findings or `generated/` is stale; 2, the command was used wrongly.
"""

from __future__ import annotations

import gc
import sys

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
"""What the extra `[gen]` brings and an ordinary install lacks."""


def main() -> None:
    """Run `gen`; without the compiler's dependencies, say how to install them."""
    gc.disable()  # a run is short and keeps what it makes; looking for cycles took 6 % of a build
    from unified_gen.cli.group import cli

    try:
        cli(prog_name="gen")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRA:
            raise
        sys.stderr.write(f"gen: the compiler is not installed ({missing} is missing).\nInstall it with: pip install 'unified-apis[gen]'\n")
        sys.exit(2)
