"""Codes of the strict parser's diagnostics, each with its explanation. (MAP003, a malformed path, is a rule module of its own:
resolving reports it too.)
"""

from __future__ import annotations

from unified_openapi.diagnostics import Code
from unified_openapi.diagnostics.model import Severity


def _code(code: str, title: str, explanation: str) -> Code:
    return Code(code, title, explanation, Severity.ERROR)


CODES: tuple[Code, ...] = (
    _code(
        "MAP001",
        "unknown key",
        """
A model, a vendor or a mapping holds a key that the language does not have. Nothing is ignored: a misspelt key that was
ignored would silently drop a field or a check.

Wrong:

```yaml mapping
fields:
  description: {path: fields.description, as: adf}
```

Right:

```yaml mapping
fields:
  description: {path: fields.description, codec: adf}
```
""".strip(),
    ),
    _code(
        "MAP002",
        "wrong kind of value",
        """
A key holds a value of another kind than it accepts: a list instead of a path, a number instead of text, a word that is not one of
the allowed ones. The key determines how a string is read, and values are not converted: quote a text that YAML reads
as a number or a boolean.

Wrong:

```yaml vendor
headers: {X-Api-Version: 3}
```

Right:

```yaml vendor
headers: {X-Api-Version: "3"}
```
""".strip(),
    ),
    _code(
        "MAP006",
        "duplicate key",
        """
A key occurs twice in one mapping, or a value twice in an enumeration. YAML readers silently use one of them; here
both are an error.

Wrong:

```yaml mapping
fields:
  title: fields.summary
  title: fields.name
```

Right:

```yaml mapping
fields:
  title: fields.summary
```
""".strip(),
    ),
    _code(
        "MAP007",
        "missing key",
        """
Something cannot be understood without a key it lacks: a step without `operation`, an enumeration without `values`, a field
without a path.

Wrong:

```yaml mapping
operations:
  get: {params: {issueIdOrKey: id}}
```

Right:

```yaml mapping
operations:
  get: {operation: getIssue, params: {issueIdOrKey: id}}
```
""".strip(),
    ),
    _code(
        "MAP008",
        "malformed YAML",
        """
The file is not YAML 1.2, is empty, holds more than one document, or is far larger or deeper than any mapping. The location is where
the reader gave up; the mistake is often a line above. Frequent causes: a text with `: ` or ` #` in it that lacks quotes, a
value that begins with `{`, `[`, `*`, `&`, `@` or a backtick, a tab as indentation.

Wrong:

```yaml mapping
fields:
  id: {format: {owner}/{repo}#{number}, parse: {number: "{number}"}}
```

Right:

```yaml mapping
fields:
  id: {format: "{owner}/{repo}#{number}", parse: {number: "{number}"}}
```
""".strip(),
    ),
    _code(
        "MAP009",
        "malformed text with references",
        """
Clauses, messages, servers and formats are text in which a name in braces represents a value. Braces pair up, do not nest, and hold
a name or a path. The parts of a composite id have something between them, or the id could not be split again.

Wrong:

```yaml mapping
operations:
  create:
    - {operation: getLists, params: {id: project_id}, save: {list: "[0]"}, not_found: "board {project_id has no list"}
    - {operation: postCard, send: fields, params: {idList: list.id}}
```

Right:

```yaml mapping
operations:
  create:
    - {operation: getLists, params: {id: project_id}, save: {list: "[0]"}, not_found: "board {project_id} has no list"}
    - {operation: postCard, send: fields, params: {idList: list.id}}
```
""".strip(),
    ),
    _code(
        "MAP010",
        "construct not allowed here",
        """
The keys are valid separately, but exclude each other or have no effect together: `enum` and `codec` both make the value,
`clear` is the value for clearing a field that is read only, `not_found` is the message for a response that no `save` has saved.

Wrong:

```yaml mapping
fields:
  priority: {path: fields.priority.name, codec: upper, enum: {low: Low, high: High}}
```

Right:

```yaml mapping
fields:
  priority: {path: fields.priority.name, enum: {low: Low, high: High}}
```
""".strip(),
    ),
    _code(
        "MAP011",
        "malformed name",
        """
Unified names become Python names, names of tools and columns of the capability matrix, so they are written one way: small
letters, digits and `_`, a letter first, and no word of Python. A class is named with a capital (`Task`). The folder of a vendor
names its Python package and its `via` value: small letters, digits and single hyphens (`microsoft-graph`).

Wrong:

```yaml mapping
fields:
  dueDate: fields.duedate
```

Right:

```yaml mapping
fields:
  due_date: fields.duedate
```
""".strip(),
    ),
    _code(
        "MAP012",
        "malformed regular expression",
        """
`pattern` of a connection's value and `names` of custom fields are regular expressions as Python's `re` reads them, and match the
complete text. In double quotes YAML reads a backslash itself: write it twice, or use single quotes.

Wrong:

```yaml mapping
custom_fields: {pattern: "customfield_(\\\\d+"}
```

Right:

```yaml mapping
custom_fields: {pattern: 'customfield_\\d+'}
```
""".strip(),
    ),
    _code(
        "MAP013",
        "unknown field of the model",
        """
An input of a model's operation is compared with a field, or searches fields, that the record does not have.

Wrong:

```yaml model
fields:
  assignee_ids: {type: [id], references: users, summary: Who works on it}
operations:
  list: {summary: Find tasks, inputs: {assignee_id: {field: assignees}}}
```

Right:

```yaml model
fields:
  assignee_ids: {type: [id], references: users, summary: Who works on it}
operations:
  list: {summary: Find tasks, inputs: {assignee_id: {field: assignee_ids}}}
```
""".strip(),
    ),
)
