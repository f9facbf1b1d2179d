"""Command `unified emulate`."""

from __future__ import annotations

from pathlib import Path

import click

from unified_emulation.serving.addresses import HOST, PORT, SECRET
from unified_platform.cli.common import errors
from unified_platform.common.extras import require_extra


@click.command("emulate")
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="The port on 127.0.0.1.")
@click.option("--seed", type=click.Path(path_type=Path, dir_okay=False), help="A YAML file of the first records.")
@click.option("--webhook", "webhooks", multiple=True, metavar="URL", help="Deliver the vendors' webhooks to it; {vendor} is replaced.")
@click.option("--webhook-secret", default=SECRET, show_default=True, help="The secret that signs deliveries to --webhook.")
def emulate(vendors: tuple[str, ...], port: int, seed: Path | None, webhooks: tuple[str, ...], webhook_secret: str) -> None:
    """Serve local emulators of vendors, all by default: http://127.0.0.1:4600/jira and so on.

    They are derived from the facts of the vendors' documents, store records in memory, and accept any credential. Clients use them with
    Client(emulated=True) and UNIFIED_EMULATOR=http://127.0.0.1:4600, or `unified connect VENDOR --emulated`.
    """
    with errors(False):
        require_extra("uvicorn", "emulate", "unified emulate")
        require_extra("starlette", "emulate", "unified emulate")
        from unified_emulation.serving.app import create
        from unified_emulation.serving.emulators import Emulators
        from unified_emulation.serving.seed_files import load_seed
        from unified_emulation.serving.server import serve

        emulators = Emulators(vendors, None if seed is None else load_seed(seed))
        for url in webhooks:
            names = emulators.subscribe(url, webhook_secret)
            click.echo(f"webhooks of {', '.join(names)} are delivered to {url}", err=True)
        base = f"http://{HOST}:{port}"
        click.echo(f"{len(emulators.by_name)} vendors are emulated at {base}/VENDOR", err=True)
        serve(create(emulators), HOST, port)
