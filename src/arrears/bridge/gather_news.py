"""Everything that has happened in an organisation between two moments, wherever it happened."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, Connection, ConnectionState, ImportRun
from arrears.core.digest import News
from arrears.core.notice import NoticeKind
from arrears.core.submission import State

_ENDED = (ImportRun.Stage.FINISHED, ImportRun.Stage.FAILED)


def gather_news(organisation: int, since: datetime, until: datetime) -> list[News]:
    """The news after `since`, up to and including `until`, the earliest first.

    What waits for somebody and what needs attention is news for as long as it is so.
    """
    told = [news for source in adapters().case_news(organisation) for news in source.between(since, until)]
    told += [*_waiting(organisation, until), *_ended(organisation, since, until)]
    return sorted([*told, *_attention(organisation, until)], key=lambda one: one.at)


def _waiting(organisation: int, until: datetime) -> list[News]:
    runs = ImportRun.objects.filter(
        organisation_id=organisation, stage=ImportRun.Stage.AWAITING, started_at__lte=until
    )
    return [
        News(NoticeKind.APPROVAL, run.started_at, f"An import waits: {run.waits_because}", f"/runs/{run.pk}/")
        for run in runs
    ]


def _ended(organisation: int, since: datetime, until: datetime) -> list[News]:
    runs = ImportRun.objects.filter(
        organisation_id=organisation, stage__in=_ENDED, finished_at__gt=since, finished_at__lte=until
    ).annotate(
        opened=Count("submissions", filter=Q(submissions__state=State.CREATED)), rows=Count("submissions")
    )
    return [_end(run, run.opened, run.rows) for run in runs]


def _end(run: ImportRun, opened: int, rows: int) -> News:
    stopped = "stopped" if run.stage == ImportRun.Stage.FAILED else "has ended"
    text = f"An import {stopped}: {opened:,} of {rows:,} cases were opened."
    return News(NoticeKind.RUN_ENDED, run.finished_at or run.started_at, text, f"/runs/{run.pk}/")


def _attention(organisation: int, until: datetime) -> list[News]:
    wanting = ConnectionState.NEEDS_ATTENTION
    names = [
        *(one.company_name for one in Connection.objects.filter(organisation=organisation, state=wanting)),
        *(
            one.company_name
            for one in CollectorAccount.objects.filter(
                organisation=organisation, state=wanting, removed_at=None
            )
        ),
    ]
    return [
        News(NoticeKind.ATTENTION, until, f"{name or 'A connection'} needs attention.", "/integrations/")
        for name in names
    ]
