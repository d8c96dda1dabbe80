"""Customers with oddities: one for each, under a code that never changes."""

from decimal import Decimal

from arrears.sandbox.bookkeeper import Bookkeeper
from arrears.sandbox.records import ABSENT, Address, Contact, Customer, OnAccount


def odd_debtors(keeper: Bookkeeper) -> dict[str, Customer]:
    """Customers by code. Their ``tags`` name the oddity (see quirks.py)."""
    customers = [*_odd_codes(keeper), *_odd_addresses(keeper), *_odd_fields(keeper), *_odd_accounts(keeper)]
    return {customer.code: customer for customer in customers}


def _firm(
    keeper: Bookkeeper, code: str, name: str, address: Address, email: str, **fields: object
) -> Customer:
    customer = keeper.customer(code, name, address, created=keeper.days_ago(2600), **fields)
    customer.contacts = [Contact("Jo", "Fenwick", email, "01632 960123")]
    return customer


def _odd_codes(keeper: Bookkeeper) -> list[Customer]:
    return [
        _firm(
            keeper,
            "NORTH01",
            "Northgate Joinery Ltd ",
            Address("12 Foundry Street", None, "Leeds", None, "LS11 5QN"),
            "accounts@northgate-joinery.example",
            shown_code="NORTH01   ",
            tags=("Q4",),
        ),
        _firm(
            keeper,
            "SMITH & SONS/1",
            "Smith & Sons (Ironmongers) Ltd",
            Address("3 Market Street", "", "York", "", "YO10 4DD"),
            "ledger@smith-sons.example",
            tags=("Q4",),
        ),
        _firm(
            keeper,
            "CAFÆ01",
            "Café Ærø & Søn <Ltd>",
            Address("27 Canal Wharf", None, "Manchester", None, "M12 6JH"),
            "regnskab@cafe-aero.example",
            note="line one\r\nline two <b>bold</b>",
            tags=("Q35",),
        ),
    ]


def _odd_addresses(keeper: Bookkeeper) -> list[Customer]:
    return [
        _firm(
            keeper,
            "LOWER01",
            "Lower Bent Castings Ltd",
            Address("Unit 4, Mill Yard", "Lower Bent", "Halifax, West Yorkshire", "GB", "HX6 0XX"),
            "accounts@lower-bent.example",
            tags=("Q17",),
        ),
        _firm(
            keeper,
            "QUAYS01",
            "Quayside Chandlers Ltd",
            Address("9 Quay Street", "Bristol", None, None, "BS1 0AA", "BR", "Brazil"),
            "accounts@quayside-chandlers.example",
            tags=("Q18",),
        ),
        _firm(
            keeper,
            "UKCOD01",
            "Thornbury Cycles Ltd",
            Address("81 Bridge Street", None, "Norwich", None, "NR3 1LT", "UK", "United Kingdom"),
            "accounts@thornbury-cycles.example",
            tags=("Q16",),
        ),
        _firm(
            keeper,
            "ERMOU01",
            "Ermou Fasteners EPE",
            Address("Ermou 44", None, "Athina", None, "105 63", "EL", "Greece"),
            "logistirio@ermou-fasteners.example",
            currency="EUR",
            tags=("Q16",),
        ),
    ]


def _odd_fields(keeper: Bookkeeper) -> list[Customer]:
    several = _firm(
        keeper,
        "MAILS01",
        "Oldfield Packaging Ltd",
        Address("5 Station Road", None, "Preston", None, "PR1 2HE"),
        "accounts@oldfield-packaging.example; jo@oldfield-packaging.example,",
        tags=("Q19",),
    )
    several.contacts[0].last = None
    empties = _firm(
        keeper,
        "EMPTY01",
        "Harbour Foods Ltd",
        Address("60 Chapel Hill", "", "Liverpool", "", "L3 4AB"),
        "",
        vat_number="",
        wire={"VATNumber": "", "Note": None, "Source": ABSENT},
        tags=("Q20",),
    )
    drifted = _firm(
        keeper,
        "DRIFT01",
        "Kestrel Tooling Ltd",
        Address("14 Albion Road", None, "Sheffield", None, "S9 3GH"),
        "accounts@kestrel-tooling.example",
        wire={
            "VATNumber": ABSENT,
            "VatNumber": "GB000000000",
            "WithholdingTaxReferences": ABSENT,
            "WHTReferences": [{"Name": "Company Reg. Number", "Value": "00000000"}],
        },
        tags=("Q21",),
    )
    costumes = _firm(
        keeper,
        "BOOLS01",
        "Verity Print Ltd",
        Address("2 Park View", None, "Reading", None, "RG2 7TY"),
        "accounts@verity-print.example",
        wire={"CustomCheckBoxes": [{"Name": "VIP", "Value": "1"}, {"Name": "Export", "Value": True}]},
        tags=("Q22",),
    )
    return [several, empties, drifted, costumes]


def _odd_accounts(keeper: Bookkeeper) -> list[Customer]:
    return [
        _firm(
            keeper,
            "ONACC01",
            "Rookhope Motors Ltd",
            Address("33 Victoria Street", None, "Exeter", None, "EX2 8PL"),
            "accounts@rookhope-motors.example",
            on_account=[OnAccount(7, Decimal("500.00"), keeper.days_ago(40))],
            tags=("Q15",),
        ),
        _firm(
            keeper,
            "NEVER01",
            "Zennor Boats Ltd",
            Address("7 Orchard Close", None, "Cardiff", None, "CF24 5RE"),
            "accounts@zennor-boats.example",
            wire={"LastInvoiceDate": "1900-01-01 12:00:00"},
            tags=("Q2",),
        ),
        _firm(
            keeper,
            "MONTH01",
            "Sedgefield Signs Ltd",
            Address("48 Tannery Lane", None, "Birmingham", None, "B12 0RS"),
            "accounts@sedgefield-signs.example",
            terms=("AfterMonthEnd", 30),
            tags=("Q36",),
        ),
    ]
