"""The templates, and the formatter that every generated Python file goes through."""

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

from unified_gen.keys import compiler_key

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
    """Compiled templates lie where Python keeps compiled modules, as far as it may write there, under the hash of the compiler."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        assert filename is not None  # each template is a file
        return cache_from_source(filename, optimization=compiler_key()[:16])

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            bucket.bytecode_from_string(Path(bucket.key).read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        place = Path(bucket.key)
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(bucket.bytecode_to_string())
            os.replace(temporary, place)
            for old in place.parent.glob(f"{place.name.partition('.opt-')[0]}.opt-*.pyc"):
                if old != place:
                    old.unlink(missing_ok=True)


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


class Source(str):
    """Python source as a template lays it out, to be formatted together with the other files that come of one vendor."""

    __slots__ = ()


def python(text: str) -> Source:
    """Mark a text as Python source."""
    return Source(text)


def formatted(files: Mapping[Name, str]) -> dict[Name, str]:
    """The files by their names, whatever names are, all that is Python source formatted.

    Settings are fixed here, so that no configuration changes the output. One run of the formatter for all of them: starting it takes longer
    than formatting a file.

    Raises:
        BrokenSource: one does not parse.
    """
    sources = {str(number): name for number, (name, text) in enumerate(files.items()) if isinstance(text, Source)}
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


def _broken(said: str, sources: Mapping[str, Name], files: Mapping[Name, str]) -> str:
    """What the formatter said, and the files that it is about."""
    told = [f"{name}:\n{files[name]}" for number, name in sources.items() if f"{number}.py" in re.split(r"[\s:/\\]", said)]
    return "\n".join([said, *told])
