"""The answers to what nobody outside KashFlow knows: a profile is one consistent set of guesses."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Final


@dataclass(frozen=True)
class Profile:
    """How this stand-in behaves where the documentation is silent.

    ``due_amount`` and ``payment_lines``: the currency of those figures when foreign, "invoice" or "home".
    ``over_limit``: a page size above ``page_limit`` is "clamp"ed or "refuse"d with 400.
    ``next_link``: "absolute", "relative-v2" (/v2/invoices?…) or "relative" (invoices?…).
    ``status_filter``: "ignored" or "honoured". ``past_the_end``: "empty" or "not-found".
    ``list_currency``: whether rows of the invoice list name their currency "mostly" or "never".
    ``date_offset`` is appended to every date. ``locked_status`` is the HTTP status of AccountLocked.
    """

    name: str = "standard"
    part_paid: str = "Part Paid"
    overdue_part_paid: str = "Overdue - Part Paid"
    due_amount: str = "invoice"
    payment_lines: str = "home"
    page_default: int = 50
    page_limit: int = 100
    over_limit: str = "clamp"
    next_link: str = "absolute"
    next_link_key: str = "NextPageUrl"
    status_filter: str = "ignored"
    past_the_end: str = "empty"
    date_offset: str = ""
    list_sub_objects: bool = False
    list_currency: str = "mostly"
    customer_list_contacts: bool = True
    company_name_on_login: bool = True
    first_step_status: int = 201
    lock_after: int = 5
    locked_status: int = 401


PROFILES: Final = {
    "standard": Profile(),
    "compact": Profile(
        name="compact",
        part_paid="PartPaid",
        overdue_part_paid="OverduePartPaid",
        due_amount="home",
        page_limit=50,
        next_link="relative-v2",
        status_filter="honoured",
        past_the_end="not-found",
        list_currency="never",
        customer_list_contacts=False,
        company_name_on_login=False,
        first_step_status=200,
        locked_status=400,
    ),
    "legacy": Profile(
        name="legacy",
        part_paid="part paid",
        overdue_part_paid="Overdue Part Paid",
        page_limit=200,
        over_limit="refuse",
        next_link="relative",
        next_link_key="NextPageURL",
        date_offset=" +05:30",
        list_sub_objects=True,
    ),
}

CHOICES: Final = {
    "due_amount": ("invoice", "home"),
    "payment_lines": ("invoice", "home"),
    "over_limit": ("clamp", "refuse"),
    "next_link": ("absolute", "relative-v2", "relative"),
    "next_link_key": ("NextPageUrl", "NextPageURL"),
    "status_filter": ("ignored", "honoured"),
    "past_the_end": ("empty", "not-found"),
    "list_currency": ("mostly", "never"),
}


def profile_named(text: str) -> Profile:
    """A profile by name, with changes after commas: "standard" or "compact,page_limit=20".

    Raises ValueError with one sentence for an unknown name, setting or value.
    """
    name, *changes = text.split(",")
    if name not in PROFILES:
        raise ValueError(f"There is no profile '{name}'; choose one of {', '.join(PROFILES)}.")
    values: dict[str, str | int | bool] = {}
    for change in changes:
        key, _, value = change.partition("=")
        values[key] = _value(key, value)
    return replace(PROFILES[name], **values)  # type: ignore[arg-type]


def _value(key: str, text: str) -> str | int | bool:
    default = asdict(PROFILES["standard"]).get(key)
    if default is None or key == "name":
        known = ", ".join(field.name for field in fields(Profile) if field.name != "name")
        raise ValueError(f"A profile has no setting '{key}'; it has {known}.")
    if key in CHOICES and text not in CHOICES[key]:
        raise ValueError(f"{key} can be {' or '.join(CHOICES[key])}, not '{text}'.")
    if isinstance(default, bool):
        return text.lower() in ("true", "yes", "1")
    if isinstance(default, int):
        if not text.isdigit():
            raise ValueError(f"{key} needs a whole number, not '{text}'.")
        return int(text)
    return text
