"""Whether a build would make anything else than what is there, told by contents alone.

An unchanged project is what most builds find, in hooks and in make. Then nothing has to be read but its files, those of the output, and the
compiler's own; importing click and msgspec and reading what was compiled took longer than that. A build without a finding leaves two keys
in the cache, that of what it read and that of what it made: where both are those of what is there now, there is nothing to do or to say.
"""

from __future__ import annotations

from unified_gen.cache import Cache
from unified_gen.keys import key_of, read_bytes
from unified_gen.output import OUTPUT, present

TYPE_CHECKING = False  # as in `keys.py`

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from unified_gen.inputs import Inputs


def project_key(inputs: Inputs) -> str:
    """The key of all that a project compiles to. A vendor's folder counts that holds nothing yet."""
    names = "/".join(vendor.name for vendor in inputs.vendors)
    return key_of(inputs.digests.items(), kind=f"project {names}")


def output_key(project: str, files: Iterable[tuple[str, str | bytes]]) -> str:
    """The key of a project's output: its own, and every file by its name below the output folder."""
    return key_of(files, kind=f"output of {project}")


def is_unchanged(root: str | os.PathLike[str], inputs: Inputs) -> bool:
    """Whether what was read below `root` was compiled before without a finding, and its output is what lies there."""
    cache, project = Cache(root), project_key(inputs)
    if project not in cache:
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


def up_to_date(compiled: int, vendors: int) -> str:
    """What a build says that changes nothing."""
    return f"{compiled} of {vendors} vendors compiled; {OUTPUT}/ is up to date"
