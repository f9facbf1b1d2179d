"""Codecs: named pairs of functions that convert between a unified value and the vendor's format of it.

Each module is one codec. `encode(value)` converts a unified value to the vendor's, `decode(value)` the reverse; a codec for one
direction has only one of the two. `LOSSES` describes the information that each direction loses; an empty tuple means that
`decode(encode(x)) == x` for every `x`. Neither function is ever called with None.

Nothing is imported here: an adapter imports only the codecs that it uses.
"""
