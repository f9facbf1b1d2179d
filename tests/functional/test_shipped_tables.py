"""Adapters of tables, with emulators, and with responses as the vendors document them."""

from __future__ import annotations

from tests.functional.shipped import responding
from unified import rows, table_fields, tables
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, using


def test_cells_of_smartsheet_are_written_by_column() -> None:
    with Client(emulated=LocalEmulator(["smartsheet"])) as client, using(client):
        table = next(iter(tables.list(via="smartsheet")))
        names = {field.name: field.id for field in table_fields.list(table_id=table.id, via="smartsheet")}
        row = rows.create(table_id=table.id, custom_fields={names["Name"]: "Villa", names["Amount"]: 3}, via="smartsheet")
        changed = rows.update(row.id, custom_fields={names["Amount"]: 4}, via="smartsheet")
        assert changed.custom_fields == {names["Name"]: "Villa", names["Amount"]: 4}
        listed = {one.id: one for one in rows.list(table_id=table.id, via="smartsheet")}
        assert listed[row.id].custom_fields == changed.custom_fields


def test_a_cell_of_smartsheet_is_emptied_with_a_text() -> None:
    row = {"id": 34, "cells": [{"columnId": 56}], "createdAt": "2030-01-02T03:04:05Z", "modifiedAt": "2030-01-02T03:04:05Z"}
    with responding("smartsheet", {"resultCode": 0, "result": [row]}, row, region="com") as requests:
        rows.update("12/34", custom_fields={"56": None, "57": False}, via="smartsheet")
        assert requests.lines == ["PUT /2.0/sheets/12/rows", "GET /2.0/sheets/12/rows/34"]
        assert requests.body(0) == {"id": 34, "cells": [{"columnId": 56, "value": ""}, {"columnId": 57, "value": False}]}
