"""Rate limiter that several processes share, and agents' own limits: see `open_rate_limiter`."""

from __future__ import annotations

from unified_platform.rate_limits.opening import URL, default_url, open_rate_limiter, parse_rates, shared_rate_limiter

__all__ = ["URL", "default_url", "open_rate_limiter", "parse_rates", "shared_rate_limiter"]
