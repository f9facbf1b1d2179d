"""Token of a local MCP server: generated, from an environment variable, or from a file that only its owner can read."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput

VARIABLE = "UNIFIED_MCP_TOKEN"
_FORM = re.compile(r"[A-Za-z0-9._~+/=-]{20,500}")


def generated() -> Secret:
    """Return a new token of 256 random bits."""
    return Secret(f"umt_{secrets.token_urlsafe(32)}")


def of_variable(environ: Mapping[str, str] = os.environ) -> Secret | None:
    """Return the token of `UNIFIED_MCP_TOKEN`; None if it is not set.

    Raises:
        InvalidInput: it is too short, or has characters that are not valid in a header.
    """
    text = environ.get(VARIABLE)
    return None if not text else _checked(text, VARIABLE)


def of_file(path: Path) -> tuple[Secret, bool]:
    """Return the token in a file, and whether it was created now. A missing file is created with mode 0600.

    Raises:
        InvalidInput: others can read it, it belongs to another user, is a link, or has no valid token.
    """
    path = path.expanduser()
    made = False
    try:
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            pass
        else:
            made = True
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{generated().reveal()}\n")
        # The file that is checked is the file that is read, and not a link to another.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise InvalidInput(f"the token file {path} is not a regular file")
            if found.st_mode & 0o077:
                raise InvalidInput(f"others can read the token file {path} (mode {found.st_mode & 0o777:o}): delete it, or chmod 600 it")
            if found.st_uid not in {os.geteuid(), 0}:
                raise InvalidInput(f"the token file {path} belongs to another user (uid {found.st_uid})")
            text = os.read(descriptor, 4096).decode("ascii", "replace").strip()
        finally:
            os.close(descriptor)
    except OSError as error:
        raise InvalidInput(f"the token file {path} cannot be used: {error.strerror}") from None
    return _checked(text, f"the token file {path}"), made


def _checked(text: str, where: str) -> Secret:
    if _FORM.fullmatch(text) is None:
        raise InvalidInput(f"{where} has no valid token: 20 to 500 letters, digits and -._~+/= ; leave it out and one is generated")
    return Secret(text)
