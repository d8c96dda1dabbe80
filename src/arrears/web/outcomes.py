"""How an import run and each of its submissions stand, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from arrears.bridge.ledger import OPEN, UNDER_WAY
from arrears.bridge.models import ImportRun, Submission
from arrears.core.submission import RESTING, State
from arrears.web.collector_names import CollectorShown, shown_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a row can stand. `tone` is a colour of the design system; the icon and words say the same."""

    key: str
    label: str
    icon: str
    tone: str
    states: tuple[State, ...]


OPENED = Outcome("opened", "Case opened", "circle-check", "green", (State.CREATED,))
WAITING = Outcome("waiting", "Waiting", "clock", "secondary", (State.PLANNED, State.INTENT, State.SENDING))
LOOKED_UP = Outcome("looked-up", "Being looked up", "search", "azure", (State.AMBIGUOUS,))
NOT_OPENED = Outcome("not-opened", "Not opened", "circle-minus", "secondary", (State.FLAGGED,))
REFUSED = Outcome("refused", "Refused", "circle-x", "red", (State.REJECTED,))
NEEDS_YOU = Outcome("needs-you", "Needs you", "alert-triangle", "orange", (State.NEEDS_ACTION, State.REVIEW))
CANCELLED = Outcome("cancelled", "Cancelled", "player-stop", "secondary", (State.DROPPED,))
TAKEN_BACK = Outcome("taken-back", "Taken back", "arrow-back-up", "secondary", (State.WITHDRAWN,))

OUTCOMES = (OPENED, WAITING, LOOKED_UP, NOT_OPENED, REFUSED, NEEDS_YOU, CANCELLED, TAKEN_BACK)
_OF_STATE = {state: outcome for outcome in OUTCOMES for state in outcome.states}

#: Rows that the Try again button takes up.
_RETRYABLE = frozenset({State.FLAGGED, State.REJECTED, State.NEEDS_ACTION})

_TONES = {
    ImportRun.Stage.AWAITING: ("hourglass", "orange"),
    ImportRun.Stage.PREPARING: ("clock", "azure"),
    ImportRun.Stage.SUBMITTING: ("clock", "azure"),
    ImportRun.Stage.FINISHED: ("circle-check", "green"),
    ImportRun.Stage.CANCELLED: ("player-stop", "secondary"),
    ImportRun.Stage.FAILED: ("alert-triangle", "red"),
}


def outcome_of(submission: Submission) -> Outcome:
    return _OF_STATE[State(submission.state)]


@dataclass(frozen=True, slots=True)
class Summary:
    """One run with its rows counted by outcome."""

    run: ImportRun
    counts: dict[str, int]
    total: int
    settled: int
    retryable: int
    #: Cases that are being closed again at this moment.
    taking_back: int = 0

    @property
    def collector(self) -> CollectorShown:
        return shown_of(self.run.collector)

    @property
    def opened(self) -> int:
        return self.counts.get(OPENED.key, 0)

    @property
    def active(self) -> bool:
        """Whether something is still going to happen without anybody doing anything."""
        if self.run.stage in UNDER_WAY or self.taking_back:
            return True
        return self.run.stage == ImportRun.Stage.CANCELLED and bool(self.counts.get(LOOKED_UP.key))

    @property
    def may_be_cancelled(self) -> bool:
        return self.run.stage in OPEN

    @property
    def awaits(self) -> bool:
        """Whether it waits until a person lets it go ahead."""
        return self.run.stage == ImportRun.Stage.AWAITING

    @property
    def told(self) -> str:
        """How it stands, for a screen reader; it changes seldom, so that nobody is talked over."""
        if self.run.stage == ImportRun.Stage.SUBMITTING and self.total:
            return f"{10 * (10 * self.settled // self.total)} per cent of the rows are settled."
        if self.active or self.awaits:
            return str(self.run.get_stage_display())
        return f"{self.run.get_stage_display()}. {self.opened:,} of {self.total:,} rows have a case."

    @property
    def may_be_retried(self) -> bool:
        if self.run.connection_id is None or self.may_be_cancelled:
            return False
        return bool(self.retryable) or (self.run.stage == ImportRun.Stage.FAILED)

    @property
    def icon(self) -> str:
        return _TONES[ImportRun.Stage(self.run.stage)][0]

    @property
    def tone(self) -> str:
        return _TONES[ImportRun.Stage(self.run.stage)][1]


def summaries_of(runs: Sequence[ImportRun]) -> list[Summary]:
    """The runs, counted in one query, in the order given."""
    counted: dict[int, dict[str, int]] = {run.pk: {} for run in runs}
    taking = dict.fromkeys(counted, 0)
    rows = Submission.objects.filter(run__in=list(counted)).values_list("run_id", "state")
    numbers = rows.annotate(number=Count("pk"), taking_back=Count("taking_back_since"))
    for run_id, state, number, taking_back in numbers.order_by():
        counted[run_id][state] = number
        taking[run_id] += taking_back
    return [_summary(run, counted[run.pk], taking[run.pk]) for run in runs]


def _summary(run: ImportRun, states: dict[str, int], taking_back: int) -> Summary:
    counts: dict[str, int] = {}
    for state, number in states.items():
        key = _OF_STATE[State(state)].key
        counts[key] = counts.get(key, 0) + number
    return Summary(
        run=run,
        counts=counts,
        total=sum(states.values()),
        settled=sum(number for state, number in states.items() if State(state) in RESTING),
        retryable=sum(states.get(state, 0) for state in _RETRYABLE),
        taking_back=taking_back,
    )
