"""New contents of files, and the versions that the vendor keeps of earlier ones."""

from __future__ import annotations

import pytest

from tests.support.drives.blobs import Blob
from tests.transfers.conftest import Bench, noise
from unified import file_versions, files
from unified_runtime import NotFound, Unsupported, using

MIB = 1024 * 1024


@pytest.mark.parametrize("size", [0, 5, 9 * MIB])
def test_a_new_content_replaces_the_old_one_and_the_file_stays(bench: Bench, size: int) -> None:
    id, data = bench.double.keep("a.bin", Blob(b"before")), noise(size)
    with using(bench.client()):
        before = files.get(id)
        made = files.upload_version(id, data)
        assert (made.id, made.name, made.size, made.mime_type) == (id, "a.bin", size, before.mime_type)
        assert made.version != before.version
    assert b"".join(bench.double.content(id).pieces()) == data
    assert bench.double.contents() == 1
    bench.right()


def test_versions_are_listed_and_read(bench: Bench) -> None:
    id = bench.double.keep("a.bin", Blob(b"one"))
    with using(bench.client()):
        for data in (b"four", b"fifth"):
            files.upload_version(id, data)
        found = {each.size: each for each in file_versions.list(file_id=id)}
        assert found.keys() == {3, 4, 5}
        assert {each.file_id for each in found.values()} == {id}


def test_a_version_is_restored(bench: Bench) -> None:
    id = bench.double.keep("a.bin", Blob(b"one"))
    with using(bench.client()):
        files.upload_version(id, b"four")
        (first,) = [each for each in file_versions.list(file_id=id) if each.size == 3]
        if bench.vendor == "google-drive":
            with pytest.raises(Unsupported, match="download the version and upload it"):
                file_versions.restore(first.id)
            return
        file_versions.restore(first.id)
        assert files.download(id).read() == b"one"


def test_a_file_that_does_not_exist_has_no_new_version(bench: Bench) -> None:
    with using(bench.client()), pytest.raises(NotFound):
        files.upload_version(bench.double.unknown, b"abc")
