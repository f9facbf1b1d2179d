"""Budgets that several processes share, and agents' own limits: see `open_budget`."""

from __future__ import annotations

from unified_platform.budgets.opening import URL, default_url, open_budget, rates_of, shared_budget

__all__ = ["URL", "default_url", "open_budget", "rates_of", "shared_budget"]
