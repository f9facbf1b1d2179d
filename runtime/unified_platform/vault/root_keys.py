"""Sources of a vault's root key: file, environment variable, command, desktop keyring, or HashiCorp Vault.

A source is written `kind:location`:

    file:/path/to/key          32 bytes in base64; mode 0600; created on first use
    env:NAME                   32 bytes in base64 in an environment variable
    command:program argument…  output of a program, 32 bytes in base64; run without a shell
    keyring:service/name       an entry of the keyring; created on first use
    transit:https://host:8200/transit/keys/name   a key of HashiCorp Vault's transit engine, which never leaves it
"""

from __future__ import annotations

import base64
import binascii
import os
import shlex
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from unified_platform.common.extras import require_extra
from unified_platform.connections.errors import VaultKeyError, VaultUnavailable
from unified_platform.vault.envelope import KEY_BYTES
from unified_platform.vault.keys import LocalRoot, Root
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

_COMMAND_SECONDS = 60.0
_PLAINTEXT = ("plaintext", "fail", "null", "chainer")
"""Parts of names of keyring backends that store secrets in the clear, or do not store any."""


def root(source: str) -> Root:
    """Return the root key of a source.

    Raises:
        InvalidInput: it is not a valid source.
    """
    kind, _, where = source.partition(":")
    made = _KINDS.get(kind)
    if made is None or not where:
        known = ", ".join(f"{name}:…" for name in _KINDS)
        raise InvalidInput(f"a vault's key comes from one of {known}; {kind[:20]!r} is none of these{did_you_mean(kind, _KINDS)}")
    return made(where)


class _Local:
    """Root key stored as text; `_read` fetches it, `_make` stores a new one."""

    name: str

    def __init__(self) -> None:
        self._root: LocalRoot | None = None

    def prepare(self, *, create: bool) -> None:
        if self._root is None:
            text = self._read(create)
            material = _decoded(text)
            if material is None:
                raise VaultKeyError(f"{self.name} holds no key: it must be {KEY_BYTES} bytes in base64, as `unified vault key` prints them")
            self._root = LocalRoot(material.pop())

    def fingerprint(self) -> str:
        return self._prepared().fingerprint()

    def wrap(self, key: bytes, about: bytes) -> bytes:
        return self._prepared().wrap(key, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        return self._prepared().unwrap(wrapped, about)

    def _prepared(self) -> LocalRoot:
        self.prepare(create=False)
        assert self._root is not None
        return self._root

    def _read(self, create: bool) -> Secret:
        raise NotImplementedError


class FileRoot(_Local):
    """Root key in a file that only its owner can read. It is created for a new vault only, never for an existing one."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = Path(path).expanduser()
        self.name = f"the file {self.path}"

    def _read(self, create: bool) -> Secret:
        try:
            return self._found()
        except FileNotFoundError:
            pass
        if not create:
            raise VaultKeyError(
                f"{self.name} does not exist, and it holds the key of a vault that does. Put it back: nothing opens without it"
            )
        self._make()
        return self._found()

    def _found(self) -> Secret:
        try:
            # The file that is checked is the file that is read, and never a link to another user's file.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                data = os.fstat(descriptor)
                content = os.read(descriptor, 4096)
            finally:
                os.close(descriptor)
        except FileNotFoundError:
            raise
        except OSError as error:
            reason = error.strerror
        else:
            if not stat.S_ISREG(data.st_mode):
                raise VaultKeyError(f"{self.name} is not a regular file")
            if data.st_mode & 0o077:
                raise VaultKeyError(
                    f"others can read {self.name} (mode {data.st_mode & 0o777:o}): chmod 600 it, and rotate the key if they may have"
                )
            if data.st_uid not in {os.geteuid(), 0}:
                raise VaultKeyError(f"{self.name} belongs to another user (uid {data.st_uid})")
            return Secret(content.decode("ascii", "replace"))
        raise VaultUnavailable(f"{self.name} cannot be read: {reason}")

    def _make(self) -> None:
        parent = self.path.parent
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(new_key().reveal().encode() + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
                # `link` does not replace a key that another process has created meanwhile.
                os.link(draft, self.path)
            except FileExistsError:
                return
            finally:
                draft.unlink(missing_ok=True)
            _sync(parent)
        except OSError as error:
            reason = error.strerror
        else:
            return
        raise VaultUnavailable(f"{self.name} cannot be made: {reason}")


class VariableRoot(_Local):
    """Root key in an environment variable. The user who starts the process must protect the variable."""

    def __init__(self, variable: str) -> None:
        super().__init__()
        self._variable = variable
        self.name = f"the variable {variable}"

    def _read(self, create: bool) -> Secret:
        value = os.environ.get(self._variable)
        if not value:
            raise VaultKeyError(f"{self.name} is not set, and it should hold the vault's key (`unified vault key` prints a new one)")
        return Secret(value)


class CommandRoot(_Local):
    """Root key printed by a program, such as a client of a password manager or of a cloud's key service."""

    def __init__(self, command: str) -> None:
        super().__init__()
        self._command = shlex.split(command)
        self.name = f"the command {self._command[0] if self._command else ''!r}"

    def _read(self, create: bool) -> Secret:
        try:
            done = subprocess.run(  # noqa: S603  the command is the operator's own setting
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            wrong = f"did not end within {_COMMAND_SECONDS:.0f} s"
        except OSError as error:
            wrong = f"cannot be run: {error.strerror}"
        else:
            if done.returncode == 0:
                return Secret(done.stdout.decode("ascii", "replace"))
            wrong = f"ended with {done.returncode}"
        raise VaultUnavailable(f"{self.name}, which should print the vault's key, {wrong}")


class KeyringRoot(_Local):
    """Root key in the desktop's keyring. A backend that stores secrets in the clear is rejected."""

    def __init__(self, where: str) -> None:
        super().__init__()
        service, slash, entry = where.rpartition("/")
        if not slash or not service or not entry:
            raise InvalidInput(f"a keyring's entry is written keyring:service/name, not {where[:60]!r}")
        self._service, self._entry = service, entry
        self.name = f"the keyring's entry {where}"

    def _read(self, create: bool) -> Secret:
        keyring = require_extra("keyring", "keyring", "a vault's key in the keyring")
        backend = keyring.get_keyring()
        wrong = _untrusted(backend)
        if wrong is not None:
            raise VaultKeyError(f"the keyring of this machine would be {wrong}, which keeps no secret: take another source for the key")
        try:
            if (found := keyring.get_password(self._service, self._entry)) is not None:
                return Secret(found)
            if create:
                keyring.set_password(self._service, self._entry, new_key().reveal())
                if (found := keyring.get_password(self._service, self._entry)) is not None:
                    return Secret(found)
        except keyring.errors.KeyringError as error:
            reason = type(error).__name__
        else:
            raise VaultKeyError(f"{self.name} does not exist, and it should hold the key of a vault that does")
        raise VaultUnavailable(f"{self.name} cannot be read: {reason}")


def _untrusted(backend: object) -> str | None:
    """Return the name of a backend that stores secrets in the clear or not at all; of a chain, the first that would be used."""
    kind = type(backend)
    name = f"{kind.__module__}.{kind.__qualname__}"
    chained = getattr(backend, "backends", None)
    if chained is not None:
        first = next(iter(chained), None)
        return "no backend at all" if first is None else _untrusted(first)
    return name if any(part in name.lower() for part in _PLAINTEXT) else None


def _transit(where: str) -> Root:
    from unified_platform.vault.transit import TransitRoot

    return TransitRoot(where)


_KINDS: dict[str, Callable[[str], Root]] = {
    "file": FileRoot,
    "env": VariableRoot,
    "command": CommandRoot,
    "keyring": KeyringRoot,
    "transit": _transit,
}


def new_key() -> Secret:
    """Return a new root key as text: random bytes in base64."""
    return Secret(base64.b64encode(os.urandom(KEY_BYTES)).decode("ascii"))


def _decoded(text: Secret) -> list[bytes] | None:
    """Decode a key. It is returned in a list, which the caller empties; None if it is not valid."""
    try:
        material = base64.b64decode(text.reveal().strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return [material] if len(material) == KEY_BYTES else None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
