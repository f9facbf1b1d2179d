"""Search of records across every connected vendor."""

from __future__ import annotations

from unified_platform.record_search.results import Failure, Hit, SearchResults
from unified_platform.record_search.search import asearch, search

__all__ = ["Failure", "Hit", "SearchResults", "asearch", "search"]
