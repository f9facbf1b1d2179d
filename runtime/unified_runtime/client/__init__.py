"""Clients: sync, async and bulk calls, and the operations of the facade."""
