"""The broker: a process of its own that owns the vault and makes the calls of agents, who never hold a vendor's credential.

`app.create` is the ASGI application, `serving` runs it, `unified broker` is its command. The agent's side is
`unified_runtime.brokered`, behind `Client(broker=..., key=...)`.
"""
