"""Command `unified emulate`."""

from __future__ import annotations

import click

from unified_emulation.serving.addresses import HOST, PORT
from unified_platform.cli.common import errors
from unified_platform.common.extras import require_extra


@click.command("emulate")
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="The port on 127.0.0.1.")
def emulate(vendors: tuple[str, ...], port: int) -> None:
    """Serve local emulators of vendors, all by default: http://127.0.0.1:4600/jira and so on.

    They are derived from the facts of the vendors' documents, store records in memory, and accept any credential. Clients use them with
    Client(emulated=True) and UNIFIED_EMULATOR=http://127.0.0.1:4600, or `unified connect VENDOR --emulated`.
    """
    with errors(False):
        require_extra("uvicorn", "emulate", "unified emulate")
        require_extra("starlette", "emulate", "unified emulate")
        from unified_emulation.serving.app import create
        from unified_emulation.serving.emulators import Emulators
        from unified_emulation.serving.server import serve

        emulators = Emulators(vendors)
        base = f"http://{HOST}:{port}"
        click.echo(f"{len(emulators.by_name)} vendors are emulated at {base}/VENDOR", err=True)
        serve(create(emulators), HOST, port)
