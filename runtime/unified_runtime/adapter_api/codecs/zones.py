"""Conversion of time zone names between IANA (`Europe/Paris`) and Windows (`Romance Standard Time`).

The mapping is CLDR's table `windowsZones` (https://github.com/unicode-org/cldr, common/supplemental/windowsZones.xml), as the package
tzlocal ships it. Several IANA zones share a Windows zone; each Windows zone is read as one of them.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tzlocal.windows_tz import tz_win, win_tz

from unified_runtime.adapter_api.codecs.errors import CodecError

_UTC = {"UTC", "Coordinated Universal Time", "tzone://Microsoft/Utc"}


def windows(name: str) -> str:
    """Return the Windows name of a zone, given its IANA or Windows name.

    Raises:
        CodecError: the time zone does not exist.
    """
    if name in _UTC or name in win_tz:
        return "UTC" if name in _UTC else name
    found = tz_win.get(name)
    if found is None:
        raise CodecError(f"{name[:40]!r} is not the name of a time zone that Windows knows, such as Europe/Paris or America/New_York")
    return found


def iana(name: str) -> str:
    """Return the IANA name of a zone; an unknown name is returned unchanged."""
    return "UTC" if name in _UTC else win_tz.get(name, name)


def zone(name: str) -> ZoneInfo | None:
    """Return the rules of a zone, given either name; None if it is not known, such as a custom zone of a mailbox."""
    try:
        return ZoneInfo(iana(name))
    except (ValueError, OSError):
        return None


def rules(name: str) -> ZoneInfo:
    """Return the rules with which a vendor that uses Windows zones reads times in this zone.

    Raises:
        CodecError: the time zone does not exist.
    """
    found = zone(windows(name))
    if found is None:
        raise CodecError(f"the time zone {name[:40]!r} is not known here")
    return found
