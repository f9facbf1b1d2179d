"""`shows_custom_fields` of a model: results of its tools have all custom fields, unless a call names some."""

from __future__ import annotations

from unified_emulation.serving.local import LocalEmulator
from unified_platform.tools import tools
from unified_runtime import Client

NAME, STATUS, AMOUNT = "fldName0000000001", "fldStatus00000002", "fldAmount00000003"
"""Fields of the emulator's tables: the fact `fields-of-a-table`."""


def test_rows_have_all_their_values() -> None:
    with Client(emulated=LocalEmulator(["airtable"])) as client:
        box = tools(client=client, vendors=["airtable"])
        book = box.call("workbooks_list", {}).data["items"][0]["id"]
        table = box.call("tables_list", {"workbook_id": book}).data["items"][0]["id"]
        row = box.call("rows_list", {"table_id": table, "limit": 1}).data["items"][0]
        assert {*row["custom_fields"]} == {NAME, STATUS, AMOUNT}
        named = box.call("rows_list", {"table_id": table, "limit": 1, "custom_fields": [STATUS]}).data["items"][0]
        assert {*named["custom_fields"]} == {STATUS}
        assert box.call("rows_get", {"id": row["id"]}).data["custom_fields"] == row["custom_fields"]
        changed = box.call("rows_update", {"id": row["id"], "custom_fields": {NAME: "Villa"}}).data["custom_fields"]
        assert changed[NAME] == "Villa"
