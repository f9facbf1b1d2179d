"""Template engine, and the formatter of all generated Python files."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Hashable, Mapping
from functools import lru_cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

import jinja2
from jinja2.bccache import Bucket

from unified_gen.cache.keys import compiler_key

Name = TypeVar("Name", bound=Hashable)

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
        bytecode_cache=_Bytecode(),
    )


class _Bytecode(jinja2.BytecodeCache):
    """Cache of compiled templates, beside Python's compiled modules if that folder is writable, under the hash of the compiler."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        assert filename is not None  # each template is a file
        return cache_from_source(filename, optimization=compiler_key()[:16])

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            bucket.bytecode_from_string(Path(bucket.key).read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        location = Path(bucket.key)
        with contextlib.suppress(OSError):
            location.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=location.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(bucket.bytecode_to_string())
            os.replace(temporary, location)
            for old in location.parent.glob(f"{location.name.partition('.opt-')[0]}.opt-*.pyc"):
                if old != location:
                    old.unlink(missing_ok=True)


def render(template: str, **values: Any) -> str:
    """Fill a template; a name that it lacks is an error, never empty text."""
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _ruff() -> str:
    """Return the formatter of this environment, not one that happens to be on the path."""
    from ruff import find_ruff_bin  # type: ignore[import-untyped]  # a binary in a wheel, without types

    return str(find_ruff_bin())


class BrokenSource(Exception):
    """Generated source that is not valid Python: a fault of the compiler, shown with the line."""


class PythonSource(str):
    """Python source from a template, to be formatted together with the other files of one vendor."""

    __slots__ = ()


def python(text: str) -> PythonSource:
    """Mark a text as Python source."""
    return PythonSource(text)


def formatted(files: Mapping[Name, str]) -> dict[Name, str]:
    """Return the files by their names, of any type, with all Python source formatted.

    Settings are fixed here, so that no configuration changes the output. One run of the formatter for all of them: starting it takes longer
    than formatting a file.

    Raises:
        BrokenSource: one does not parse.
    """
    sources = {str(number): name for number, (name, text) in enumerate(files.items()) if isinstance(text, PythonSource)}
    done = dict(files)
    if not sources:
        return done
    with tempfile.TemporaryDirectory(prefix="gen-") as folder:
        for number, name in sources.items():
            Path(folder, f"{number}.py").write_bytes(files[name].encode())
        command = [_ruff(), "format", "--isolated", "--no-cache", "--no-respect-gitignore"]
        command += [f"--line-length={LINE_LENGTH}", "--target-version=py311", folder]
        ended = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  the formatter of this environment, our own arguments
        if ended.returncode != 0:
            raise BrokenSource(_broken(ended.stderr.decode(errors="replace"), sources, files))
        for number, name in sources.items():
            done[name] = Path(folder, f"{number}.py").read_bytes().decode()
    return done


def _broken(output: str, sources: Mapping[str, Name], files: Mapping[Name, str]) -> str:
    """Return the formatter's message, and the files that it is about."""
    failing = [f"{name}:\n{files[name]}" for number, name in sources.items() if f"{number}.py" in re.split(r"[\s:/\\]", output)]
    return "\n".join([output, *failing])
