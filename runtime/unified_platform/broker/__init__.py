"""Broker: a separate process that owns the vault and makes calls for agents, which never get a vendor's credentials.

`app.create` returns the ASGI application, `server` runs it, `unified broker` is its command. The agent's side is
`unified_runtime.broker_client`, behind `Client(broker=..., key=...)`.
"""
