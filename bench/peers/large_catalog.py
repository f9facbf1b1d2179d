"""Peer: the project with many vendors; argument 2 is the folder of generated code, argument 3 the vendor to call."""

from __future__ import annotations

import sys

from peer_protocol import repeated, serve

sys.path.insert(0, sys.argv[2])

import unified
from unified import tasks

unified.connect(sys.argv[3], unified.bearer("token"), workspace="1", server=sys.argv[1])


def get() -> None:
    assert tasks.get("12001").id == "12001"


serve({"get": repeated(get)}, "unified-apis")
