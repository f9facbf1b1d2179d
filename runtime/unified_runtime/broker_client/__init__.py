"""Broker client: calls through a broker, without holding a vendor's credential."""
