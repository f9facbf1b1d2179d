"""The templates, and the formatter that every generated Python file goes through."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from typing import Any

import jinja2

LINE_LENGTH = 120


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("unified_gen.render"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  this is Python, not HTML, and what goes in has passed unified_gen.lower.python
    )


def render(template: str, **values: Any) -> str:
    """Fill a template; a name that it lacks is an error, never empty text."""
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _ruff() -> str:
    """The formatter of this environment, not one that happens to be on the path."""
    from ruff import find_ruff_bin  # type: ignore[import-untyped]  # a binary in a wheel, without types

    return str(find_ruff_bin())


class BrokenSource(Exception):
    """The compiler has written what is no Python: a fault of the compiler, shown with the line."""


def python(source: str) -> str:
    """Python source, formatted. Settings are fixed here, so that no configuration file changes the output.

    Raises:
        BrokenSource: it does not parse.
    """
    command = [
        _ruff(),
        "format",
        "--isolated",
        f"--line-length={LINE_LENGTH}",
        "--target-version=py311",
        "--stdin-filename=generated.py",
        "-",
    ]
    done = subprocess.run(  # noqa: S603  the formatter of this environment, with arguments of our own
        command, input=source.encode(), capture_output=True, check=False
    )
    if done.returncode != 0:
        raise BrokenSource(f"{done.stderr.decode(errors='replace')}\n{source}")
    return done.stdout.decode()
