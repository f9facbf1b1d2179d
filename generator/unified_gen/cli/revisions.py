"""Files of a Git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import click


def files_of(root: Path, revision: str, folder: str) -> dict[str, str]:
    """Return the text files of a folder at a revision, by their names relative to it.

    Raises:
        ClickException: Git is not installed, or has no such revision or folder.
    """
    if revision.startswith("-"):
        raise click.ClickException(f"{revision!r} is not a revision")
    # The folder is given to the revision: `archive` then names its files relative to it.
    command = ["git", "-C", str(root), "archive", "--format=tar", f"{revision}:./{folder}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  no shell, and not an option
    except FileNotFoundError:
        raise click.ClickException("Git is not installed: --against reads the files of a revision") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise click.ClickException(f"{folder}/ at {revision!r} cannot be read: {reason}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        members = [(one.name, archive.extractfile(one)) for one in archive.getmembers() if one.isfile()]
        return {name: content.read().decode() for name, content in members if content is not None}
