"""OAuth 2.1 as a client, without I/O: each module is one idea, each step a flow that either client of the runtime carries out.

A flow is a generator that yields requests and pauses (`unified_runtime.driving.driver.Flow`); `Client().perform(flow)` and
`await AsyncClient().perform(flow)` are its sync and async twins.
"""
