"""Boot clock: time since the machine was started, for leases in SQLite files. No one can set it.

The wall clock is set by people, by NTP and by hypervisors. If it is moved by an hour, a lease timed by it ends an hour early or late.
"""

from __future__ import annotations

import hashlib
import os
import time
from functools import cache

LONGEST_LEASE = 86400.0
"""Upper bound of a lease in seconds. A lease that ends later was written before the machine was restarted."""
_BOOTS, _RANGE = 100_000, 1e8
"""Number of distinguishable machine starts, and seconds between the ranges of two starts: three years."""


def now() -> float:
    """Return seconds that only go forward, the same for all processes of this machine until it is started again.

    Each start has its own range of values, so that a time of an earlier start is always past or more than `LONGEST_LEASE` ahead.
    """
    uptime = _uptime()
    return _range() + (uptime if uptime is not None else _monotonic())


def _uptime() -> float | None:
    """Return the time since the kernel started. It is read from a file, since a library may fake a process's clocks (`faketime`)."""
    try:
        file = os.open("/proc/uptime", os.O_RDONLY)
    except OSError:
        return None
    try:
        return float(os.read(file, 64).split()[0])
    except (OSError, ValueError, IndexError):
        return None
    finally:
        os.close(file)


def _monotonic() -> float:
    boot = getattr(time, "CLOCK_BOOTTIME", None)  # CLOCK_MONOTONIC stops while the machine sleeps
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


@cache
def _range() -> float:
    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            boot = file.read(100).strip()
    except OSError:
        return 0.0
    return int.from_bytes(hashlib.sha256(boot).digest()[:6], "big") % _BOOTS * _RANGE
