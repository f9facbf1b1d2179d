"""Round trips of files: names, folders, contents; with the vendor's complete document and a store that is independent of mappings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.inputs import inputs_of
from tests.conformance.test_requests import EXAMPLES
from tests.conformance.test_round_trips import _check, _fields, _reported
from tests.support.accounts import account_of, client, offers
from tests.support.complete_documents import JUDGED, CompleteDocument
from tests.support.stores import store_of, stored
from tests.support.wire import Wire
from unified import files
from unified_runtime import Client, Conflict, NotFound, Unsupported, using
from unified_runtime.core.operations import UNSET

VENDORS = stored((vendor for vendor in files.get.vendors if vendor in JUDGED), __name__)
_NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 '()-]{0,20}[A-Za-z0-9](\.txt)?", fullmatch=True)


def _connected(vendor: str, document: CompleteDocument) -> tuple[Client, Wire]:
    store = store_of(vendor, document.served)
    return client(vendor, store.respond)


def _folder_and_files(made: Client) -> tuple[str, str, str]:
    """Create a folder, a file in it and one beside it; return their ids."""
    with using(made):
        folder = files.create_folder(name="Plans").id
        inside = files.upload(b"June", name="June.txt", parent_id=folder).id
        return folder, inside, files.upload(b"Minutes", name="Minutes.txt").id


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("operation", [files.create_folder, files.upload], ids=["folder", "file"])
def test_a_created_file_reads_as_it_was_written(vendor: str, operation: Any, document: CompleteDocument) -> None:
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    fields = _fields(vendor, "files", operation.operation)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(operation, account_of(vendor), [], frozenset(), wild=False), st.booleans())
    def any_file(values: dict[str, Any], below: bool) -> None:
        stores[:] = [store_of(vendor, document.served)]
        folder, *_ = _folder_and_files(made)
        parent = folder if below else None
        values = {name: value for name, value in values.items() if name != "parent_id"} | ({"parent_id": parent} if parent else {})
        with using(made):
            created, written = _reported(made, operation, values)
            if created is None:
                return
            _check(vendor, {name: value for name, value in written.items() if value is not None}, created, fields)
            assert files.get(created.id) == created
            assert (created.name, created.is_folder) == (written["name"], operation is files.create_folder)
            if operation is files.upload:
                assert created.size == len(written["content"])
                assert files.download(created.id).read() == written["content"]
            if created.path is not None:
                assert created.path == f"{files.get(parent).path if parent else ''}/{created.name}"
            # It is in its new folder, and nowhere else.
            assert created.id in [each.id for each in files.list(**({"parent_id": parent} if parent else {}))]
            assert created.id not in [each.id for each in files.list(**({} if parent else {"parent_id": folder}))]

    any_file()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_file_is_renamed_moved_shared_and_deleted(vendor: str, document: CompleteDocument) -> None:
    made, wire = _connected(vendor, document)
    with using(made):
        others = {each.id for each in files.list()}
        folder, inside, outside = _folder_and_files(made)
        before = files.get(outside)
        renamed = files.update(outside, name="Other.txt")
        assert (renamed.name, renamed.id, files.get(outside)) == ("Other.txt", outside, renamed)
        assert files.download(outside).read() == b"Minutes"
        moved = files.move(outside, parent_id=folder)
        assert (moved.id, moved.name) == (outside, "Other.txt")
        assert {each.id for each in files.list(parent_id=folder)} == {inside, outside}
        assert [each.id for each in files.list() if each.id not in others] == [folder]
        assert not before.shared
        assert files.share(outside, email="grace@example.com", role="reader").shared
        assert files.share(inside, email="grace@example.com", role="writer").shared
        files.delete(outside)
        with pytest.raises(NotFound):
            files.get(outside)
        assert [each.id for each in files.list(parent_id=folder)] == [inside]
    assert wire.sent


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if offers(vendor, files.copy)])
def test_a_copy_is_another_file(vendor: str, document: CompleteDocument) -> None:
    made, _ = _connected(vendor, document)
    with using(made):
        folder, inside, outside = _folder_and_files(made)
        copy = files.copy(inside, name="Third.txt")
        assert copy.id not in (inside, outside)
        assert (copy.name, copy.size, copy.is_folder) == ("Third.txt", 4, False)
        assert {each.id for each in files.list(parent_id=folder)} == {inside, copy.id}
        elsewhere = files.create_folder(name="Elsewhere")
        second = files.copy(inside, parent_id=elsewhere.id)
        assert [(each.id, each.name) for each in files.list(parent_id=elsewhere.id)] == [(second.id, "June.txt")]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_folder_is_shared_with_what_is_in_it(vendor: str, document: CompleteDocument) -> None:
    made, _ = _connected(vendor, document)
    with using(made):
        folder, *_ = _folder_and_files(made)
        assert files.share(folder, email="grace@example.com", role="writer").shared
        assert files.share(folder, email="heidi@example.com", role="reader").is_folder


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_permanently_deleted_file_is_gone(vendor: str, document: CompleteDocument) -> None:
    made, wire = _connected(vendor, document)
    with using(made):
        _, inside, _ = _folder_and_files(made)
        wire.sent.clear()
        if offers(vendor, files.delete_permanently):
            files.delete_permanently(inside)
            with pytest.raises(NotFound):
                files.get(inside)
        else:
            with pytest.raises(Unsupported):
                files.delete_permanently(inside)
            assert wire.sent == []


@pytest.mark.parametrize("vendor", VENDORS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(_NAMES, min_size=1, max_size=12, unique_by=str.casefold))
def test_a_file_is_found_by_its_name(vendor: str, names: list[str], document: CompleteDocument) -> None:
    made, _ = _connected(vendor, document)
    with using(made):
        created = {files.upload(name.encode(), name=name).id: name for name in names}
        for name in names:
            found = list(files.search(text=name))
            wanted = {id for id, other in created.items() if name.casefold() in other.casefold()}
            assert {each.id for each in found if each.id in created} == wanted


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_file_is_found_by_its_content(vendor: str, document: CompleteDocument) -> None:
    """A search by name does not return it, also at a vendor that has one search for both."""
    made, _ = _connected(vendor, document)
    with using(made):
        wanted = files.upload(b"Revenue and expenses", name="June.txt")
        files.upload(b"Agenda", name="July.txt")
        assert [each.id for each in files.search_content(text="expenses")] == [wanted.id]
        assert list(files.search(text="expenses")) == []


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("number", [0, 1, 130])
def test_a_list_gives_every_file_once(vendor: str, number: int, document: CompleteDocument) -> None:
    made, wire = _connected(vendor, document)
    with using(made):
        folder = files.create_folder(name="Full")
        created = {files.create_folder(name=f"Folder {n}", parent_id=folder.id).id for n in range(number)}
        for limit in (None, 7):
            listed = [each.id for each in files.list(parent_id=folder.id, limit=limit)]
            assert sorted(listed) == sorted(created)
        wire.sent.clear()
        pages = list(files.search(text="Folder", limit=50).pages())
        assert {each.id for page in pages for each in page.items} == created
        assert len(wire.sent) == max(1, -(-number // 50))


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("operation", [files.update, files.move])
def test_none_clears_nothing_of_a_file(vendor: str, operation: Any, document: CompleteDocument) -> None:
    """A file has a name and a folder: clearing one is rejected before anything is sent."""
    made, wire = _connected(vendor, document)
    _, inside, _ = _folder_and_files(made)
    wire.sent.clear()
    field = "name" if operation is files.update else "parent_id"
    result, values = _reported(made, operation, {"id": inside, field: None})
    assert result is None
    assert field not in values or values[field] is UNSET
    assert wire.sent == []


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor == "dropbox"])
def test_a_name_that_exists_already(vendor: str, document: CompleteDocument) -> None:
    made, _ = _connected(vendor, document)
    with using(made):
        with pytest.raises(Conflict, match=r"conflict"):
            files.upload(b"again", name="Notes.txt")
        with pytest.raises(Conflict, match=r"conflict"):
            files.create_folder(name="Reports")
