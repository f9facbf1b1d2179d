"""Codecs: named pairs of functions between a unified value and the form a vendor keeps it in.

Each module is one codec. `encode(value)` turns a unified value into the vendor's, `decode(value)` the reverse; a codec for one
direction has one of the two. `LOSSES` says in words what does not survive which direction; an empty tuple means that
`decode(encode(x)) == x` for every `x`. Neither function is ever given None.

Nothing is imported here: an adapter imports the codecs it uses and no others.
"""
