"""Compile a project that lies on disk: what did not change comes from the cache, the other vendors are compiled at the same time.

Results are kept at two levels: the whole project, so that an unchanged one costs reading its files and one look-up, and below it each
vendor, and the classes of the models, which take longer than any vendor and change with the models alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from unified_gen.cache import Cache, key_of
from unified_gen.inputs import Inputs, VendorInputs, read_inputs
from unified_gen.results import Result, VendorResult
from unified_gen.source import Json

Classes = dict[str, str]
"""What `compile.model_classes` makes."""

T = TypeVar("T", Result, VendorResult, Classes)


@dataclass(frozen=True, slots=True)
class Project:
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
    unchanged = _kept(cache, whole, Result) if cache is not None else None
    if unchanged is not None:
        return Project(unchanged, texts, 0, len(inputs.vendors))
    keys = {
        vendor.name: key_of([*inputs.models.items(), *vendor.texts().items()], kind=f"vendor {vendor.name}") for vendor in inputs.vendors
    }
    found = {name: kept for name, key in keys.items() if cache is not None and (kept := _kept(cache, key, VendorResult)) is not None}
    missing = [vendor for vendor in inputs.vendors if vendor.name not in found]
    found.update((result.name, result) for result in _compile(missing, inputs.models))
    models = key_of(inputs.models.items(), kind="models")
    classes = _kept(cache, models, Classes) if cache is not None else None
    result, classes = _combine(inputs, [found[vendor.name] for vendor in inputs.vendors], classes)
    if cache is not None:
        if classes is not None:
            cache.put(models, _plain(classes))
        for vendor in missing:
            cache.put(keys[vendor.name], _plain(found[vendor.name]))
        cache.put(whole, _plain(result))
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


def _kept(cache: Cache, key: str, kind: type[T]) -> T | None:
    value = cache.get(key)
    if value is None:
        return None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:  # kept by another version of this class: as good as nothing
        return None


def _plain(result: Result | VendorResult | Classes) -> Json:
    plain: Json = json.loads(msgspec.json.encode(result, order="sorted"))
    return plain
