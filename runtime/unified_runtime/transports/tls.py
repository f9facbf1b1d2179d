"""How servers prove who they are: by the certificates that the system trusts, as httpx2 has it."""

from __future__ import annotations

import functools
import os
import re
import ssl
import sys

_HASHED = re.compile(r"[0-9a-f]{8}\.\d").fullmatch


@functools.cache
def context() -> ssl.SSLContext:
    """The process's TLS settings for HTTP/1.1.

    On Linux they are made here as httpx2 makes them, so that a process that needs nothing else of it need not import it. Where the
    environment names certificates, the system keeps them elsewhere, or it is another system, httpx2 makes them.
    """
    made = _of_linux() if sys.platform == "linux" and not os.environ.keys() & {"SSL_CERT_FILE", "SSL_CERT_DIR"} else None
    if made is None:
        import httpx2

        made = httpx2.create_ssl_context()
    made.set_alpn_protocols(["http/1.1"])
    return made


def _of_linux() -> ssl.SSLContext | None:
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if os.path.isfile(paths.openssl_cafile) else None
    folder = paths.openssl_capath if os.path.isdir(paths.openssl_capath) else None
    if file is None and (folder is None or not any(map(_HASHED, os.listdir(folder)))):
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(file, folder)
    return made
