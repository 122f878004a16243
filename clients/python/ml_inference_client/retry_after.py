"""How long a service that takes no requests now asks to be spared."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Optional

_LONGEST = 30.0


def retry_after_seconds(value: Optional[str]) -> Optional[float]:
    """Seconds to wait by a header Retry-After, at most half a minute; None where it doesn't say."""
    if value is None:
        return None
    try:
        seconds = float(value) if value.isdigit() else _until(value)
    except (TypeError, ValueError):
        return None
    return min(max(seconds, 0.0), _LONGEST)


def _until(value: str) -> float:
    return (parsedate_to_datetime(value) - datetime.now(timezone.utc)).total_seconds()
