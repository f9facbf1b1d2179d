"""The output folder holds exactly the compiled files, or its earlier content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from unified_gen.pipeline.write import UnsafePath, compare, unified_diff, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    output = tmp_path / "generated"
    (output / "unified" / "old" / "__pycache__").mkdir(parents=True)
    (output / "unified" / "same.py").write_text("same\n")
    (output / "unified" / "changed.py").write_text("before\n")
    (output / "unified" / "old" / "orphan.py").write_text("orphan\n")
    (output / "unified" / "old" / "__pycache__" / "orphan.pyc").write_bytes(b"x")
    (output / ".editor").write_text("kept")
    return tmp_path


FILES = {"unified/same.py": "same\n", "unified/changed.py": "after\n", "unified/new/a.py": "a\r\nü\n"}


def test_changed_files_are_written_and_orphans_removed(root: Path) -> None:
    before = (root / "generated/unified/same.py").stat().st_mtime_ns
    difference = write(root, FILES)
    assert (difference.added, difference.changed, difference.orphaned) == (
        ("unified/new/a.py",),
        ("unified/changed.py",),
        ("unified/old/orphan.py",),
    )
    output = root / "generated"
    assert {file.relative_to(output).as_posix() for file in output.rglob("*") if file.is_file()} == {*FILES, ".editor"}
    assert (output / "unified/new/a.py").read_bytes() == "a\r\nü\n".encode(), "bytes are those compiled, on every system"
    assert (output / "unified/same.py").stat().st_mtime_ns == before
    assert not (output / "unified/old").exists(), "a folder left with bytecode only goes too"
    assert not compare(root, FILES)
    assert not write(root, FILES)


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "/evil.py", "unified/../../evil.py", "unified//a.py", "./a.py", "a\\..\\b.py", "", ".hidden", "a/.git/config", "a\0.py"],
)
def test_no_name_leaves_the_folder(root: Path, name: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(UnsafePath):
        write(root, {**FILES, name: "evil"})
    assert sorted(root.rglob("*")) == before


def test_a_link_in_the_folder_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "generated/unified/link").symlink_to(elsewhere)
    with pytest.raises(UnsafePath, match="link"):
        write(root, {**FILES, "unified/link/a.py": "a"})
    assert not list(elsewhere.iterdir())


def test_a_failure_while_staging_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if written:
            raise OSError(28, "No space left on device")
        written.append(self)
        return real(self, data)

    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(root, FILES)
    assert {file: file.read_bytes() for file in root.rglob("*") if file.is_file()} == before


def test_the_diff_shows_new_changed_and_removed_files(root: Path) -> None:
    text = unified_diff(root, {**FILES, "unified/new/a.py": "a"})
    assert "--- /dev/null\n+++ b/generated/unified/new/a.py\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n" in text
    assert "--- a/generated/unified/changed.py\n+++ b/generated/unified/changed.py\n@@ -1 +1 @@\n-before\n+after\n" in text
    assert "--- a/generated/unified/old/orphan.py\n+++ /dev/null\n" in text
    assert "same.py" not in text


def test_a_first_build_makes_the_folder(tmp_path: Path) -> None:
    write(tmp_path, {"unified/a.py": "a"})
    assert (tmp_path / "generated/unified/a.py").read_text() == "a"
    assert os.listdir(tmp_path / "generated") == ["unified"]
