"""Incremental compilation of a project on disk: unchanged parts come from the cache, changed vendors are compiled in parallel.

Results are saved at two levels: the complete project, and below it each vendor; the files that all vendors share, which change with the
models and with what is offered; the models as parsed; and their classes, which take longer than any vendor and depend on the models only.
(`unchanged.py` finds out if all of that would produce anything other than the present files.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.cache.keys import key_of
from unified_gen.cache.store import Cache
from unified_gen.pipeline.inputs import Inputs, VendorInputs, read_inputs
from unified_gen.pipeline.results import Result, VendorResult
from unified_gen.pipeline.unchanged import output_key, project_key

if TYPE_CHECKING:  # the compiler is imported when something has to be compiled
    from unified_gen.pipeline.compiler import Models, Offers

Files = dict[str, str]
"""Texts by name: results of `compiler.model_classes` and `compiler.compile_shared`."""


class Project(Struct, frozen=True):
    """A compiled project: its result, every source text by name, and the number of vendors that had to be compiled."""

    result: Result
    sources: Mapping[str, str]
    compiled: int
    vendors: int


def compile_project(root: Path, *, use_cache: bool = True, inputs: Inputs | None = None) -> Project:
    """Compile the project below `root`, or `inputs` read from it before.

    Raises:
        NotAProject: there is no `mappings/` below `root`.
    """
    inputs = inputs or read_inputs(root)
    texts = inputs.texts()
    cache = Cache(root) if use_cache else None
    hashes, entire = inputs.digests, project_key(inputs)
    unchanged = cache.get(entire, Result) if cache is not None else None
    if unchanged is not None:
        return Project(unchanged, texts, 0, len(inputs.vendors))
    models = [(name, hashes[name]) for name in inputs.models]
    keys = {vendor.name: key_of([*models, *_hashes_of(vendor, hashes)], kind=f"vendor {vendor.name}") for vendor in inputs.vendors}
    found = {name: saved for name, key in keys.items() if cache is not None and (saved := cache.get(key, VendorResult)) is not None}
    missing = [vendor for vendor in inputs.vendors if vendor.name not in found]
    parsed, parsed_key = _parsed(inputs, models, cache)
    found.update((result.name, result) for result in _compile(missing, parsed, root / "specs"))
    result, common = _combine(parsed, models, [found[vendor.name] for vendor in inputs.vendors], cache)
    if cache is not None:
        made = {vendor.name: vendor for vendor in result.vendors}
        for vendor in missing:
            cache.put(keys[vendor.name], made[vendor.name])
        cache.put(entire, _without_copies(result))
        current = [entire, parsed_key, *common, *keys.values()]
        if not result.diagnostics:
            current.append(output_key(entire, result.files.items()))
            cache.put(current[-1], True)
        cache.keep_only(current)
    return Project(result, texts, len(missing), len(inputs.vendors))


def _parsed(inputs: Inputs, hashes: list[tuple[str, str]], cache: Cache | None) -> tuple[Models, str]:
    """Return the models, which change seldom and are always needed (`hashes` are theirs), and the key under which they are
    saved.
    """
    from unified_gen.pipeline.compiler import Models, parse_models

    key = key_of(hashes, kind="parsed models")
    models = cache.get(key, Models) if cache is not None else None
    if models is None:
        models = parse_models(inputs.models)
        if cache is not None:
            cache.put(key, models)
    return models, key


def _hashes_of(vendor: VendorInputs, hashes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the hashes of a vendor's files, facts of complete documents included."""
    folders = (f"mappings/vendors/{vendor.name}/", f"specs/{vendor.name}/")
    return [(name, found) for name, found in hashes.items() if name.startswith(folders)]


def _compile(vendors: list[VendorInputs], models: Models, specs: Path) -> Iterable[VendorResult]:
    if not vendors:
        return ()
    from unified_gen.pipeline.parallel import compile_vendors

    return compile_vendors(vendors, models, specs)


def _combine(models: Models, hashes: list[tuple[str, str]], vendors: list[VendorResult], cache: Cache | None) -> tuple[Result, list[str]]:
    """Return the result of all (`hashes` are those of the models), and the keys under which that of it which no vendor has to itself is
    saved."""
    from unified_gen.pipeline.compiler import combine, compile_shared, model_classes

    classes_key = key_of(hashes, kind="models")
    keys, names = [classes_key], list[str]()

    def shared(offers: Offers) -> Mapping[str, str]:
        keys.append(key_of(hashes, kind=f"shared {json.dumps(offers, sort_keys=True)}"))
        files = cache.get(keys[-1], Files) if cache is not None else None
        if files is not None:
            return files
        classes = cache.get(classes_key, Files) if cache is not None else None
        if classes is None:
            classes = model_classes(models)
            if cache is not None:
                cache.put(classes_key, classes)
        files = compile_shared(models, classes, offers)
        names.extend(files)
        return files

    result = combine(models, vendors, shared)
    if cache is not None and names:
        cache.put(keys[-1], {name: result.files[name] for name in names})
    return result, keys


def _without_copies(result: Result) -> Result:
    """Return the result without the files of each vendor: all files are there once."""
    return replace(result, vendors=tuple(replace(vendor, files={}) for vendor in result.vendors))
