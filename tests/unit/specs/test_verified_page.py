"""The reference page of the behaviour suite's runs."""

from __future__ import annotations

from unified_gen.docs.verified import verified_page
from unified_openapi.behaviour.verified import Checked, SuiteRun, VerifiedFile

OPERATIONS = {"tasks.create": Checked(12, 1, 2, ("round trips labels",)), "tasks.get": Checked(3)}


def test_runs_are_listed_with_dates_sums_and_differences() -> None:
    first = SuiteRun("real_server", "Acme 1.2", "2031-01-02", OPERATIONS, ("issue-starts",), ("errors: tasks.get: one, and other",))
    second = SuiteRun("live_account", "Other", "2031-02-03", {"tasks.get": Checked(1)})
    page = verified_page({"other": VerifiedFile((second,)), "acme": VerifiedFile((first,))})
    rows = [line for line in page.splitlines() if line.startswith(("| acme", "| other"))]
    assert rows == [
        "| acme | real server: Acme 1.2 | 2031-01-02 | 15 | 1 | 2 | 1 |",
        "| other | live account: Other | 2031-02-03 | 1 | 0 | 0 | 0 |",
    ]
    assert "| `tasks.create` | 12 | 1 | 2 | round trips labels |" in page
    assert "- `issue-starts`" in page
    assert "Differences from the emulator:\n\n- errors: tasks.get: one, and other" in page
    assert page.count("Differences from the emulator:") == 1
