"""Decoding of one type by several threads at once."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from unified_runtime.core import typed_json

CHILD = """
import sys, threading, types
from unified_runtime.core import typed_json

sys.setswitchinterval(1e-6)
SOURCE = '''
from __future__ import annotations
import msgspec
class Outer(msgspec.Struct):
    id: str | None = None
    inner: list[Inner] | None = None
class Inner(msgspec.Struct):
''' + "".join(f"    f{number}: str | None = None\\n" for number in range(20))
for number in range(200):
    module = sys.modules[f"made{number}"] = types.ModuleType(f"made{number}")
    exec(SOURCE, module.__dict__)
    together, found = threading.Barrier(4), []

    def read():
        together.wait()
        for _ in range(5):
            found.append(typed_json.decode(b'{"id": "a", "inner": [{"f1": "b", "f19": "c"}]}', module.Outer).inner[0].f19)

    threads = [threading.Thread(target=read) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert found == ["c"] * 20
"""


class _Named(msgspec.Struct):
    name: str


def test_threads_that_decode_a_type_for_the_first_time_do_not_crash_the_process() -> None:
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", CHILD], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_values_are_of_the_type() -> None:
    assert typed_json.decode('{"name": "ada"}', _Named) == typed_json.convert({"name": "ada"}, _Named) == _Named("ada")
    assert typed_json.decoder(_Named) is typed_json.decoder(_Named)
    with pytest.raises(msgspec.ValidationError):
        typed_json.convert({"name": 1}, _Named)
