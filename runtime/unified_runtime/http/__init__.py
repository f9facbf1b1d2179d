"""HTTP: transports, address checks, uploads and downloads.

By default, `http11` sends small requests and httpx2 sends all others (`default`). A client or transport of httpx2 or httpx can be used
instead (`httpx`). `ssrf` checks each address before it is connected to.
"""
