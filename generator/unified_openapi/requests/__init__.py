"""Serialization of requests as OpenAPI documents declare it: parameters by style, bodies by media type and encoding.

It needs no document: compiler, runtime and toolkits describe parameters and bodies by `Style` and `BodyFormat`.
"""
