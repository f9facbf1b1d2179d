"""Files of emulated vendors: contents are uploaded, described by size and digests, and downloaded. The runtime verifies the digests."""

from __future__ import annotations

import pytest

from unified import file_versions, files
from unified_emulation.engine.routes import Request
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, NotFound, using


@pytest.mark.parametrize("vendor", ["google-drive", "microsoft-graph"])
@pytest.mark.parametrize("content", [b"", b"Hello", bytes(range(256)) * 700], ids=["empty", "small", "longer"])
def test_uploaded_contents_are_downloaded(vendor: str, content: bytes) -> None:
    with Client(emulated=LocalEmulator([vendor])) as client, using(client):
        before = {one.id for one in files.list(via=vendor)}
        made = files.upload(name="Notes.txt", content=content, via=vendor)
        assert (made.name, made.size) == ("Notes.txt", len(content))
        assert {one.id for one in files.list(via=vendor)} - before == {made.id}
        assert files.get(made.id, via=vendor) == made
        assert files.update(made.id, name="Other.txt", via=vendor).name == "Other.txt"
        assert files.download(made.id, via=vendor).read() == content
        files.delete(made.id, via=vendor)
        with pytest.raises(NotFound):
            files.get(made.id, via=vendor)


def test_contents_of_copies_and_revisions_are_their_own() -> None:
    with Client(emulated=LocalEmulator(["google-drive"])) as client, using(client):
        seed, *_ = files.list(via="google-drive")
        first = files.download(seed.id, via="google-drive").read()
        copy = files.copy(seed.id, name="Copy.txt", via="google-drive")
        changed = files.upload_version(seed.id, b"Expenses", via="google-drive")
        assert (changed.id, changed.size, changed.version > seed.version) == (seed.id, 8, True)
        assert files.download(copy.id, via="google-drive").read() == first
        versions = file_versions.list(file_id=seed.id, via="google-drive")
        assert [file_versions.download(one.id, via="google-drive").read() for one in versions] == [first, b"Expenses"]
        assert [one.id for one in files.search_content(text="expenses", via="google-drive")] == [seed.id]


def test_an_id_is_used_once() -> None:
    drive = Emulators(["google-drive"]).by_name["google-drive"].emulator
    request = Request("POST", "/files", "", {"content-type": "application/json"}, b'{"id": "1abc", "name": "One"}')
    assert drive.respond(request).body == {"kind": "drive#file", "id": "1abc", "name": "One", "mimeType": "application/octet-stream"}
    assert drive.respond(request).status == 409
