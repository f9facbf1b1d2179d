"""OAuth 2.1 client: authorization, token requests and token refresh, as flows without I/O of their own.

A flow is a generator that yields requests and pauses (`unified_runtime.execution.flows.Flow`). `Client().perform(flow)` runs it
synchronously, `await AsyncClient().perform(flow)` asynchronously.
"""
