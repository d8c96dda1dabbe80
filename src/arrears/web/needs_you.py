"""What waits for somebody of the creditor, told in a line each, with the page where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min
from django.urls import reverse

from arrears.accounts.models import Membership
from arrears.bridge.models import ImportRun, Submission, TrackedCase
from arrears.core.access import Permission
from arrears.core.case import Lifecycle, Party
from arrears.core.submission import State
from arrears.core.task import TaskKind
from arrears.core.wording import date_text
from arrears.desk.models import Task
from arrears.web.formats import counted

#: Told apart from the rest by boxes of their own.
_TOLD_ELSEWHERE = (TaskKind.SIGN_CONTRACT.value,)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do. `text` is a sentence without its full stop, `action` the words of the link."""

    icon: str
    tone: str
    text: str
    action: str
    href: str


def needs_of(membership: Membership) -> list[Need]:
    """Everything that waits, the most urgent kind first."""
    organisation = membership.organisation_id
    return [
        *_to_approve(membership),
        *_to_decide(organisation),
        *_tasks(organisation),
        *_asked_elsewhere(organisation),
        *_left_out(organisation),
    ]


#: So many of one kind are named; the others come up as these are settled.
_MOST = 10


def _to_approve(membership: Membership) -> Iterator[Need]:
    waiting = ImportRun.objects.filter(
        organisation=membership.organisation_id, stage=ImportRun.Stage.AWAITING
    )
    for run in waiting.select_related("policy")[:_MOST]:
        needed = Permission.APPROVE if run.needs_second_person else Permission.IMPORT
        is_own = run.needs_second_person and run.asked_by_id == membership.user_id
        if is_own or not membership.may(needed):
            continue
        what = f"An import of {run.company_name} waits for your approval"
        yield Need("checklist", "orange", what, "Look at it and decide", reverse("run", args=[run.pk]))


def _to_decide(organisation: int) -> Iterator[Need]:
    """Rows of imports that only a person can settle. Looked up run by run, which the index is made for."""
    rows = Submission.objects.filter(
        run__in=ImportRun.objects.filter(organisation=organisation),
        state__in=(State.REVIEW.value, State.NEEDS_ACTION.value),
    )
    counted_rows = rows.values("run_id", "run__started_at").annotate(number=Count("pk")).order_by("run_id")
    for row in counted_rows[:_MOST]:
        number = counted(row["number"], "row")
        verb = "needs" if row["number"] == 1 else "need"
        what = f"{number} of the import of {date_text(row['run__started_at'].date())} {verb} a decision"
        yield Need("alert-triangle", "orange", what, "See the import", reverse("run", args=[row["run_id"]]))


def _tasks(organisation: int) -> Iterator[Need]:
    """What there is to do on cases at our own desk."""
    open_tasks = Task.objects.filter(
        creditor=organisation, party=Party.CREDITOR.value, solved_at=None, case__isnull=False
    ).exclude(kind__in=_TOLD_ELSEWHERE)
    kinds = (
        open_tasks.values("kind")
        .annotate(number=Count("pk"), due=Min("due_on"), one=Min("case__reference"))
        .order_by("due", "kind")
    )
    for row in kinds:
        by = f", by {date_text(row['due'])}" if row["due"] else ""
        if row["number"] == 1:
            what, href = f"on case {row['one']}", reverse("case", args=[row["one"]])
        else:
            what = f"on {counted(row['number'], 'case')}"
            href = f"{reverse('cases')}?attention=yes&collector=desk"
            by = by.replace(", by", ", the first by")
        label = TaskKind(row["kind"]).label
        yield Need("info-circle", "azure", f"{label} {what}{by}", _see(row["number"]), href)


def _asked_elsewhere(organisation: int) -> Iterator[Need]:
    waiting = TrackedCase.objects.filter(organisation=organisation, needs_info=True)
    number = waiting.exclude(lifecycle=Lifecycle.CLOSED.value).count()
    if number:
        what = (
            f"{counted(number, 'case')} at another collector {'needs' if number == 1 else 'need'} information"
        )
        yield Need("info-circle", "azure", what, _see(number), f"{reverse('cases')}?attention=yes")


def _left_out(organisation: int) -> Iterator[Need]:
    """What the latest import did not open because something about the invoice was not right."""
    finished = ImportRun.objects.filter(organisation=organisation, stage=ImportRun.Stage.FINISHED)
    run = finished.first()
    number = run.submissions.filter(state=State.FLAGGED.value).count() if run else 0
    if run and number:
        what = f"{counted(number, 'invoice')} of the latest import could not be opened as a case"
        yield Need("circle-minus", "secondary", what, "See what is missing", reverse("run", args=[run.pk]))


def _see(number: int) -> str:
    return "See the case" if number == 1 else "See the cases"
