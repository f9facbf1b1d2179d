"""Input of a compilation, as text: read once, then the compiler touches no disk.

An unchanged build reads all of it and needs nothing else of the compiler, so nothing here imports `pathlib` or msgspec: both take longer.
"""

from __future__ import annotations

import os

from unified_gen.cache.keys import digest, read_bytes
from unified_gen.language.shipped import SHIPPED

TYPE_CHECKING = False  # as in `keys.py`

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


class NotAProject(Exception):
    """A folder that holds no mappings and no specs."""


class UnreadableFile(Exception):
    """A file of the project whose bytes are not UTF-8 text, or that cannot be opened."""


_MARK = b"\xef\xbb\xbf"
"""Byte order mark that some editors put before UTF-8 text."""


class VendorInputs:
    """One vendor's files: name relative to the project's root, to text."""

    def __init__(self, name: str, mappings: Mapping[str, str], specs: Mapping[str, str]) -> None:
        self.name = name
        self.mappings = mappings
        """`vendor.yaml` and a file for each resource."""
        self.specs = specs
        """`openapi.yaml`, `overlay.yaml`."""

    @property
    def declaration(self) -> str | None:
        """The name of its `vendor.yaml`, if it has one."""
        return next((name for name in self.mappings if name.endswith("/vendor.yaml")), None)

    def spec(self, name: str) -> tuple[str, str] | None:
        """Return a file of `specs/<vendor>/`: its name and text."""
        return next(((path, text) for path, text in self.specs.items() if path.endswith("/" + name)), None)

    def texts(self) -> dict[str, str]:
        return {**self.mappings, **self.specs}


class Inputs:
    """A project: its models and its vendors, in the order of their names."""

    def __init__(self, models: Mapping[str, str], vendors: tuple[VendorInputs, ...], digests: Mapping[str, str] | None = None) -> None:
        self.models = models
        self.vendors = vendors
        self._digests = digests

    @property
    def digests(self) -> Mapping[str, str]:
        """A hash for each text, and for facts on disk, by its name: a document is hashed once, for all keys it is part of."""
        if self._digests is None:
            self._digests = {name: digest(text) for name, text in self.texts().items()}
        return self._digests

    def texts(self) -> dict[str, str]:
        """Return every text by its name, for showing source lines."""
        found = dict(self.models)
        for vendor in self.vendors:
            found.update(vendor.texts())
        return found


def project_above(start: str) -> str | None:
    """Return the nearest folder, upwards from `start`, that is a project's."""
    while not is_project(start):
        start, below = os.path.dirname(start), start
        if start == below:
            return None
    return start


def is_project(folder: str) -> bool:
    """Return true if a folder holds `mappings/` and `specs/`."""
    return all(os.path.isdir(os.path.join(folder, name)) for name in ("mappings", "specs"))


def read_inputs(root: str | os.PathLike[str]) -> Inputs:
    """Read a project's models, mappings and specs. If it lacks a model that is needed, the distribution's models join its own.

    Raises:
        NotAProject: there is no `mappings/` below `root`.
        UnreadableFile: one of the files is not text.
    """
    root = os.fspath(root)
    if not os.path.isdir(os.path.join(root, "mappings")):
        raise NotAProject(f"{root} holds no mappings/ folder")
    found = dict[str, str]()
    models = _texts(root, "mappings/models", found)
    vendors = tuple(
        VendorInputs(name, _texts(root, f"mappings/vendors/{name}", found), _texts(root, f"specs/{name}", found))
        for name in _folders(os.path.join(root, "mappings", "vendors"))
    )
    for vendor in vendors:
        _digest_facts(root, f"specs/{vendor.name}", found)
    own = {resource_of(text) for text in models.values()}
    needed = {resource_of(text) for vendor in vendors for name, text in vendor.mappings.items() if name != vendor.declaration}
    referenced = {name for text in models.values() for name in _references(text)}
    if not needed <= own or not (referenced - own).isdisjoint(name.removesuffix(".yaml") for name in _names(_shipped_folder())):
        models |= shipped_models(found, without=own)
    return Inputs(models, vendors, found)


def shipped_models(digests: dict[str, str], *, without: Container[str] = ()) -> dict[str, str]:
    """Return the distribution's models, without some resources, by their names in locations; their digests join the others."""
    folder = _shipped_folder()
    texts = {}
    for name in _names(folder):
        if name.removesuffix(".yaml") not in without:
            data, text = _read(os.path.join(folder, name))
            texts[f"{SHIPPED}/{name}"], digests[f"{SHIPPED}/{name}"] = text, digest(data)
    return texts


def _shipped_folder() -> str:
    """Return the folder of the distribution's models: data of the installed package, or of the repository that the compiler is run from."""
    package = __file__.rsplit(os.sep, 2)[0]
    folder = os.path.join(package, "shipped_models")
    return folder if os.path.isdir(folder) else os.path.join(package, "..", "..", "mappings", "models")


def _references(text: str) -> set[str]:
    """Return the resources whose ids a model's fields and inputs hold."""
    words = text.replace(",", " ").replace("}", " ").split()
    return {words[at + 1] for at, word in enumerate(words[:-1]) if word == "references:"}


def resource_of(text: str) -> str:
    """Return the resource that a model or mapping states."""
    return stated(text, "resource")


def stated(text: str, key: str) -> str:
    """Return the name that a model or mapping states under a key, without parsing the file; empty if that needs a parser."""
    line = next((line for line in text.splitlines() if line.startswith(f"{key}:")), "")
    return line.partition(":")[2].partition("#")[0].strip(" \"'")


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir())
    except FileNotFoundError:
        return []


def _names(folder: str, extension: str = ".yaml") -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(extension))
    except FileNotFoundError:
        return []


def _texts(root: str, folder: str, digests: dict[str, str]) -> dict[str, str]:
    """Return the YAML files of a folder below the project's root, by their names from there; their digests join the others."""
    path = os.path.join(root, folder)
    texts = {}
    for name in _names(path):
        data, text = _read(os.path.join(path, name))
        texts[f"{folder}/{name}"], digests[f"{folder}/{name}"] = text, digest(data)
    return texts


def _digest_facts(root: str, folder: str, digests: dict[str, str]) -> None:
    """Add the digests of facts of complete documents, which `behaviour.yaml` is checked against."""
    for name in _names(os.path.join(root, folder), ".json.gz"):
        try:
            digests[f"{folder}/{name}"] = digest(read_bytes(os.path.join(root, folder, name)))
        except OSError as error:
            raise UnreadableFile(f"{os.path.join(root, folder, name)}: {(error.strerror or str(error)).lower()}") from None


def _read(path: str) -> tuple[bytes, str]:
    """Return a file's text, its lines ended as those of text files are, and the bytes of that."""
    try:
        data = read_bytes(path).removeprefix(_MARK)
        text = data.decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"{path}, line {line}: the bytes of this file are not UTF-8 text from here on") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if b"\r" not in data:  # large documents are not encoded again to be hashed
        return data, text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode(), text
