"""Documentation of diagnostics: a page per code and an index, made from the declarations themselves."""

from __future__ import annotations

from collections.abc import Mapping

from unified_gen.docs.markdown import wrap
from unified_openapi.diagnostics import Code
from unified_openapi.diagnostics.model import Severity

FOLDER = "docs/reference/diagnostics"

_MEANS = {
    Severity.ERROR: "An error: nothing is generated until it is fixed.",
    Severity.WARNING: "A warning: code is generated; review the finding.",
    Severity.NOTE: "A note: information only; nothing has to change.",
}

_FAMILIES = {
    "MAP0": "Reading mappings and models",
    "MAP1": "Operations, steps and inputs",
    "MAP2": "Paths, types and fields",
    "MAP3": "Tables and enum values",
    "MAP4": "Completeness",
    "MAP5": "Tools",
    "LAW0": "Laws, decided by running adapters",
    "SPEC": "Vendors' documents",
}


def page(code: Code) -> str:
    """Return one code as Markdown."""
    return f"# {code.code}: {code.title}\n\n{_MEANS[code.severity]}\n\n{wrap(code.explanation.strip())}\n"


def pages(codes: Mapping[str, Code]) -> dict[str, str]:
    """Return every page and the index, by name below `FOLDER`."""
    files = {f"{code.code}.md": page(code) for code in codes.values()}
    files["README.md"] = _index(codes)
    return files


def _index(codes: Mapping[str, Code]) -> str:
    lines = [
        "# Diagnostics",
        "",
        "Diagnostics of `gen`. `gen explain CODE` prints a page; `gen docs` writes this folder, never edit it by hand.",
    ]
    family = None
    for code in codes.values():
        title = _family(code.code)
        if title != family:
            lines += ["", f"## {title}", "", "| code | severity | |", "|---|---|---|"]
            family = title
        lines.append(f"| [{code.code}]({code.code}.md) | {code.severity.value} | {code.title} |")
    return "\n".join(lines) + "\n"


def _family(code: str) -> str:
    return _FAMILIES.get(code[:4], "Further diagnostics")
