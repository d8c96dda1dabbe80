"""A small but valid PDF of an invoice."""

from decimal import Decimal

from arrears.sandbox.records import Invoice

PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)


def invoice_pdf(invoice: Invoice, company_name: str) -> bytes:
    """One page with the particulars of the invoice, as PDF 1.4."""
    lines = (
        company_name,
        f"Invoice {invoice.number}",
        f"To: {invoice.customer.name.strip()}",
        f"Date: {invoice.issued:%d/%m/%Y}",
        f"Due: {invoice.due:%d/%m/%Y}" if invoice.due else "Due: on receipt",
        f"Total: {invoice.currency} {_money(invoice.gross)}",
        f"Outstanding: {invoice.currency} {_money(invoice.outstanding)}",
    )
    shown = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 72 770 Td 20 TL {shown} ET".encode("cp1252", "replace")
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE,
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
    )


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: list[bytes]) -> bytes:
    document = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        document += b"%010d 00000 n \n" % offset
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(document)
