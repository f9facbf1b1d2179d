"""A name that becomes a command when the command shown for it is pasted into a shell."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from unified_platform.connections.records import ConnectionKey, connect_command
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.context import acting, current_acting
from unified_runtime.core.errors import NotConnected
from unified_runtime.core.shell_quoting import command

NAMES = [
    "o'$(touch FILE)",
    'o"$(touch FILE)',
    "`touch FILE`",
    "a; touch FILE",
    "a\ntouch FILE\n",
    "a\r\ntouch FILE",
    "$(touch FILE)",
    "a' ; touch FILE ; '",
    "a\\'; touch FILE; \\'",
    "a\n'; touch FILE; '",
    "!!",
    "~root",
    "*",
    "a|touch FILE",
    "a&touch FILE",
    "a>FILE",
    "--server=http://evil.test",
    "-x",
    "",
    "a\u202eb",
    "\x1b]0;x\x07",
    "ünïcode \U0001f600",
    "tab\tx",
    "nul is not possible",
]


def argv(text: str, folder: Path) -> list[str]:
    """Run the command in bash, with `unified` replaced by a function that prints its arguments."""
    script = f'unified() {{ printf "%s\\0" "$@"; }}\n{text}\n'
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, check=True)
    assert done.stderr == b""
    assert list(folder.iterdir()) == []
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("name", NAMES)
def test_a_copied_command_holds_the_name_and_runs_nothing_else(name: str, tmp_path: Path) -> None:
    text = command("unified", "sagas", "show", name)
    assert text.isprintable()
    assert argv(text, tmp_path) == ["sagas", "show", name]


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_the_command_that_connects_again(name: str, tmp_path: Path) -> None:
    for location, option in (
        (ConnectionKey(vendor="redmine", user=name), "--user"),
        (ConnectionKey(vendor="redmine", team=name), "--team"),
        (ConnectionKey(vendor="redmine", user="a", name=name), "--name"),
    ):
        given = argv(connect_command(location), tmp_path)
        assert given[:2] == ["connect", "redmine"]
        assert f"{option}={name}" in given or given[given.index(option) + 1] == name


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_the_error_of_a_missing_connection(name: str, tmp_path: Path) -> None:
    class Empty:
        tenant = ""

        def warm(self, owner: object) -> bool:
            return True

        def choose(self, vendors: object, owner: object, named: object) -> list[object]:
            return []

    connections = Connections()
    connections.source = Empty()  # type: ignore[assignment]
    with acting(user=name), pytest.raises(NotConnected) as caught:
        connections.find("tasks.get", {"redmine": "unified.vendors.redmine.tasks"}, "redmine", current_acting())
    given = argv(str(caught.value).partition("Connect it with: ")[2], tmp_path)
    assert given[:2] == ["connect", "redmine"]
    assert f"--user={name}" in given or given[-1] == name
