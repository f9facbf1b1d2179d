"""Compile a project that lies on disk: what did not change comes from the cache, the other vendors are compiled at the same time.

Results are kept at two levels: the whole project, so that an unchanged one costs reading its files and one look-up, and below it each
vendor, and the classes of the models, which take longer than any vendor and change with the models alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.cache import Cache, key_of
from unified_gen.inputs import Inputs, VendorInputs, read_inputs
from unified_gen.results import Result, VendorResult

Classes = dict[str, str]
"""What `compile.model_classes` makes."""


class Project(Struct, frozen=True):
    """A compiled project: its result, every source text by name, and how many vendors had to be compiled."""

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
    whole = key_of(texts.items(), kind="project")
    unchanged = cache.get(whole, Result) if cache is not None else None
    if unchanged is not None:
        return Project(unchanged, texts, 0, len(inputs.vendors))
    keys = {
        vendor.name: key_of([*inputs.models.items(), *vendor.texts().items()], kind=f"vendor {vendor.name}") for vendor in inputs.vendors
    }
    found = {name: kept for name, key in keys.items() if cache is not None and (kept := cache.get(key, VendorResult)) is not None}
    missing = [vendor for vendor in inputs.vendors if vendor.name not in found]
    found.update((result.name, result) for result in _compile(missing, inputs.models))
    models = key_of(inputs.models.items(), kind="models")
    classes = cache.get(models, Classes) if cache is not None else None
    result, classes = _combine(inputs, [found[vendor.name] for vendor in inputs.vendors], classes)
    if cache is not None:
        if classes is not None:
            cache.put(models, classes)
        for vendor in missing:
            cache.put(keys[vendor.name], found[vendor.name])
        cache.put(whole, _without_copies(result))
        cache.keep_only([whole, models, *keys.values()])
    return Project(result, texts, len(missing), len(inputs.vendors))


def _compile(vendors: list[VendorInputs], models: Mapping[str, str]) -> Iterable[VendorResult]:
    if not vendors:
        return ()
    from unified_gen.parallel import compile_vendors

    return compile_vendors(vendors, models)


def _combine(inputs: Inputs, vendors: list[VendorResult], classes: Classes | None) -> tuple[Result, Classes | None]:
    """The result of all, and the classes of the models; without them where nothing is emitted and they were not kept."""
    from unified_gen.compile import combine, model_classes
    from unified_gen.parallel import parsed

    models = parsed(tuple(inputs.models.items()))

    def made() -> Classes:
        nonlocal classes
        classes = model_classes(models) if classes is None else classes
        return classes

    return combine(models, vendors, made), classes


def _without_copies(result: Result) -> Result:
    """The result without the files of each vendor: all files are there once."""
    return replace(result, vendors=tuple(replace(vendor, files={}) for vendor in result.vendors))
