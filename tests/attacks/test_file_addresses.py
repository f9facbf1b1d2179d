"""Signed addresses of agents' files: an altered, forged, expired or borrowed address opens nothing."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from unified_platform.broker import file_downloads
from unified_platform.broker.token_signing import Signer
from unified_platform.tools import FileAddresses, FileStore
from unified_runtime import InvalidInput, NotFound

KEY = b"k" * 32
NOW = float(int(time.time()))
URL = "https://broker.example/files"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def addresses(tmp_path: Path, clock: Clock) -> FileAddresses:
    return FileAddresses(URL, KEY, folder=tmp_path, lifetime=600, clock=clock)


def store(tmp_path: Path, addresses: FileAddresses, clock: Clock, user: str = "alice", **owner: Any) -> FileStore:
    return FileStore(user, agent="helper", folder=tmp_path, addresses=addresses, clock=clock, **owner)


def get(addresses: FileAddresses, address: str, method: str = "GET", **headers: str) -> httpx2.Response:
    """Return the response of the broker's route."""

    async def run() -> httpx2.Response:
        transport = httpx2.ASGITransport(Starlette(routes=file_downloads.routes(addresses)))
        async with httpx2.AsyncClient(transport=transport) as client:
            return await client.request(method, address, headers=headers)

    return asyncio.run(run())


def test_an_address_downloads_its_file_only(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    alice = store(tmp_path, addresses, clock)
    one, other = alice.add(b"May", "may.pdf", "application/pdf"), alice.add(b"June", "june.pdf")
    address = alice.address(one)
    assert address is not None
    assert get(addresses, address).content == b"May"
    assert get(addresses, address, Range="bytes=1-").content == b"ay"
    assert get(addresses, address.replace(one, other)).status_code == 404
    for method in ("POST", "PUT", "DELETE"):
        assert get(addresses, address, method).status_code == 405


def test_each_altered_character_makes_it_invalid(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    alice = store(tmp_path, addresses, clock)
    address = alice.address(alice.add(b"May", "may.pdf"))
    assert address is not None
    for at in range(len(URL) + 1, len(address)):
        for other in "A0a/-_":
            if other != address[at]:
                with pytest.raises(NotFound):
                    addresses.open(address[:at] + other + address[at + 1 :])
    for altered in (
        address + "A",
        address[:-1],
        address + "/",
        address + "/../x",
        address.replace("/file_", "/../file_"),
        "",
        "x" * 100_000,
    ):
        with pytest.raises(NotFound):
            addresses.open(altered)


def test_it_expires_with_its_time_and_with_the_file(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    alice = store(tmp_path, addresses, clock)
    handle = alice.add(b"May", "may.pdf")
    address = alice.address(handle)
    assert address is not None
    clock.now = NOW + 599
    assert addresses.open(address).name == "may.pdf"
    clock.now = NOW + 600
    with pytest.raises(NotFound):
        addresses.open(address)
    until = str(int(NOW + 600))
    with pytest.raises(NotFound):
        addresses.open(address.replace(until, str(int(NOW + 6000))))
    renewed = alice.address(handle)
    assert renewed is not None
    clock.now = NOW + 24 * 3600 + 1
    with pytest.raises(NotFound):
        FileAddresses(URL, KEY, folder=tmp_path, clock=lambda: NOW + 24 * 3600 + 1).open(renewed)
    with pytest.raises(NotFound):
        alice.address(handle)


def test_another_owner_cannot_sign_it(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    alice = store(tmp_path, addresses, clock)
    handle = alice.add(b"May", "may.pdf")
    address = alice.address(handle)
    assert address is not None
    owner = address.split("/")[-3]
    for other in (store(tmp_path, addresses, clock, "bob"), store(tmp_path, addresses, clock, tenant="t2")):
        with pytest.raises(NotFound):
            other.address(handle)
        own = other.address(other.add(b"own", "own.txt"))
        assert own is not None
        with pytest.raises(NotFound):  # the path of one, the signature of another
            addresses.open("/".join([URL, owner, handle, own.split("/")[-1]]))


def test_another_key_or_purpose_does_not_open_it(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    alice = store(tmp_path, addresses, clock)
    address = alice.address(alice.add(b"May", "may.pdf"))
    assert address is not None
    with pytest.raises(NotFound):
        FileAddresses(URL, b"l" * 32, folder=tmp_path, clock=clock).open(address)
    signer = Signer(KEY)
    keys = {signer.key("file addresses"), signer.key("sagas"), Signer(KEY, "t2").key("file addresses"), KEY}
    assert len(keys) == 4, "the key of each purpose and tenant is its own"
    for short in (b"", b"k" * 31):
        with pytest.raises(InvalidInput, match="32 bytes"):
            FileAddresses(URL, short)


def test_a_vendors_page_is_not_shown_by_the_brokers_origin(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    alice = store(tmp_path, addresses, clock)
    for name, media_type in (('a"\r\nSet-Cookie: x=1.html', "text/html"), ("b.html", "text/html\r\nSet-Cookie: x=1"), ("ü.svg", None)):
        address = alice.address(alice.add(b"<script>alert(1)</script>", name, media_type))
        assert address is not None
        response = get(addresses, address)
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "Set-Cookie" not in response.headers


def test_a_handle_is_not_an_address(tmp_path: Path, addresses: FileAddresses, clock: Clock) -> None:
    """A store without addresses returns none, and no address can be guessed from what a model knows."""
    plain = FileStore("alice", agent="helper", folder=tmp_path, clock=clock)
    handle = plain.add(b"May", "may.pdf")
    assert plain.address(handle) is None
    for guess in (handle, f"{URL}/{handle}", f"{URL}/{handle}/9999999999-{'A' * 32}"):
        with pytest.raises(NotFound):
            addresses.open(guess)
