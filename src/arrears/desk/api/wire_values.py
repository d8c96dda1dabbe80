"""The kinds of value that the API's shapes are made of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from arrears.core.money import round_amount


def _number(value: object) -> object:
    """A JSON number. Text that looks like one is not, nor is true."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number")
    return value


def _day(value: object) -> object:
    """The calendar day as it was written; a time and its zone beside it do not move it."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError("must be a date such as 2026-03-05 or 2026-03-05T00:00:00Z") from None


def _storable(text: str) -> str:
    if "\0" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
        raise ValueError("holds a character that is not text")
    return text


#: An amount of money or a percentage: a JSON number, exact.
Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number", "format": "double"})]

#: A calendar day, read from a date or a date with a time.
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date-time"})]

#: Text that can be kept.
Text = Annotated[str, AfterValidator(_storable)]


def _is_none(value: object) -> bool:
    return value is None


#: A value that is left out when there is none, because the contract does not let it be null.
LEFT_OUT: Any = Field(default=None, exclude_if=_is_none)


class Shape(BaseModel):
    """Something the API tells. Names are as in the contract: `amount_to_recover` is `amountToRecover`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


@cache
def _aliases(shape: type[BaseModel]) -> dict[str, str]:
    return {(field.alias or name).lower(): field.alias or name for name, field in shape.model_fields.items()}


class Asked(Shape):
    """Something the API is told. Names may be in any capitals, and unknown ones are passed over."""

    @model_validator(mode="before")
    @classmethod
    def _any_capitals(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        aliases = _aliases(cls)
        return {aliases.get(str(name).lower(), name): value for name, value in data.items()}


def money_number(amount: Decimal, currency: str) -> Decimal:
    """An amount with as many decimal places as its currency has."""
    return round_amount(amount, currency)


def points_number(points: Decimal | None) -> Decimal | None:
    """Percentage points without needless zeros: 9.5 and not 9.5000."""
    return None if points is None else Decimal(f"{points.normalize():f}")
