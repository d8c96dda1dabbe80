"""Put down the e-mails that people have asked for: some news at once, the rest in a digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from arrears.accounts import outbox
from arrears.accounts.models import Membership, NoticeChoice, OrganisationKind
from arrears.bridge.adapters import adapters
from arrears.bridge.gather_news import gather_news
from arrears.core.access import Permission
from arrears.core.digest import News, last_digest_moment, letter_of
from arrears.core.notice import NoticeKind

#: What was committed late is still seen; what was told already is known by its key.
_LATE = timedelta(minutes=5)

#: News that is for those only who can do something about it.
_FOR = {
    NoticeKind.APPROVAL: (Permission.IMPORT, Permission.APPROVE),
    NoticeKind.ATTENTION: (Permission.CONNECT,),
    NoticeKind.TASK: (Permission.ACT, Permission.SIGN),
}


def tell_news() -> None:
    """Look once after everybody. Safe to kill and to run in several processes: each news is told once."""
    now = adapters().clock.now()
    _begin_with_newcomers(now)
    for pk in NoticeChoice.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            mine = NoticeChoice.objects.select_for_update(of=("self",), skip_locked=True)
            choice = mine.select_related("membership__organisation", "membership__user").filter(pk=pk).first()
            if choice is not None and choice.membership.user.is_active:
                _tell(choice, now)


def _begin_with_newcomers(now: datetime) -> None:
    """What happened before somebody came is no news to them."""
    creditors = Membership.objects.filter(organisation__kind=OrganisationKind.CREDITOR, notice_choice=None)
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(membership=one, digest_sent_at=now, told_at=now) for one in creditors],
        ignore_conflicts=True,
    )


def _tell(choice: NoticeChoice, now: datetime) -> None:
    if choice.at_once:
        _tell_at_once(choice, now)
    moment = last_digest_moment(now, weekly=choice.digest == NoticeChoice.Every.WEEK)
    if choice.digest_sent_at < moment:
        if choice.digest != NoticeChoice.Every.NEVER:
            _tell_in_digest(choice, moment, now)
        choice.digest_sent_at = moment
    choice.save(update_fields=["told_at", "digest_sent_at"])


def _tell_at_once(choice: NoticeChoice, now: datetime) -> None:
    member = choice.membership
    news = gather_news(member.organisation_id, choice.told_at - _LATE, now)
    for one in _meant_for(member, news):
        if one.kind in choice.at_once:
            _put(f"now:{member.pk}:{one.key}", member, [one], now)
    choice.told_at = now


def _tell_in_digest(choice: NoticeChoice, moment: datetime, now: datetime) -> None:
    member = choice.membership
    news = gather_news(member.organisation_id, choice.digest_sent_at, moment)
    # What still waits is said again each morning, though it was told at once.
    rest = [
        one
        for one in _meant_for(member, news)
        if one.kind not in choice.at_once or one.kind in (NoticeKind.APPROVAL, NoticeKind.ATTENTION)
    ]
    _put(f"digest:{member.pk}:{moment.isoformat()}", member, rest, now)


def _put(key: str, member: Membership, news: Iterable[News], now: datetime) -> None:
    letter = letter_of(member.organisation.name, news, settings.ARREARS_URL)
    if letter is not None:
        outbox.put(key, member.user.email, letter, now)


def _meant_for(member: Membership, news: Iterable[News]) -> list[News]:
    return [one for one in news if one.kind not in _FOR or any(member.may(one_) for one_ in _FOR[one.kind])]
