"""Syntax tree of models, vendors and mappings, exactly as written.

Nothing here has been looked up: a path may not exist, an operation is a name. Every part that a
diagnostic may point at carries its span. `unified_gen.language.parse` makes these from YAML.
"""

from unified_gen.language.ast.batches import NUMBER, Batch, BatchStrategy, ItemRequest, Pairs
from unified_gen.language.ast.fields import ANY, NEVER, SLOT_VALUE, Cell, CodecUse, Field, IdFormat, Row, Slot, Table
from unified_gen.language.ast.models import ANY_VALUE, CUSTOM_FIELDS, Input, Model, ModelField, ModelOperation, Type
from unified_gen.language.ast.oauth import Account, AfterConnect, OAuth
from unified_gen.language.ast.paths import FirstOf, PathsText, PathText, PredicateText
from unified_gen.language.ast.resources import (
    Alias,
    Alternative,
    CustomFieldItems,
    CustomFields,
    Operation,
    Resource,
    WrittenCustomFields,
)
from unified_gen.language.ast.steps import (
    Binding,
    Choice,
    Clause,
    ConditionTest,
    ConditionText,
    Exchange,
    Media,
    Members,
    Poll,
    Query,
    Reconcile,
    Save,
    SavedHeader,
    Step,
    SyncToken,
)
from unified_gen.language.ast.vendors import ConnectionValue, Errors, Limit, Pagination, Scheme, Select, Vendor
from unified_gen.language.ast.webhooks import DeliveryField, WebhookEvent, Webhooks, WebhookVerification

__all__ = [
    "WebhookVerification",
    "Webhooks",
    "WebhookEvent",
    "DeliveryField",
    "OAuth",
    "AfterConnect",
    "Account",
    "ANY",
    "NEVER",
    "SLOT_VALUE",
    "ANY_VALUE",
    "CUSTOM_FIELDS",
    "Alias",
    "Alternative",
    "NUMBER",
    "Batch",
    "BatchStrategy",
    "Binding",
    "Cell",
    "Choice",
    "Clause",
    "CodecUse",
    "ConditionTest",
    "ConditionText",
    "ConnectionValue",
    "SyncToken",
    "CustomFieldItems",
    "CustomFields",
    "Errors",
    "Field",
    "FirstOf",
    "Input",
    "Save",
    "Limit",
    "Media",
    "Members",
    "Model",
    "ModelField",
    "ModelOperation",
    "Operation",
    "Pagination",
    "Pairs",
    "PathText",
    "PathsText",
    "PredicateText",
    "IdFormat",
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
    "Exchange",
    "Type",
    "Vendor",
    "WrittenCustomFields",
    "ItemRequest",
]
