"""The same API, async. Written by `gen build`; do not edit."""
