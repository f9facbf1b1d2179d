"""The syntax tree of models, vendors and mappings, exactly as written.

Nothing here has been looked up: a path is still text, an operation still a name. Every part that a
diagnostic may point at carries its span. `unified_gen.language.parse` makes these from YAML.
"""

from unified_gen.language.ast.batches import NUMBER, Batch, BatchWay, Pairs, Wraps
from unified_gen.language.ast.fields import ANY, NEVER, Cell, CodecUse, Field, Parts, Row, Slot, Table
from unified_gen.language.ast.models import SOUGHT, Input, Model, ModelField, ModelOperation, Type
from unified_gen.language.ast.resources import Custom, Operation, Resource
from unified_gen.language.ast.steps import Binding, Clause, Cursor, Keep, Media, Poll, Query, Reconcile, Step, Through
from unified_gen.language.ast.vendors import ConnectionValue, Errors, Limit, Paging, Scheme, Select, Vendor

__all__ = [
    "ANY",
    "NEVER",
    "SOUGHT",
    "NUMBER",
    "Batch",
    "BatchWay",
    "Binding",
    "Cell",
    "Clause",
    "CodecUse",
    "ConnectionValue",
    "Cursor",
    "Custom",
    "Errors",
    "Field",
    "Input",
    "Keep",
    "Limit",
    "Media",
    "Model",
    "ModelField",
    "ModelOperation",
    "Operation",
    "Paging",
    "Pairs",
    "Parts",
    "Poll",
    "Query",
    "Reconcile",
    "Resource",
    "Row",
    "Scheme",
    "Select",
    "Slot",
    "Step",
    "Table",
    "Through",
    "Type",
    "Vendor",
    "Wraps",
]
