"""The small values in a scenario file: text, dates, numbers, places on an axis.

Dates become `Day`, a float that counts days since 1970-01-01 and remembers that it is a date, so
every distribution serves numbers and dates with the same arithmetic.
"""

import contextlib
import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from simulate.scenario.names import has_surrogate
from simulate.scenario.notation import (
    HOW_DATES,
    Ambiguous,
    date_hint,
    is_nothing,
    number_hint,
)
from simulate.scenario.spelling import Hint, write
from simulate.scenario.written_numbers import Kind, number_example

Axis = Literal["number", "date"]

LONGEST_TEXT = 2000

FIRST_DATE, LAST_DATE = dt.date(100, 1, 1), dt.date(9899, 12, 31)
"""A century, the longest horizon, from the ends of the calendar, so that dates calculated from
these, and the axis of a picture, stay within it."""

CALENDAR = f"the years {FIRST_DATE.year} to {LAST_DATE.year}"

_EPOCH = dt.date(1970, 1, 1).toordinal()
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"[0-8]\d{3}-(0[1-9]|1[0-2])")


class _Reading(NamedTuple):
    axis: Axis | None = None
    kind: Kind = "number"


_BY_ITSELF = _Reading()
_READING = ContextVar("reading", default=_BY_ITSELF)


class Day(float):
    """A date as float days since 1970-01-01; the value D means the instant D 00:00."""

    __slots__ = ()

    @classmethod
    def of(cls, date: dt.date) -> Self:
        """The instant at which a date begins."""
        return cls(date.toordinal() - _EPOCH)

    @property
    def date(self) -> dt.date:
        """The calendar day that holds this instant; OverflowError outside the years 1 to 9999."""
        try:
            return dt.date.fromordinal(_EPOCH + math.floor(self))
        except (ValueError, OverflowError) as error:
            message = f"{float(self):.6g} days from 1970 is outside years 1 to 9999"
            raise OverflowError(message) from error

    def __str__(self) -> str:
        return self.date.isoformat()


class Block(BaseModel):
    """A frozen value read from a file: strict types, no unknown keys.

    Distributions in a block are inputs of the scenario, unless `has_inputs` is false.
    """

    has_inputs: ClassVar[bool] = True

    @classmethod
    def by_key(cls) -> dict[str, Any]:
        """The fields by their keys in a file."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        defer_build=True,
        serialize_by_alias=True,
    )


def fail(message: str, *, hint: str = "", at: str = "") -> PydanticCustomError:
    """An input error for the reader of a scenario.

    `at` names the key the error is about, relative to the value being validated.
    """
    return PydanticCustomError("rule", "{text}", {"text": message, "hint": hint, "at": at})


class Contradiction(NamedTuple):
    """Something that cannot be meant: the key, what is wrong, and a way out."""

    at: str
    text: str
    hint: str = ""


def all_of(found: Iterable[Contradiction]) -> ValidationError:
    """All contradictions of a value as one error, to be reported one by one."""
    each = (PydanticCustomError("contradiction", "{text}", wrong._asdict()) for wrong in found)
    return _errors((error, ()) for error in each)


def missing(*names: str) -> ValidationError:
    """The error for required keys that are missing, or for the field itself."""
    return _errors(("missing", (name,) if name else ()) for name in names or ("",))


def _errors(found: Iterable[tuple[str | PydanticCustomError, tuple[str, ...]]]) -> ValidationError:
    details = (InitErrorDetails(type=error, loc=loc, input=None) for error, loc in found)
    return ValidationError.from_exception_data("", list(details))


_LONG = 10**40  # Python refuses to write numbers of more than 4,300 digits


def shown(value: object) -> str:  # noqa: PLR0911  (one return for each kind of value)
    """The value that was read, short enough for a message."""
    if isinstance(value, str):
        return f'the text "{cut(value)}"'
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and abs(value) >= _LONG:
        return "a whole number of more than 40 digits"
    is_plain = isinstance(value, float) and not isinstance(value, Day)
    return cut(f"{value:.10g}" if is_plain else str(value))


def cut(text: str, most: int = 40) -> str:
    """The beginning of a text that is too long for a message."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def as_list(value: object) -> object:
    """A list of one where a single entry is written without its dash."""
    return [value] if isinstance(value, dict) else value


def days_of_month(value: object) -> tuple[dt.date, ...]:
    """First and last day of a month written `YYYY-MM`; nothing for anything else."""
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        return ()
    first = dt.date.fromisoformat(f"{value}-01")
    return first, (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def parse_date(value: object) -> dt.date:
    """Read a date as a scenario writes it, `YYYY-MM-DD`."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if isinstance(value, Day):
        return value.date
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise fail(f"{value} is not a date of the calendar", hint=HOW_DATES) from error
    raise not_a_date(value)


def not_a_date(value: object, *, ranges: bool = False) -> PydanticCustomError:
    """The error for a value that is not a date; `ranges` as in `notation.date_hint`."""
    hint = date_hint(text := _written_text(value), ranges=ranges)
    if hint == HOW_DATES and re.search(r"\b(?:day|night|week|month|year)s?\b", text.lower()):
        hint = Hint(f"{HOW_DATES}: work out which day that is", of=text, is_general=True)
    return fail(f"must be a date (found {shown(value)})", hint=hint)


def not_a_number(value: object, *, ranges: bool = False) -> PydanticCustomError:
    """The error for a value that is not a number; `ranges` as in `notation.number_hint`."""
    kind, text = _READING.get().kind, _written_text(value)
    hint = number_hint(text, kind, ranges=ranges)
    example = number_example(kind, ranges=ranges).about(text)
    return fail(f"must be a number (found {shown(value)})", hint=hint or example)


def _written_text(value: object) -> str:
    """What may be meant for a number, a date or a range; empty for anything else."""
    if isinstance(value, list):
        return (" to " if len(value) == 2 else ", ").join(map(_written_text, value))
    is_written = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if is_written else ""


def _date(value: object) -> dt.date:
    date = parse_date(value)
    if not FIRST_DATE <= date <= LAST_DATE:
        raise fail(f"{date} lies outside {CALENDAR}")
    return date


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise not_a_number(value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise fail(f"must be a finite number (found {shown(value)})")
    in_doubt = isinstance(value, Ambiguous) and _READING.get().kind in ("count", "rate")
    return value if in_doubt else number


def number_of(kind: Kind) -> BeforeValidator:
    """The validator of a number of this kind."""

    def read(value: object) -> float:
        with reading("number", kind):
            return _number(value)

    return BeforeValidator(read)


def _point(value: object) -> float:
    axis = _READING.get().axis
    is_number = isinstance(value, int | float) and not isinstance(value, bool | Day)
    if axis == "number" or (axis is None and is_number):
        return _number(value)
    return Day.of(_date(value)) if not isinstance(value, Day) else value


def _text(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise fail(f"must be text (found the number {shown(value)})", hint="put it in quotes")
    if isinstance(value, str) and has_surrogate(value):
        raise fail("holds half of a surrogate pair, which is not a character")
    return value


_NEARLY = re.compile(r"(?:https?(?::/?|/+|:///+)(?=[^/])|(?=www\.))(\S+)", re.IGNORECASE)


def _address(value: object) -> object:
    """Refuse web addresses with a slip."""
    value = _text_or_nothing(value)
    if isinstance(value, str) and (match := _NEARLY.fullmatch(value.strip())):
        message = f"must be an address (found {shown(value)})"
        raise fail(message, hint=write(f"https://{match[1]}", of=value))
    return value


def _joined(value: object) -> object:
    """Several names as one text."""
    if not isinstance(value, list):
        return value
    for i, name in enumerate(value):
        if not isinstance(name, str):
            hint = "put each name in quotes"
            raise fail(f"must be text (found {shown(name)})", hint=hint, at=f"[{i}]")
    return "; ".join(value)


def _text_or_nothing(value: object) -> object:
    """No text for a word such as `none`."""
    return "" if isinstance(value, str) and is_nothing(value) else _text(value)


def _whole(value: object) -> object:
    """Let 1e6 be a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        hint = number_hint(value, "count") if isinstance(value, str) else ""
        raise fail(f"must be a whole number (found {shown(value)})", hint=hint)
    return int(value)


@contextlib.contextmanager
def reading(axis: Axis, kind: Kind = "number") -> Iterator[None]:
    """In the `with` block, every `Point` that is validated is on this axis and of this kind."""
    token = _READING.set(_Reading(axis, kind))
    try:
        yield
    finally:
        _READING.reset(token)


def reading_axis() -> Axis | None:
    """The axis of the field being read, None where a distribution is validated by itself."""
    return _READING.get().axis


MONTH_PATTERN = r"^\d{4}-\d{2}(-\d{2})?$"
DATE_SCHEMA = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

Date = Annotated[dt.date, BeforeValidator(_date), WithJsonSchema(DATE_SCHEMA)]
Number = Annotated[float, number_of("number")]
Whole = Annotated[int, BeforeValidator(_whole)]
Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[float, number_of("share"), Field(gt=0, le=1)]
Level = Annotated[float, number_of("level"), Field(gt=0, lt=1)]
Days = Annotated[float, number_of("days"), Field(gt=0)]
Point = Annotated[
    float,
    PlainValidator(_point),
    PlainSerializer(lambda place: str(place) if isinstance(place, Day) else float(place)),
    WithJsonSchema({"x-axis": "point"}),
]
Text = Annotated[str, BeforeValidator(_text), Field(max_length=LONGEST_TEXT)]
Address = Annotated[str, BeforeValidator(_address), Field(max_length=LONGEST_TEXT)]
TextOrNothing = Annotated[str, BeforeValidator(_text_or_nothing), Field(max_length=LONGEST_TEXT)]
TEXT_SCHEMA = {"type": "string", "maxLength": LONGEST_TEXT}
Authors = Annotated[
    Text,
    BeforeValidator(_joined),
    WithJsonSchema({"anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA}]}),
]
Line = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=LONGEST_TEXT)]


class Sourced(Block):
    """A block that says where its facts come from."""

    source: TextOrNothing = Field("", description="Who published the fact, in words.")
    url: Address = Field("", description="Where it can be read.")
    notes: Text = Field("", description="Free text, for instance which part is a judgement.")
