"""Connecting a collector: proven once, sealed, and a rejected key never sent a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.models import Organisation, Secret
from arrears.bridge.check_collector import check_collector
from arrears.bridge.choose_collector import choose_collector
from arrears.bridge.collectors import accounts_of, default_account
from arrears.bridge.connect_collector import connect_collector
from arrears.bridge.models import CollectorAccount, ConnectionState, ImportRun
from arrears.bridge.remove_collector import remove_collector
from arrears.bridge.remove_test_cases import remove_test_cases
from arrears.bridge.retry_import import retry_import
from arrears.core.submission import State
from arrears.ports import NeedsAttention, OutcomeUnknown, Required, Standing, Task, TryAgainLater
from tests.bridge.conftest import World, a_form

REJECTED = "key_rejected"


def kept(account: CollectorAccount) -> SecretStr | None:
    return vault.read(account.organisation_id, account.record, "api_key")


def test_a_proven_key_is_sealed_and_names_the_creditor(world: World) -> None:
    account = world.connect("key-1")

    assert (account.creditor, account.company_name) == ("c-1", "Pennine Fasteners Ltd")
    assert account.base_url == "https://far.example"
    assert kept(account) == SecretStr("key-1")
    assert "key-1" not in str(list(Secret.objects.values_list("sealed", flat=True)))
    assert list(accounts_of(world.organisation)) == [account]
    assert default_account(world.organisation) is None


def test_a_rejected_key_is_remembered_and_the_same_one_is_not_sent_again(world: World) -> None:
    for _ in range(3):
        with pytest.raises(NeedsAttention) as told:
            connect_collector(world.organisation, a_form("wrong"))
        assert told.value.code == REJECTED

    assert world.far_end.knocks == ["wrong"]
    assert not accounts_of(world.organisation).exists()


def test_after_a_rejected_key_another_one_is_tried_and_the_old_one_destroyed(world: World) -> None:
    with pytest.raises(NeedsAttention):
        connect_collector(world.organisation, a_form("wrong"))

    account = world.connect("right")

    assert CollectorAccount.objects.get() == account
    assert Secret.objects.count() == 1


@pytest.mark.parametrize(
    "trouble",
    [
        TryAgainLater("Nobody answers."),
        OutcomeUnknown("The answer was lost."),
        NeedsAttention("It leads elsewhere.", code="redirected", action="Enter the right address."),
    ],
)
def test_a_first_key_that_could_not_be_proven_leaves_nothing_behind(world: World, trouble: Exception) -> None:
    world.far_end.key("key-1")
    world.far_end.failing = [trouble]

    with pytest.raises(type(trouble)):
        connect_collector(world.organisation, a_form("key-1"))

    assert not CollectorAccount.objects.exists()
    assert not Secret.objects.exists()


def test_what_a_process_that_died_while_proving_left_is_cleared_away(world: World) -> None:
    dead = CollectorAccount.objects.create(
        organisation_id=world.organisation,
        base_url="https://far.example",
        hook_token="dead",
        created_at=world.clock.now() - timedelta(hours=1),
    )

    world.connect("key-1")

    assert not CollectorAccount.objects.filter(pk=dead.pk).exists()


def test_the_same_creditor_again_is_the_same_account_with_a_new_key(world: World) -> None:
    first = world.connect("key-1")
    again = world.connect("key-2")

    assert again.pk == first.pk
    assert (again.version, kept(again)) == (2, SecretStr("key-2"))
    assert CollectorAccount.objects.count() == 1
    assert Secret.objects.count() == 1


def test_real_cases_and_test_cases_are_two_accounts(world: World) -> None:
    real, test = world.connect("key-1"), world.connect("key-1", test=True)

    assert (real.pk != test.pk, real.test, test.test) == (True, False, True)


def test_a_mistyped_new_key_leaves_the_account_with_the_one_that_works(world: World) -> None:
    account = world.connect("key-1")

    with pytest.raises(NeedsAttention):
        connect_collector(world.organisation, a_form("wrong"), account)

    account.refresh_from_db()
    assert (account.version, account.state, kept(account)) == (1, ConnectionState.OK, SecretStr("key-1"))
    assert check_collector(account).company_name == "Pennine Fasteners Ltd"


def test_an_edited_account_never_opens_another_creditor(world: World) -> None:
    account = world.connect("key-1")
    world.far_end.key("theirs", creditor="c-2", company="Somebody Else Ltd")

    with pytest.raises(NeedsAttention) as told:
        connect_collector(world.organisation, a_form("theirs"), account)

    assert told.value.code == "other_company"
    assert "Somebody Else Ltd" in str(told.value)
    account.refresh_from_db()
    assert (account.creditor, kept(account)) == ("c-1", SecretStr("key-1"))
    assert CollectorAccount.objects.count() == 1


def test_another_organisations_account_cannot_be_edited(world: World) -> None:
    other = Organisation.objects.create(name="Other", created_at=world.clock.now())
    account = world.connect("key-1")

    with pytest.raises(NeedsAttention) as told:
        connect_collector(other.pk, a_form("key-1"), account)

    assert told.value.code == "collector_removed"


# --- Choosing, checking -------------------------------------------------------------------------------------


def test_one_collector_at_a_time_is_preferred(world: World) -> None:
    real, test = world.connect("key-1"), world.connect("key-1", test=True)

    for account in (real, test, None):
        choose_collector(world.organisation, account)
        assert default_account(world.organisation) == account


def test_another_organisations_collector_cannot_be_preferred(world: World) -> None:
    other = Organisation.objects.create(name="Other", created_at=world.clock.now())
    choose_collector(world.organisation, world.connect("key-1"))

    with pytest.raises(NeedsAttention):
        choose_collector(other.pk, world.account)

    assert default_account(other.pk) is None
    assert default_account(world.organisation) == world.account


def test_a_check_tells_how_we_stand_and_takes_the_account_up_again(world: World) -> None:
    account = world.connect("key-1")
    required = Required("Agreement", "Sign the agreement.", "https://far.example/sign")
    task = Task("1", "Upload", "Send the invoice", "Please send it.")
    world.far_end.keys["key-1"] = Standing("c-1", "Pennine Group Ltd", (required,), (task,))
    world.far_end.failing = [
        NeedsAttention("No.", code="key_not_permitted", action="Ask your administrator.")
    ]
    with pytest.raises(NeedsAttention):
        check_collector(account)
    assert account.state == ConnectionState.NEEDS_ATTENTION

    standing = check_collector(account)

    assert (standing.agreements, standing.tasks) == ((required,), (task,))
    assert (account.state, account.company_name) == (ConnectionState.OK, "Pennine Group Ltd")


def test_a_check_sends_a_rejected_key_no_more(world: World) -> None:
    account = world.connect("key-1")
    del world.far_end.keys["key-1"]
    for _ in range(3):
        with pytest.raises(NeedsAttention) as told:
            check_collector(account)
        assert told.value.code == REJECTED

    assert world.far_end.knocks == ["key-1"] * 2


def test_a_key_that_opens_another_creditor_all_of_a_sudden_is_used_no_more(world: World) -> None:
    account = world.connect("key-1")
    world.far_end.key("key-1", creditor="c-9", company="Somebody Else Ltd")

    with pytest.raises(NeedsAttention, match="Somebody Else Ltd"):
        check_collector(account)

    world.books.add("1")
    with pytest.raises(NeedsAttention, match="Somebody Else Ltd"):
        world.start("1")


# --- Removing -----------------------------------------------------------------------------------------------


def test_a_removed_collector_has_no_key_no_hook_and_no_running_import(world: World) -> None:
    account = world.connect("key-1")
    CollectorAccount.objects.filter(pk=account.pk).update(hook_id="hook-7", is_default=True)
    account.refresh_from_db()
    world.books.add("1")
    run = world.start("1")

    remove_collector(account)

    run.refresh_from_db()
    assert not Secret.objects.exists()
    assert world.far_end.unsubscribed == ["hook-7"]
    assert (run.stage, run.problem) == (ImportRun.Stage.FAILED, "The collector was removed.")
    assert world.rows(run)["1"].state == State.FLAGGED
    assert default_account(world.organisation) is None
    assert not accounts_of(world.organisation).exists()
    remove_collector(account)


def test_a_far_end_that_is_away_does_not_keep_a_collector_from_being_removed(world: World) -> None:
    account = world.connect("key-1")
    CollectorAccount.objects.filter(pk=account.pk).update(hook_id="hook-7")
    account.refresh_from_db()
    world.far_end.failing = [TryAgainLater("Nobody answers.")]

    remove_collector(account)

    assert account.removed_at is not None


def test_nothing_is_imported_to_a_removed_collector_or_to_another_organisations(world: World) -> None:
    world.books.add("1")
    theirs = Organisation.objects.create(name="Other", created_at=world.clock.now())
    world.far_end.key("theirs", creditor="c-2")
    other = connect_collector(theirs.pk, a_form("theirs"))
    mine = world.connect("key-1")
    remove_collector(mine)

    for account in (mine, other):
        world.account = account
        with pytest.raises(NeedsAttention) as told:
            world.start("1")
        assert told.value.code == "collector_removed"
    assert not ImportRun.objects.exists()


# --- Cases for testing --------------------------------------------------------------------------------------


def test_cases_for_testing_are_removed_and_their_invoices_can_be_tried_again(world: World) -> None:
    world.books.add("1")
    account = world.connect("key-1", test=True)
    first = world.work(world.start("1"))["1"]
    assert (first.state, len(world.cases())) == (State.CREATED, 1)

    remove_test_cases(account)
    assert world.cases() == []
    again = world.work(world.start("1"))["1"]

    assert again.state == State.CREATED
    assert len(world.cases()) == 1
    # The far end may have stored its first answer under the first key for good.
    assert again.key != first.key
    assert again.reference != first.reference


def test_real_cases_are_never_removed(world: World) -> None:
    account = world.connect("key-1")

    with pytest.raises(NeedsAttention) as told:
        remove_test_cases(account)

    assert told.value.code == "not_for_testing"


def test_a_test_case_keeps_no_invoice_from_being_submitted_in_earnest(world: World) -> None:
    world.books.add("1")
    world.connect("key-1", test=True)
    tried = world.work(world.start("1"))["1"]
    world.connect("key-1")

    real = world.work(world.start("1"))["1"]

    assert [tried.state, real.state] == [State.CREATED, State.CREATED]
    assert tried.reference == f"{real.reference}-T"
    assert tried.key != real.key


def test_a_run_stopped_by_a_rejected_key_goes_on_with_a_new_one(world: World) -> None:
    for number in ("1", "2", "3"):
        world.books.add(number)
    world.connect("key-1")
    run = world.start("1", "2", "3")
    del world.far_end.keys["key-1"]

    rows = world.work(run)
    assert run.stage == ImportRun.Stage.FAILED
    assert "does not accept this API key" in run.problem
    assert {row.state for row in rows.values()} == {State.FLAGGED}
    assert CollectorAccount.objects.get().state == ConnectionState.NEEDS_ATTENTION
    world.connection.refresh_from_db()
    assert world.connection.state == ConnectionState.OK

    world.connect("key-2")
    retry_import(run)
    rows = world.work(run)

    assert run.stage == ImportRun.Stage.FINISHED
    assert {row.state for row in rows.values()} == {State.CREATED}
    assert len(world.cases()) == 3


def test_after_the_first_rejection_nothing_more_is_sent_for_any_run(world: World) -> None:
    for number in ("1", "2", "3"):
        world.books.add(number)
    world.connect("key-1")
    first, second = world.start("1", "2"), world.start("3")
    del world.far_end.keys["key-1"]
    world.far_end.knocks.clear()

    world.work(first)
    world.work(second)

    assert world.far_end.knocks == ["key-1"]
    assert second.stage == ImportRun.Stage.FAILED
    with pytest.raises(NeedsAttention, match="does not accept"):
        world.start("3")
