"""TLS settings: the certificates that the system trusts, as in httpx2."""

from __future__ import annotations

import functools
import os
import re
import ssl
import sys

_HASHED = re.compile(r"[0-9a-f]{8}\.\d").fullmatch


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """Return the process's TLS settings for HTTP/1.1. Creating them takes 5 to 11 ms.

    On Linux, they are created here with the settings of httpx2, so that it is not imported. If the environment names certificates, if the
    system stores them elsewhere, or on another system, httpx2 creates them.
    """
    context = _linux_context() if sys.platform == "linux" and not os.environ.keys() & {"SSL_CERT_FILE", "SSL_CERT_DIR"} else None
    if context is None:
        import httpx2

        context = httpx2.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _linux_context() -> ssl.SSLContext | None:
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if os.path.isfile(paths.openssl_cafile) else None
    folder = paths.openssl_capath if os.path.isdir(paths.openssl_capath) else None
    if file is None and (folder is None or not any(map(_HASHED, os.listdir(folder)))):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file, folder)
    return context
