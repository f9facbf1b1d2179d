"""Schema of random policy requests: the catalog's, and deals with an exact amount, even if no vendor offers them."""

from __future__ import annotations

from unified_gen.pipeline.compiler import parse_models
from unified_gen.render.catalog import to_json
from unified_gen.render.policy import cedar_schema
from unified_platform.policy.schema import Schema, shipped

DEALS = """\
resource: deals
record: Deal
summary: Business that may come about.
fields:
  id: {type: id, computed: true, summary: The deal's id.}
  name: {type: text, required: create, summary: What it is called.}
  amount: {type: decimal, summary: What it is worth.}
  owner_id: {type: id, summary: Who looks after it.}
operations:
  create: {summary: Create a deal.}
  get: {summary: Read a deal.}
  list: {summary: List deals.}
  update: {summary: Change a deal.}
  delete: {summary: Delete a deal.}
"""


def with_deals() -> Schema:
    """Return the catalog's schema, which has deals."""
    catalog = shipped()
    if "deals.create" in catalog.actions:
        return catalog
    import json

    models = parse_models({"deals.yaml": DEALS})
    assert not models.diagnostics
    data = json.loads(catalog.text)
    more = cedar_schema(models.by_resource.values())
    for part in ("entityTypes", "actions"):
        data[""][part] |= {name: value for name, value in more[""][part].items() if name not in data[""][part]}
    return Schema(to_json(data))
