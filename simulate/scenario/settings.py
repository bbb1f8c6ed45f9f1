"""Settings laid over a scenario file: texts as on the command line, or a mapping."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

Settings: TypeAlias = str | Iterable[str] | Mapping[str, Any]
"""One text such as "losses.start=2024-12-01", several of them, or a mapping of names to values."""


def as_texts(settings: Settings, *, swept: bool = False) -> tuple[str, ...]:
    """Settings as texts `name=value`.

    The part of a text after the equals sign is read as YAML. The values of a mapping are numbers,
    dates, text, lists and mappings of these, or distributions. With `swept`, a list holds several
    values of one setting.

    Raises
    ------
    TypeError
        If they are anything else.

    Examples
    --------
    >>> as_texts({"losses.count": 3800, "losses.start": dt.date(2024, 12, 1)})
    ('losses.count=3800', 'losses.start=2024-12-01')
    >>> as_texts({"force.size": [10000, 12000]}, swept=True)
    ('force.size=10000,12000',)
    """
    given: Any = settings
    is_one = isinstance(given, str) or not isinstance(given, Iterable)
    texts = (given,) if is_one else tuple(given)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(
                'settings are a mapping such as {"losses.count": 3800} or texts such as '
                f'"losses.count=3800" (found {text!r:.60})'
            )
    if isinstance(given, Mapping):
        return tuple(f"{name}={_value(name, given[name], swept=swept)}" for name in texts)
    return texts


def _value(name: str, value: object, *, swept: bool) -> str:
    if swept and isinstance(value, list | tuple):
        return ",".join(_value(name, each, swept=False) for each in value)
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)  # JSON is YAML
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} cannot be set to {value!r:.60}: {error}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not a number, date, text, list or mapping")
