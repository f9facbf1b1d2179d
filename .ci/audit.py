"""Audit the installed distributions for known vulnerabilities, by pip-audit.

pip-audit skips releases that its service does not know, and succeeds if the service knows none: behind a mirror without the vulnerability
API, every release would seem safe. So a release that is known to be vulnerable is audited first. If it is reported as safe, or not at
all, the installed distributions are not audited; that is printed, and is a failure only with UNIFIED_AUDIT=required.

Exit code: 0 if no vulnerability is known or no service is available, 1 for a vulnerability, or without a service if one is required.
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
"""A release of 2010 with CVE-2016-10745 and CVE-2019-10906."""


def vulnerabilities(report: Any) -> list[str]:
    """Return one line for each vulnerability in a report (JSON of pip-audit)."""
    return [
        f"{one['name']} {one['version']}: {found['id']}"
        + (f", fixed in {', '.join(found['fix_versions'])}" if found["fix_versions"] else "")
        for one in report["dependencies"]
        for found in one.get("vulns", ())
    ]


def skipped(report: Any) -> list[str]:
    """Return the names of distributions that were not audited, except this project."""
    return [one["name"] for one in report["dependencies"] if "skip_reason" in one and one["name"] != "unified-apis"]


def run(*arguments: str) -> Any:
    """Run pip-audit and return its report; None if it ends without one."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--timeout", "10", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        return None


def available() -> bool:
    """Return true if the service reports the vulnerable release."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "canary.txt"
        requirements.write_text(f"{CANARY}\n", encoding="utf-8")
        report = run("--requirement", str(requirements), "--no-deps", "--disable-pip")
    return report is not None and vulnerabilities(report) != []


def main() -> int:
    if not available():
        print("no vulnerability service is available: nothing was audited")
        return int(os.environ.get("UNIFIED_AUDIT") == "required")
    report = run()
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
