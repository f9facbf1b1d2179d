"""Files of emulated vendors: contents are uploaded, described by size and digests, and downloaded. The runtime verifies the digests."""

from __future__ import annotations

import pytest

from unified import files
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
