"""Export of metrics to Prometheus: on a port of their own or as a response of another server, from one process or several.

Several processes write their counts to files of one folder, `PROMETHEUS_MULTIPROC_DIR`, which the client library reads when it is
imported; the process that responds adds them up.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unified_platform.common.extras import require_extra
from unified_runtime.core.errors import InvalidInput

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share() -> Path:
    """Let the processes that this one starts count together. Call it before the client library is imported.

    Return the folder of their counts; counts of an earlier run are removed from it.
    """
    folder = Path(os.environ.get(FOLDER) or tempfile.mkdtemp(prefix="unified-metrics-"))
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    os.environ[FOLDER] = str(folder)
    return folder


def shared() -> bool:
    """Return whether several processes count together."""
    return FOLDER in os.environ


def complete_registry(own: CollectorRegistry | None, collectors: Iterable[Collector] = ()) -> CollectorRegistry:
    """Return the registry to export: the counts of `own`, or of all processes that count together, and the values of `collectors`."""
    library = require_extra("prometheus_client", "observe", "metrics")
    if own is not None and not shared():
        registry = own
        library.ProcessCollector(registry=registry)
        library.GCCollector(registry=registry)
    else:
        multiprocess = require_extra("prometheus_client.multiprocess", "observe", "metrics")
        registry = library.CollectorRegistry(auto_describe=False)
        registry.register(_ProcessTotals(multiprocess.MultiProcessCollector(None), multiprocess.mark_process_dead))
    for collector in collectors:
        registry.register(collector)
    return registry


class _ProcessTotals:
    """Counts of all processes, without live gauges of processes that have died."""

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
    """Return the metrics in the form that a scraper accepts, and its media type."""
    exposition = require_extra("prometheus_client.exposition", "observe", "metrics")
    encoder, kind = exposition.choose_encoder(accept)
    return encoder(registry), kind


def listen(address: str, registry: CollectorRegistry) -> Callable[[], None]:
    """Serve `/metrics` at HOST:PORT, in a thread, until the returned function is called.

    Raises:
        InvalidInput: the address is not valid, or cannot be listened on.
    """
    library = require_extra("prometheus_client", "observe", "metrics")
    host, port = host_and_port(address)
    try:
        server, thread = library.start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise InvalidInput(f"metrics cannot be served at {address}: {error.strerror}") from None

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return close


def host_and_port(address: str) -> tuple[str, int]:
    """Return the host and port of HOST:PORT.

    Raises:
        InvalidInput: the address is not valid.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdigit() and 0 <= int(port) < 65536):
        raise InvalidInput(f"metrics are served at HOST:PORT, such as 127.0.0.1:9464, or at /metrics of the broker, not at {address!r}")
    return host.strip("[]"), int(port)
