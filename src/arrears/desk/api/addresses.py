"""The pieces of the API's addresses."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter


class PieceConverter(StringConverter):
    """A piece without a colon, so that `{id}:archive` is not taken for an id."""

    regex = "[^/:]+"


class AnythingConverter(StringConverter):
    """Whatever there is, even the ends of lines, at which Django's own `path` stops."""

    regex = r"[\s\S]+"


def register() -> None:
    """Make `{piece:id}` and `{anything:rest}` known to Django, before the first address is made of them."""
    register_converter(PieceConverter, "piece")
    register_converter(AnythingConverter, "anything")
