"""Usage store: calls by agent, user, tool, vendor and date, with their latency and cost, and quotas."""
