"""Writer of slices: YAML in block style, in the order of the vendor's document, the same on every machine."""

from __future__ import annotations

import re
from typing import Any

import yaml

from unified_openapi.source.yaml12 import resolve

_HEAD = """\
# Facts of the {title} API that the mappings use: paths, parameters, types, enumerations, bounds, security, status codes.
# Written by `gen spec take` from the documents in lock.json; corrections belong into overlay.yaml.
"""


_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks to YAML 1.1, characters to YAML 1.2; in double quotes they are escaped."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Return a text as a YAML scalar, quoted if YAML 1.1 or 1.2 would read it as something else."""
    style = '"' if _BREAKS.search(value) else "'" if not isinstance(resolve(value), str) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def write_yaml(root: dict[str, Any], title: str) -> str:
    """Return the text of `openapi.yaml`."""
    body: str = yaml.dump(root, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096, default_flow_style=False)
    return _HEAD.format(title=" ".join(title.split())) + body
