"""The pictures in the documentation: all there, all shown, and one for every page of a creditor."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern

from arrears.web import urls
from arrears.web.people import urls as people_urls
from arrears.web.policies import urls as policy_urls
from tools.screenshot_story import BEFORE, STORY
from tools.screenshots import IMAGES, SCREENS, THEMES, WIDTHS, page_of_all, picture

_STEPS = (*BEFORE, *STORY)
#: Addresses that are no pages: they do something and lead on, or hand out a file or a part of a page.
_NO_PAGE = {
    "try_again", "prefer_collector", "say_on_case", "attach_to_case", "report_paid", "dismiss_paid",
    "import_rows", "import_check", "open_cases", "run_progress", "cancel_run", "retry_run", "settle_row",
    "sign_now", "agreement_copy", "send_code", "signed_copy", "save_view", "remove_view", "collector_hook",
    "switch_organisation", "cases_export", "case_document", "policy_export",
    "run_invoices", "setting_member_role", "setting_invitation_resend", "setting_invitation_revoke",
    "setting_audit_export", "policy_summary", "policy_preview", "policies_pause", "policy_pause",
    "policy_resume", "approve_run", "decline_run", "take_back_row", "take_back_all", "run_results",
}  # fmt: skip
#: Pages that the story does not come by: they need somebody or something else, or look like another.
_NOT_IN_STORY = {
    "edit_collector", "check_account", "remove_collector", "remove_test_cases", "done_elsewhere",
    "sign", "signed", "invitation", "case_act", "case_act_on", "setting_member_remove", "setting_key_revoke",
    "policy_edit", "policy_evaluation",
}  # fmt: skip


def test_every_picture_is_there_and_shown() -> None:
    wanted = {picture(step.name, width, theme) for step in _STEPS for width in WIDTHS for theme in THEMES}
    there = {file.name for file in IMAGES.glob("*.webp")}

    assert wanted - there == set(), "run python -m tools.screenshots"
    assert there - wanted == set(), "pictures that nothing asks for"
    assert SCREENS.read_text(encoding="utf-8") == page_of_all()


def test_the_pictures_are_small_enough_to_keep() -> None:
    assert sum(file.stat().st_size for file in IMAGES.glob("*.webp")) < 8_000_000


def test_every_page_of_a_creditor_has_a_picture() -> None:
    patterns = [*urls.urlpatterns, *people_urls.urlpatterns, *policy_urls.urlpatterns]
    named = {one.name for one in patterns if isinstance(one, URLPattern) and one.name}
    shown = {page for step in _STEPS for page in step.pages}

    assert named - shown - _NO_PAGE - _NOT_IN_STORY == set()
    assert (shown | _NO_PAGE | _NOT_IN_STORY) - named == set()


@pytest.mark.parametrize("page", ["connect-kashflow.md", "../README.md"])
def test_a_page_shows_only_pictures_that_are_there(page: str) -> None:
    for name in re.findall(r"images/([\w.-]+)", (SCREENS.parent / page).read_text(encoding="utf-8")):
        assert (IMAGES / name).exists(), name
