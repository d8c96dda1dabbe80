"""One set of invoices with oddities, drawn up so that each is otherwise as ordinary as can be."""

from datetime import timedelta
from decimal import Decimal

from arrears.sandbox.bookkeeper import Bookkeeper
from arrears.sandbox.records import ABSENT, Customer, Invoice

Debtors = dict[str, Customer]
SET_SIZE = 37


def odd_invoices(keeper: Bookkeeper, odd: Debtors, plain: list[Customer]) -> list[Invoice]:
    """SET_SIZE invoices. ``plain``: UK customers with a complete address, for oddities of the row itself."""
    return [
        *_of_odd_customers(keeper, odd),
        *_of_foreign_currency(keeper, odd),
        *_of_dates(keeper, odd, plain),
        *_of_figures(keeper, plain),
        *_of_payments(keeper, plain),
        *_of_status(keeper, plain),
        *_of_keys(keeper, plain),
    ]


def _of_odd_customers(keeper: Bookkeeper, odd: Debtors) -> list[Invoice]:
    plan = {
        "NORTH01": ("Q4", 96, "960.00"),
        "SMITH & SONS/1": ("Q4", 71, "1338.60"),
        "CAFÆ01": ("Q35", 120, "742.80"),
        "LOWER01": ("Q17", 88, "2210.40"),
        "QUAYS01": ("Q18", 101, "1450.00"),
        "UKCOD01": ("Q16", 65, "876.00"),
        "ERMOU01": ("Q16", 150, "3120.00"),
        "MAILS01": ("Q19", 75, "1999.20"),
        "DRIFT01": ("Q21", 133, "640.80"),
        "ONACC01": ("Q15", 90, "1180.00"),
    }
    invoices = [
        keeper.invoice(odd[code], ago, gross, tags=(tag,)) for code, (tag, ago, gross) in plan.items()
    ]
    empties = keeper.invoice(odd["EMPTY01"], 84, "518.40", tags=("Q20",))
    empties.wire = {"CustomerReference": None, "ProjectName": "", "CustomerKey": ABSENT}
    costumes = keeper.invoice(odd["BOOLS01"], 79, "1284.00", tags=("Q22",))
    costumes.wire = {"IsCISReverseCharge": 0, "AutomaticCreditControlEnabled": "0"}
    return [*invoices, empties, costumes]


def _of_foreign_currency(keeper: Bookkeeper, odd: Debtors) -> list[Invoice]:
    invoices = []
    for tag in ("Q6", "Q7"):
        invoice = keeper.invoice(
            odd["ERMOU01"], 110, "1000.00", currency="EUR", rate="1.2500", tags=(tag, "Q16")
        )
        keeper.pay(invoice, home="400.00", on=keeper.days_ago(60))
        invoices.append(invoice)
    invoices[1].wire = {"DueAmount": Decimal("400.00"), "FormattedDueAmount": "£400.00"}
    return invoices


def _of_dates(keeper: Bookkeeper, odd: Debtors, plain: list[Customer]) -> list[Invoice]:
    offset = keeper.invoice(plain[0], 92, "1128.00", tags=("Q1",))
    offset.wire = {"DueDate": f"{keeper.days_ago(62)} 12:00:00 +05:30"}
    never = keeper.invoice(odd["NEVER01"], 100, "804.00", tags=("Q2",))
    never.wire = {"PaidDate": "1900-01-01 12:00:00", "LastPaymentDate": "0001-01-01 12:00:00"}
    month_end = keeper.invoice(odd["MONTH01"], 118, "2064.00", tags=("Q36",))
    next_month = (month_end.issued.replace(day=1) + timedelta(days=32)).replace(day=1)
    month_end.due = next_month + timedelta(days=29)
    undated = keeper.invoice(plain[1], 2690, "45.00", due_after=None, tags=("Q37",))
    undated.wire = {"Status": "Unpaid"}
    archived = keeper.invoice(plain[2], 1490, "1200.00", tags=("Q25",))
    archived.archived = True
    return [offset, never, month_end, undated, archived]


def _of_figures(keeper: Bookkeeper, plain: list[Customer]) -> list[Invoice]:
    dust = keeper.invoice(plain[3], 130, "1234.56", tags=("Q5",))
    keeper.pay(dust, on=keeper.days_ago(95))
    dust.wire = {"TotalPaidAmount": Decimal("1234.5599"), "DueAmount": Decimal("0.0001")}
    settled = keeper.invoice(plain[4], 105, "690.00", tags=("Q9",))
    keeper.pay(settled, on=keeper.days_ago(3))
    settled.wire = {"Status": "Unpaid", "OverdueDays": 75}
    nothing = keeper.invoice(plain[5], 70, "0.00", tags=("Q10",))
    credit = keeper.invoice(plain[6], 50, "-240.00", tags=("Q11",))
    withheld = keeper.invoice(plain[7], 95, "1000.00", tags=("Q34",))
    withheld.withheld = Decimal("200.00")
    withheld.wire = {"IsWhtDeductionToBeApplied": True}
    return [dust, settled, nothing, credit, withheld]


def _of_payments(keeper: Bookkeeper, plain: list[Customer]) -> list[Invoice]:
    bounced = keeper.invoice(plain[8], 122, "600.00", tags=("Q12",))
    keeper.pay(bounced, "600.00", on=keeper.days_ago(80), reference="Cheque 104412")
    keeper.pay(bounced, "-600.00", on=keeper.days_ago(74), reference="Returned unpaid")
    credited = keeper.invoice(plain[9], 115, "990.00", tags=("Q13",))
    keeper.pay(credited, "150.00", on=keeper.days_ago(60), credit_note=True)
    used_up = keeper.invoice(plain[9], 61, "-150.00", tags=("Q13", "Q11"))
    keeper.pay(used_up, "-150.00", on=keeper.days_ago(60), credit_note=True)
    overpaid = keeper.invoice(plain[10], 85, "300.00", tags=("Q14",))
    keeper.pay(overpaid, "330.00", on=keeper.days_ago(50))
    return [bounced, credited, used_up, overpaid]


def _of_status(keeper: Bookkeeper, plain: list[Customer]) -> list[Invoice]:
    invoices = []
    for place, spelling in enumerate(("Overdue - Part Paid", "OverduePartPaid", "overdue part paid")):
        invoice = keeper.invoice(plain[11 + place], 98 + place, "1500.00", tags=("Q8",))
        keeper.pay(invoice, "420.00", on=keeper.days_ago(45))
        invoice.wire = {"Status": spelling}
        invoices.append(invoice)
    return invoices


def _of_keys(keeper: Bookkeeper, plain: list[Customer]) -> list[Invoice]:
    nulls = keeper.invoice(plain[14], 102, "960.00", tags=("Q3",))
    unlinked = keeper.invoice(plain[15], 82, "1716.00", tags=("Q23",))
    unlinked.wire = {"CustomerId": ABSENT}
    voided = keeper.invoice(plain[16], 186, "75.00", tags=("Q24",))
    voided.voided_on = keeper.days_ago(150)
    links = keeper.invoice(plain[17], 77, "2520.00", tags=("Q26",))
    renumbered = keeper.invoice(plain[18], 140, "1314.00", tags=("Q38",))
    letters = keeper.invoice(plain[19], 160, "888.00", tags=("Q39",))
    letters.letters = [
        {"Number": 3, "IsSent": False, "SentDate": "1900-01-01 12:00:00"},
        {"Number": 1, "IsSent": True, "SentDate": f"{keeper.days_ago(110)} 12:00:00"},
        {"Number": 2, "IsSent": False, "SentDate": "1900-01-01 12:00:00"},
    ]
    return [nulls, unlinked, voided, links, renumbered, letters]
