"""The signed copy of an agreement, as a PDF that both sides keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files

from fpdf import FPDF, XPos, YPos

from arrears.clock import LONDON
from arrears.core.wording import date_text
from arrears.desk.agreement_text import Block, BlockKind, blocks, hash_of

#: The signing field as the page draws it, in its own units, and its width on paper in millimetres.
FIELD_WIDTH = 600
FIELD_HEIGHT = 160
_DRAWN_WIDTH = 80

_FONT = "DejaVu"
_LINE = 5
_POINT = re.compile(r"(\d+) (\d+)")


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """Who signed, when and from where. `drawn` is SVG path data in the units of the signing field."""

    name: str
    title: str
    email: str
    at: datetime
    ip_address: str
    drawn: str


class _Paper(FPDF):
    """A4 with page numbers. The font is carried along, so that names in most alphabets print."""

    def __init__(self, heading: str) -> None:
        super().__init__(format="A4")
        self._heading = heading
        with as_file(files("arrears.desk") / "data" / "fonts") as fonts:
            self.add_font(_FONT, "", fonts / "DejaVuSansCondensed.ttf")
            self.add_font(_FONT, "B", fonts / "DejaVuSansCondensed-Bold.ttf")
        self.set_margins(22, 20, 22)
        self.set_auto_page_break(auto=True, margin=22)
        self.set_lang("en-GB")
        self.set_title(heading)
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(_FONT, "", 8)
        self.set_text_color(85)
        self.cell(0, 5, f"{self._heading[:90]} · page {self.page_no()} of {{nb}}", align="C")
        self.set_text_color(0)

    def lines(self, text: str, size: int = 10, style: str = "", indent: int = 0) -> None:
        self.set_font(_FONT, style, size)
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, _LINE * size / 10, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def agreement_pdf(title: str, text: str, facts: SignatureFacts) -> bytes:
    """A PDF with the text, who signed it and how.

    The exact text lies inside as the attachment `agreement.txt`: it is what the printed SHA-256 is of, and it
    holds even the letters that the font has no shape for.
    """
    paper = _Paper(title)
    paper.set_creation_date(facts.at)
    paper.embed_file(
        basename="agreement.txt", bytes=text.encode(), desc="The text that was signed", compress=True
    )
    for block in blocks(text):
        _print(paper, block)
    _print_signature(paper, facts, hash_of(text))
    return bytes(paper.output())


def _print(paper: _Paper, block: Block) -> None:
    if block.kind is BlockKind.TITLE:
        paper.lines(block.text, 17, "B")
        paper.ln(3)
    elif block.kind is BlockKind.HEADING:
        paper.ln(3)
        paper.lines(block.text, 12, "B")
        paper.ln(1)
    elif block.kind in (BlockKind.NUMBERED, BlockKind.BULLET):
        mark, at, deep = (f"{block.number}.", 0, 9) if block.number else ("•", 9, 14)
        paper.set_font(_FONT, "", 10)
        paper.set_x(paper.l_margin + at)
        paper.cell(deep - at, _LINE, mark, new_y=YPos.TOP)
        paper.lines(block.text, indent=deep)
        paper.ln(1)
    else:
        paper.lines(block.text)
        paper.ln(2)


def _print_signature(paper: _Paper, facts: SignatureFacts, text_hash: str) -> None:
    if paper.will_page_break(95):
        paper.add_page()
    paper.ln(5)
    paper.lines("Signature", 12, "B")
    paper.ln(2)
    if facts.drawn:
        _draw(paper, facts.drawn)
    paper.lines(facts.name, 16)
    paper.line(paper.l_margin, paper.y + 1, paper.l_margin + _DRAWN_WIDTH, paper.y + 1)
    paper.ln(4)
    rows = (
        ("Name", facts.name),
        ("Title", facts.title),
        ("E-mail address", f"{facts.email}, proved by a code sent to it"),
        ("Signed", _moment(facts.at)),
        ("Internet address", facts.ip_address or "not known"),
        ("SHA-256 of the text", text_hash),
    )
    paper.set_font(_FONT, "", 9)
    paper.set_draw_color(200)
    with paper.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=(30, 70),
        first_row_as_headings=False,
        line_height=6,
        align="L",
    ) as table:
        for row in rows:
            table.row(row)
    paper.ln(3)
    paper.lines("The exact text is attached to this file as agreement.txt.", 8)


def _draw(paper: _Paper, drawn: str) -> None:
    left, top = paper.l_margin, paper.y
    for stroke in drawn.split("M")[1:]:
        points = [
            (left + int(x) * _DRAWN_WIDTH / FIELD_WIDTH, top + int(y) * _DRAWN_WIDTH / FIELD_WIDTH)
            for x, y in _POINT.findall(stroke)
        ]
        paper.polyline([*points, points[-1]])
    paper.set_y(top + FIELD_HEIGHT * _DRAWN_WIDTH / FIELD_WIDTH + 1)


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{date_text(local.date())} at {local:%H:%M:%S} {local.tzname()}"
