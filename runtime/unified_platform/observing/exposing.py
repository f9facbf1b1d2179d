"""How Prometheus gets the metrics: over a port of their own, or as an answer of another server; from one process or from several.

Several processes keep their counts in files of one folder, `PROMETHEUS_MULTIPROC_DIR`, which the client library looks at when it is
imported; whoever answers adds them up.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unified_platform.extras import extra
from unified_runtime.errors import InvalidInput

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share() -> Path:
    """Have the processes that this one starts count together. To be called before the client library is imported.

    Returns the folder of their counts; what an earlier run left in it is removed.
    """
    folder = Path(os.environ.get(FOLDER) or tempfile.mkdtemp(prefix="unified-metrics-"))
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    os.environ[FOLDER] = str(folder)
    return folder


def shared() -> bool:
    """Whether several processes count together."""
    return FOLDER in os.environ


def whole(own: CollectorRegistry | None, collectors: Iterable[Collector] = ()) -> CollectorRegistry:
    """What is answered: the counts of `own`, or of all processes that count together; and what `collectors` read."""
    library = extra("prometheus_client", "observe", "metrics")
    if own is not None and not shared():
        registry = own
        library.ProcessCollector(registry=registry)
        library.GCCollector(registry=registry)
    else:
        multiprocess = extra("prometheus_client.multiprocess", "observe", "metrics")
        registry = library.CollectorRegistry(auto_describe=False)
        registry.register(_Together(multiprocess.MultiProcessCollector(None), multiprocess.mark_process_dead))
    for collector in collectors:
        registry.register(collector)
    return registry


class _Together:
    """The counts of all processes, without what processes that died held open."""

    def __init__(self, inner: Any, forget: Callable[[int], None]) -> None:
        self._inner = inner
        self._forget = forget

    def collect(self) -> Any:
        for file in Path(os.environ[FOLDER]).glob("gauge_live*_*.db"):
            found = re.search(r"_(\d+)\.db\Z", file.name)
            if found is not None and not _runs(int(found[1])):
                self._forget(int(found[1]))
        return self._inner.collect()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def text(registry: CollectorRegistry, accept: str) -> tuple[bytes, str]:
    """The metrics in the form that a scraper accepts, and its media type."""
    exposition = extra("prometheus_client.exposition", "observe", "metrics")
    encoder, kind = exposition.choose_encoder(accept)
    return encoder(registry), kind


def listen(address: str, registry: CollectorRegistry) -> Callable[[], None]:
    """Answer `/metrics` at HOST:PORT, in a thread, until the function that is returned is called.

    Raises:
        InvalidInput: it is no address, or cannot be listened at.
    """
    library = extra("prometheus_client", "observe", "metrics")
    host, port = place(address)
    try:
        server, thread = library.start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise InvalidInput(f"metrics cannot be served at {address}: {error.strerror}") from None

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return close


def place(address: str) -> tuple[str, int]:
    """The host and port of HOST:PORT.

    Raises:
        InvalidInput: it is none.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdigit() and 0 <= int(port) < 65536):
        raise InvalidInput(f"metrics are served at HOST:PORT, such as 127.0.0.1:9464, or at /metrics of the broker, not at {address!r}")
    return host.strip("[]"), int(port)
