"""Faults after the work, by mitmproxy: the server has executed the request, and the client is not informed.

`mode` in the folder that CHAOS_FOLDER names selects the fault of RATE percent of the requests; each one is recorded in `log`.
"""

import asyncio
import os
import random
from pathlib import Path

from mitmproxy import http

FOLDER = Path(os.environ["CHAOS_FOLDER"])
RATE = int(os.environ["CHAOS_RATE"]) / 100
SLOW = float(os.environ["CHAOS_SLOW"])
chance = random.Random(int(os.environ["CHAOS_SEED"]))


async def response(flow: http.HTTPFlow) -> None:
    """Corrupt some of the server's responses."""
    mode = (FOLDER / "mode").read_text()
    if mode == "none" or chance.random() >= RATE:
        return
    with (FOLDER / "log").open("a") as log:
        log.write(f"{flow.request.method} {mode}\n")
    if mode == "lost":
        flow.kill()
    elif mode == "bad-gateway-after":
        flow.response = http.Response.make(502, b"<html><body>Bad Gateway</body></html>", {"Content-Type": "text/html"})
    elif mode == "truncated":
        body = flow.response.content or b""
        flow.response.content = body[: len(body) // 2]
    elif mode == "slow":
        await asyncio.sleep(SLOW)
