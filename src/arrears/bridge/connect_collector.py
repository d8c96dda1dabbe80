"""Connect a collector by its API key: prove that the key works, then keep it sealed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import models, transaction
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.audit import Action
from arrears.accounts.models import Organisation
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import clear_collector, collector_trouble, mark_collector, note_collector
from arrears.bridge.collector_key import FIELD, kept_key, removed
from arrears.bridge.collectors import accounts_of
from arrears.bridge.models import CollectorAccount
from arrears.ports import NeedsAttention, Standing

#: Whoever was still proving a key after this long is gone.
_LONGEST_PROOF = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class KeyForm:
    """What a person enters to connect a collector. `base_url` has been checked by who reads it in.

    `test` opens cases for testing only. With `waits_for_signature` cases are opened before everything is
    signed, and wait for the signatures.
    """

    key: SecretStr
    base_url: str
    test: bool = False
    waits_for_signature: bool = True


def connect_collector(
    organisation: int, form: KeyForm, edited: CollectorAccount | None = None
) -> CollectorAccount:
    """Prove the key and store it, as a new account or as the new key of an existing one.

    A key that opens the creditor of an account we have (same address, same mode) changes that account, and
    takes it up again if it was removed; `edited` tells which one it must be. Until the key is proven an
    existing account keeps the one that it has. Raises TryAgainLater, leaving nothing behind, or
    NeedsAttention: a key that was definitely rejected is remembered, so that the same one is not sent again.
    """
    candidate = _write_down(organisation, form, edited)
    try:
        standing = adapters().collector(organisation, candidate).standing()
        return _take(candidate, form, standing, edited)
    except NeedsAttention as reason:
        if reason.code == "key_rejected":
            mark_collector(candidate, candidate.version, reason)
        else:
            _leave_nothing_behind(candidate)
        raise
    except BaseException:
        _leave_nothing_behind(candidate)
        raise


def _write_down(organisation: int, form: KeyForm, edited: CollectorAccount | None) -> CollectorAccount:
    """Keep the key before it is first sent, so that a rejection is remembered with it."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation)
        if edited is not None and not accounts_of(organisation).filter(pk=edited.pk).exists():
            raise removed()
        _refuse_the_same_again(organisation, form)
        candidate = CollectorAccount.objects.create(
            organisation_id=organisation,
            base_url=_address(form),
            test=form.test,
            waits_for_signature=form.waits_for_signature,
            hook_token=secrets.token_urlsafe(32),
            created_at=adapters().clock.now(),
        )
        vault.store(organisation, candidate.record, FIELD, form.key)
    return candidate


def _refuse_the_same_again(organisation: int, form: KeyForm) -> None:
    """Nothing is sent for a key that was rejected; what an earlier mistake left is cleared away."""
    long_ago = adapters().clock.now() - _LONGEST_PROOF
    for account in _at(organisation, form):
        trouble = collector_trouble(account)
        same = trouble is not None and kept_key(account) == form.key
        if trouble is not None and trouble.code == "key_rejected" and same:
            raise trouble
        if not account.creditor and (trouble is not None or account.created_at < long_ago):
            _delete(account)


def _at(organisation: int, form: KeyForm) -> models.QuerySet[CollectorAccount]:
    """Every account at the form's address that is not removed, proven or not."""
    rows = CollectorAccount.objects.filter(organisation_id=organisation, removed_at=None)
    return rows.filter(base_url=_address(form))


def _address(form: KeyForm) -> str:
    return form.base_url.rstrip("/")


def _take(
    candidate: CollectorAccount, form: KeyForm, standing: Standing, edited: CollectorAccount | None
) -> CollectorAccount:
    """Make the proven key that of the creditor's account."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=candidate.organisation_id)
        existing = _account_of(standing.id, candidate, form)
        if edited is not None and (existing is None or existing.pk != edited.pk):
            raise _other_company(standing, edited)
        account = existing or candidate
        was_in_use = existing is not None and existing.removed_at is None
        if existing is not None:
            vault.store(account.organisation_id, account.record, FIELD, form.key)
            account.version += 1
            account.removed_at = None
            _delete(candidate)
        clear_collector(account)
        account.creditor, account.company_name = standing.id, standing.company_name[:200]
        account.waits_for_signature = form.waits_for_signature
        account.last_used_at = adapters().clock.now()
        account.save()
        action = Action.COLLECTOR_EDITED if was_in_use else Action.COLLECTOR_CONNECTED
        note_collector(account, action, "Entered another key of" if was_in_use else "Connected")
    return account


def _account_of(creditor: str, candidate: CollectorAccount, form: KeyForm) -> CollectorAccount | None:
    """The creditor's account; one that was removed is taken up again, because its imports and cases are its.

    Nobody else could say what became of what was sent through it.
    """
    rows = CollectorAccount.objects.filter(
        organisation_id=candidate.organisation_id, base_url=_address(form), creditor=creditor, test=form.test
    )
    in_use_first = rows.order_by(models.F("removed_at").desc(nulls_first=True))
    return in_use_first.select_for_update().first()


def _other_company(standing: Standing, edited: CollectorAccount) -> NeedsAttention:
    name, mode = edited.company_name, "test cases" if edited.test else "real cases"
    return NeedsAttention(
        f"This key opens {standing.company_name}, but not the account of {name} for {mode} at "
        f"{edited.base_url}.",
        code="other_company",
        action=f"Enter a key of {name}, or connect {standing.company_name} as another collector.",
    )


def _leave_nothing_behind(candidate: CollectorAccount) -> None:
    with transaction.atomic():
        if CollectorAccount.objects.filter(pk=candidate.pk, creditor="").exists():
            _delete(candidate)


def _delete(account: CollectorAccount) -> None:
    """Destroy an account that was never proven, with its key."""
    vault.forget(account.organisation_id, account.record)
    CollectorAccount.objects.filter(pk=account.pk).delete()
