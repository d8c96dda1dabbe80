"""The forty oddities that a reader of KashFlow must survive, and where in the stand-in each is found.

Invoice rows carry their oddities as tags (``Q12``), which the control interface tells; those of the
protocol are met by calling it, and some by switching a fault or an account state on.
"""

from typing import Final

QUIRKS: Final = {
    "Q1": "row: dates with a noon time, with and without an offset",
    "Q2": "row and customer: 1900 and 0001 dates that mean never",
    "Q3": "row: Currency, Address and LineItems are null in lists",
    "Q4": "row and customer: code padded with spaces",
    "Q5": "row: four decimals, and dust left of 0.0001",
    "Q6": "row: foreign invoice part paid, the paid figure in home currency",
    "Q7": "row: the same with DueAmount in home currency",
    "Q8": "row: spellings of the part-paid states",
    "Q9": "row: Status says unpaid, the figures say paid",
    "Q10": "row: zero-value invoice, Status NA",
    "Q11": "row: credit note with negative amounts",
    "Q12": "row: bounced payment, two lines that cancel out",
    "Q13": "row: credit note applied as a payment line",
    "Q14": "row: overpaid, due below zero",
    "Q15": "row and customer: unallocated money on account",
    "Q16": "row and customer: country codes EL and UK",
    "Q17": "row and customer: town and county in one line, country code in line 4",
    "Q18": "row and customer: country contradicts the address",
    "Q19": "row and customer: several addresses in one Email",
    "Q20": "row and customer: empty text, null and absent keys",
    "Q21": "row and customer: drifting key names",
    "Q22": 'row and customer: booleans as 0, true and "1"',
    "Q23": "row: CustomerId absent",
    "Q24": "row: voided, with DeletedAt",
    "Q25": "row: archived but owing",
    "Q26": "row: permalinks with and without a leading slash",
    "Q27": "protocol: bare arrays, and Metadata instead of MetaData in reports",
    "Q28": "fault: page-overlap",
    "Q29": "protocol: page size clamped by the server",
    "Q30": "fault: sql-timeout",
    "Q31": "fault permission, or account state no_invoice_permission",
    "Q32": "account states: login succeeds, account unusable",
    "Q33": "protocol: memorable positions out of order",
    "Q34": "row: tax withheld, due is less than gross minus paid",
    "Q35": "row and customer: accents and markup in names",
    "Q36": "row and customer: terms counted from the end of the month",
    "Q37": "row: old invoice without a due date",
    "Q38": "row: renumbered, an old Id under a new Number",
    "Q39": "row: reminder letters unsorted, unsent ones dated 1900",
    "Q40": "protocol: XML error without Accept; fault html",
}

ROW_QUIRKS: Final = tuple(code for code, where in QUIRKS.items() if where.startswith("row"))
CUSTOMER_QUIRKS: Final = tuple(code for code, where in QUIRKS.items() if "customer:" in where)
