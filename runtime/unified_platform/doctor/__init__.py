"""`unified doctor`: looks at an installation and says what is wrong and what to do about it. It changes nothing."""

from __future__ import annotations

from unified_platform.doctor.examining import examine
from unified_platform.doctor.findings import Finding, Level

__all__ = ["Finding", "Level", "examine"]
