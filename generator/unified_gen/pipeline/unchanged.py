"""Check, by contents only, if a build would change anything.

Most builds, in hooks and in make, find an unchanged project. Then only its files, the output's and the compiler's own have to be read;
importing click and msgspec and reading the compiled results took longer than that. A build without a finding leaves two keys in the cache,
one of its input and one of its output: if both are those of the present files, there is nothing to do or to report.
"""

from __future__ import annotations

import os

from unified_gen.cache.keys import key_of, read_bytes
from unified_gen.cache.store import Cache
from unified_gen.pipeline.output import OUTPUT, present

TYPE_CHECKING = False  # as in `keys.py`

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unified_gen.pipeline.inputs import Inputs


def project_key(inputs: Inputs) -> str:
    """Return the key of all that a project compiles to. A vendor's folder counts that holds nothing yet."""
    names = "/".join(vendor.name for vendor in inputs.vendors)
    return key_of(inputs.digests.items(), kind=f"project {names}")


def output_key(project: str, files: Iterable[tuple[str, str | bytes]]) -> str:
    """Return the key of a project's output: its own, and every file by its name below the output folder."""
    return key_of(files, kind=f"output of {project}")


def is_unchanged(root: str | os.PathLike[str], inputs: Inputs) -> bool:
    """Return true if the input below `root` was compiled before without a finding, and the present output is its result."""
    cache, project = Cache(root), project_key(inputs)
    if project not in cache or os.path.islink(os.path.join(root, OUTPUT)):
        return False
    files: list[tuple[str, bytes]] = []
    for name, entry in present(root):
        try:
            if not entry.is_file():
                return False
            files.append((name, read_bytes(entry.path)))
        except OSError:
            return False
    return output_key(project, files) in cache


def up_to_date(compiled: int, vendors: int, output: str = OUTPUT) -> str:
    """Return the message of a build that changes nothing."""
    return f"{compiled} of {vendors} vendors compiled; {output}/ is up to date"
