"""Keeping within vendors' limits and out of the way of their outages: budgets, what answers say of them, and circuits."""
