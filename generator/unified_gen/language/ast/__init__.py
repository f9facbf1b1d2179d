"""Syntax tree of models, vendors and mappings, exactly as written.

Nothing here has been looked up: a path may not exist, an operation is a name. Every part that a
diagnostic may point at carries its span. `unified_gen.language.parse` makes these from YAML.
"""

from unified_gen.language.ast.batches import NUMBER, Batch, BatchWay, ItemRequest, Pairs
from unified_gen.language.ast.fields import ANY, NEVER, Cell, CodecUse, Field, Parts, Row, Slot, Table
from unified_gen.language.ast.models import CUSTOM_FIELDS, Input, Model, ModelField, ModelOperation, Type
from unified_gen.language.ast.oauth import Account, AfterStep, OAuth
from unified_gen.language.ast.paths import FirstOf, PathsText, PathText, PredicateText
from unified_gen.language.ast.resources import Alias, Alternative, Custom, Operation, Resource
from unified_gen.language.ast.steps import (
    Binding,
    Clause,
    ConditionTest,
    ConditionText,
    Cursor,
    Keep,
    Media,
    Poll,
    Query,
    Reconcile,
    SavedHeader,
    Step,
    Through,
)
from unified_gen.language.ast.vendors import ConnectionValue, Errors, Limit, Pagination, Scheme, Select, Vendor
from unified_gen.language.ast.webhooks import DeliveryField, WebhookEvent, Webhooks, WebhookVerification

__all__ = [
    "WebhookVerification",
    "Webhooks",
    "WebhookEvent",
    "DeliveryField",
    "OAuth",
    "AfterStep",
    "Account",
    "ANY",
    "NEVER",
    "CUSTOM_FIELDS",
    "Alias",
    "Alternative",
    "NUMBER",
    "Batch",
    "BatchWay",
    "Binding",
    "Cell",
    "Clause",
    "CodecUse",
    "ConditionTest",
    "ConditionText",
    "ConnectionValue",
    "Cursor",
    "Custom",
    "Errors",
    "Field",
    "FirstOf",
    "Input",
    "Keep",
    "Limit",
    "Media",
    "Model",
    "ModelField",
    "ModelOperation",
    "Operation",
    "Pagination",
    "Pairs",
    "PathText",
    "PathsText",
    "PredicateText",
    "Parts",
    "Poll",
    "Query",
    "Reconcile",
    "Resource",
    "Row",
    "SavedHeader",
    "Scheme",
    "Select",
    "Slot",
    "Step",
    "Table",
    "Through",
    "Type",
    "Vendor",
    "ItemRequest",
]
