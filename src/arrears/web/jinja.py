"""The environment that the pages are rendered in."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from arrears.core.fix_titles import fix_title
from arrears.core.money import exponent
from arrears.web import formats


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def environment(**options: Any) -> Environment:
    """Jinja2 as Django's template backend configures it (escaping on), with our filters.

    A misspelt name is an error and not an empty place on the page.
    """
    settings: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    made = Environment(**settings | options)  # noqa: S701 # escaping is among the options
    made.globals.update(url=_url, static=cache(static), symbols=formats.SYMBOLS)
    made.filters.update(
        money=formats.money,
        amount_in=formats.amount_in,
        places=exponent,
        minor_units=formats.minor_units,
        day=formats.day,
        short_day=formats.short_day,
        moment=formats.moment,
        percent=formats.percent,
        country=formats.country,
        count_text=formats.count,
        counted=formats.counted,
        safe_link=formats.safe_link,
        fix_title=fix_title,
    )
    return made
