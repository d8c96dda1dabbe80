"""The parts of the application, by whom they are for, and the pages each leads to."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from arrears.accounts.models import Membership, OrganisationKind
from arrears.core.access import Permission
from arrears.web.tenancy import membership_of, memberships_of


@dataclass(frozen=True, slots=True)
class Link:
    """One page of the navigation. `section` marks the pages that belong to it; `permission` who sees it."""

    page: str
    label: str
    section: str
    permission: Permission = Permission.VIEW


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
        Link("import_preview", "Bulk import", "import", Permission.READ),
        Link("runs", "Import runs", "runs"),
        Link("policies", "Policies", "policies"),
        Link("cases", "Cases", "cases"),
        Link("agreements", "Agreements", "agreements"),
        Link("integrations", "Integrations", "integrations"),
        Link("settings", "Settings", "settings"),
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
    #: The other creditors that the user may switch to.
    elsewhere: tuple[Membership, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        """The pages that this member may see."""
        return tuple(link for link in self.area.links if self.member.may(link.permission))


def place_of(request: HttpRequest, page: str) -> Place | None:
    """The place of a page in the application, as its user sees it; None for strangers.

    Pages of nobody in particular, such as the account's, are shown in the first area the user has.
    """
    mine = [(area, member) for area in _AREAS if (member := membership_of(request, area.kind))]
    if not mine:
        return None
    named = next((area for area in (DESK, PORTAL) if page.startswith(area.prefix)), CREDITOR)
    area, member = next((pair for pair in mine if pair[0] is named), mine[0])
    section = next((link.section for link in area.links if page and page.startswith(link.section)), "")
    others = tuple(other for other, _ in mine if other is not area)
    elsewhere = tuple(memberships_of(request)[1:]) if area is CREDITOR else ()
    return Place(area, member, section, others, elsewhere)
