"""Known vulnerabilities of what is installed here, by pip-audit; and whether the service that knows them answered at all.

pip-audit passes over what its service does not know, and ends well where the service knows nothing: behind a mirror without the
vulnerability API, everything would seem to be sound. So it is asked about a release first that is known to be vulnerable. Where that comes
back clean, or not at all, nothing was audited: this is said, and is a failure only where UNIFIED_AUDIT=required.

Exits with 0 for nothing known or nothing asked, with 1 for a vulnerability, or for no service where one is required.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CANARY = "jinja2==2.4.1"
"""Of 2010; CVE-2016-10745 and CVE-2019-10906 are known of it."""


def vulnerabilities(report: Any) -> list[str]:
    """What a report in pip-audit's JSON says: one line for each vulnerability."""
    return [
        f"{one['name']} {one['version']}: {found['id']}"
        + (f", fixed in {', '.join(found['fix_versions'])}" if found["fix_versions"] else "")
        for one in report["dependencies"]
        for found in one.get("vulns", ())
    ]


def skipped(report: Any) -> list[str]:
    """What could not be judged, beside this project itself."""
    return [one["name"] for one in report["dependencies"] if "skip_reason" in one and one["name"] != "unified-apis"]


def asked(*words: str) -> Any:
    """The report of one run; None where it ends without one."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--timeout", "10", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return None


def answers() -> bool:
    """Whether the service knows of the vulnerable release."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "canary.txt"
        place.write_text(f"{CANARY}\n", encoding="utf-8")
        report = asked("--requirement", str(place), "--no-deps", "--disable-pip")
    return report is not None and vulnerabilities(report) != []


def main() -> int:
    if not answers():
        print("no vulnerability service answers here: nothing was audited")
        return int(os.environ.get("UNIFIED_AUDIT") == "required")
    report = asked()
    if report is None:
        print("pip-audit ended without a report")
        return 1
    found, unknown = vulnerabilities(report), skipped(report)
    for line in found:
        print(line)
    print(f"{len(report['dependencies'])} distributions, {len(found)} known vulnerabilities, {len(unknown)} not known to the service")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
