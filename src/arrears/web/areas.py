"""The parts of the application, by whom they are for, and the pages each leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from arrears.accounts.models import Membership, OrganisationKind
from arrears.web.tenancy import membership_of


@dataclass(frozen=True, slots=True)
class Link:
    """One page of the navigation. `section` marks the pages that belong to it."""

    page: str
    label: str
    section: str


@dataclass(frozen=True, slots=True)
class Area:
    """One part of the application. `prefix` begins the names of its pages."""

    kind: OrganisationKind
    label: str
    home: str
    prefix: str
    links: tuple[Link, ...]


CREDITOR = Area(
    OrganisationKind.CREDITOR,
    "Your invoices and cases",
    "home",
    "",
    (
        Link("home", "Home", "home"),
        Link("import_preview", "Bulk import", "import"),
        Link("runs", "Import runs", "runs"),
        Link("cases", "Cases", "cases"),
        Link("agreements", "Agreements", "agreements"),
        Link("integrations", "Integrations", "integrations"),
    ),
)
DESK = Area(
    OrganisationKind.OPERATOR,
    "The desk",
    "desk_home",
    "desk_",
    (
        Link("desk_home", "Worklist", "desk_home"),
        Link("desk_cases", "Cases", "desk_case"),
        Link("desk_partners", "Partners", "desk_partner"),
        Link("desk_coverage", "Coverage", "desk_coverage"),
        Link("desk_grids", "Prices", "desk_grid"),
        Link("desk_contracts", "Contracts", "desk_contract"),
        Link("desk_payments", "Payments", "desk_payment"),
        Link("desk_complaints", "Complaints", "desk_complaint"),
        Link("desk_settings", "Settings", "desk_setting"),
    ),
)
PORTAL = Area(
    OrganisationKind.PARTNER,
    "Partner portal",
    "portal_home",
    "portal_",
    (
        Link("portal_home", "To do", "portal_home"),
        Link("portal_cases", "Cases", "portal_case"),
        Link("portal_quotes", "Quotes", "portal_quote"),
        Link("portal_payments", "Payments", "portal_payment"),
        Link("portal_profile", "Profile", "portal_profile"),
    ),
)
_AREAS = (CREDITOR, DESK, PORTAL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request is, for whom, and where else its user may go."""

    area: Area
    member: Membership
    section: str
    others: tuple[Area, ...]


def place_of(user: Any, page: str) -> Place | None:
    """The place of a page in the application, as its user sees it; None for strangers.

    Pages of nobody in particular, such as the account's, are shown in the first area the user has.
    """
    mine = [(area, member) for area in _AREAS if (member := membership_of(user, area.kind))]
    if not mine:
        return None
    named = next((area for area in (DESK, PORTAL) if page.startswith(area.prefix)), CREDITOR)
    area, member = next((pair for pair in mine if pair[0] is named), mine[0])
    section = next((link.section for link in area.links if page and page.startswith(link.section)), "")
    return Place(area, member, section, tuple(other for other, _ in mine if other is not area))
