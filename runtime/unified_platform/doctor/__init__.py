"""`unified doctor`: checks an installation and reports what is wrong and how to fix it. It changes nothing."""

from __future__ import annotations

from unified_platform.doctor.checks import examine
from unified_platform.doctor.findings import Finding, Level

__all__ = ["Finding", "Level", "examine"]
