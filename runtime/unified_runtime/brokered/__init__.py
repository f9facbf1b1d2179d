"""Calls through a broker: what an agent's process sends it, and what the broker answers. Neither holds a vendor's credential.

`protocol` is the wire form, `values` and `failures` turn records, plans and errors into it and back, `contents` frames files, and `remote`
is the agent's side, without I/O like every other flow.
"""
