"""The project with other vendors: the second argument is the folder of what was generated, the third the vendor to call."""

from __future__ import annotations

import sys

from speaking import repeated, speak

sys.path.insert(0, sys.argv[2])

import unified
from unified import tasks

unified.connect(sys.argv[3], unified.bearer("token"), workspace="1", server=sys.argv[1])


def get() -> None:
    assert tasks.get("12001").id == "12001"


speak({"get": repeated(get)}, "unified-apis")
