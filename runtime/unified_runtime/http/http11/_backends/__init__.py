"""Connections over blocking sockets (`sync`) and asyncio protocols (`aio`). Both modules define the same names, so that the pools have one
source."""
