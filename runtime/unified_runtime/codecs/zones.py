"""Time zones under their two kinds of name: IANA (`Europe/Paris`) and Windows (`Romance Standard Time`).

Which stands for which is CLDR's table `windowsZones` (https://github.com/unicode-org/cldr, common/supplemental/windowsZones.xml), as the
package tzlocal ships it. Several IANA zones share a Windows zone; each Windows zone has one that it is read as.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tzlocal.windows_tz import tz_win, win_tz

from unified_runtime.codecs.errors import CodecError

_UTC = {"UTC", "Coordinated Universal Time", "tzone://Microsoft/Utc"}


def windows(name: str) -> str:
    """The Windows name of an IANA zone, or of one that has its Windows name already.

    Raises:
        CodecError: there is no such zone.
    """
    if name in _UTC or name in win_tz:
        return "UTC" if name in _UTC else name
    found = tz_win.get(name)
    if found is None:
        raise CodecError(f"{name[:40]!r} is not the name of a time zone that Windows knows, such as Europe/Paris or America/New_York")
    return found


def iana(name: str) -> str:
    """The IANA name of a zone; a name that stands for none stays as it is."""
    return "UTC" if name in _UTC else win_tz.get(name, name)


def zone(name: str) -> ZoneInfo | None:
    """The rules of a zone under either name; None where it is not known, such as one that a mailbox made for itself."""
    try:
        return ZoneInfo(iana(name))
    except (ValueError, OSError):
        return None


def rules(name: str) -> ZoneInfo:
    """The rules by which a vendor with Windows zones will read times in this zone.

    Raises:
        CodecError: there is no such zone.
    """
    found = zone(windows(name))
    if found is None:
        raise CodecError(f"the time zone {name[:40]!r} is not known here")
    return found
