"""Show long numbers that differ little, such as times, relative to a round base, which may be a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, floor, log10

GPS_TIME = "gps_time"
"""The LAS field of times in seconds."""

_LONG = 1e4  # numbers larger than this multiple of their range have too many digits to read
_GPS_EPOCH = datetime(1980, 1, 6)
_ADJUSTED = 10**9  # the seconds that LAS subtracts
_LAST = 2 * 10**11  # seconds; larger times have no date


def base_of(low: float, high: float, field: str = "", standard_time: bool = False) -> tuple[float, str]:
    """The base to subtract from numbers in ``low`` to ``high``, and its date; 0 and "" if there is none.

    >>> base_of(636000.0, 636000.5), base_of(0.0, 3.0)
    ((636000.0, ''), (0.0, ''))
    >>> base_of(290000006.0, 290000594.0, "gps_time", True)
    (290000000.0, '2020-11-21 13:20')
    """
    if field == GPS_TIME and standard_time and (date := date_of(low)):
        return float(60 * floor((low + _ADJUSTED) / 60) - _ADJUSTED), date[:-3]
    apart = high - low
    if not 0 < apart * _LONG < max(abs(low), abs(high)):
        return 0.0, ""
    step = 10.0 ** ceil(log10(apart))
    return floor(low / step) * step, ""


def date_of(seconds: float) -> str:
    """The date and time of day of an adjusted GPS time (GPS seconds minus 10^9), without leap seconds.

    Empty if there is no such date.

    >>> date_of(0.0), date_of(float("nan"))
    ('2011-09-14 01:46:40', '')
    """
    if not abs(seconds) < _LAST:
        return ""
    try:
        return f"{_GPS_EPOCH + timedelta(seconds=floor(seconds) + _ADJUSTED):%Y-%m-%d %H:%M:%S}"
    except OverflowError:  # before the first year
        return ""
