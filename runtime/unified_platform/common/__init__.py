"""Helpers that any part of the platform uses: optional libraries, threads, client addresses, visible text."""
