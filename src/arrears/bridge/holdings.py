"""Which invoices are already taken, and by what."""

from __future__ import annotations

from collections.abc import Sequence

from arrears.bridge.models import Connection, Holding


def references_of(connection: Connection, invoice_ids: Sequence[str], *, test: bool) -> dict[str, str]:
    """For each of the invoices that is taken: the case's reference, or ours while there is no case yet.

    `test` asks about cases for testing, which take nothing from real ones.
    """
    rows = Holding.objects.filter(
        organisation_id=connection.organisation_id,
        source=connection.source,
        account=connection.account,
        invoice_id__in=invoice_ids,
        test=test,
    ).values_list("invoice_id", "submission__case_reference", "submission__reference")
    return {invoice: case or ours for invoice, case, ours in rows}
