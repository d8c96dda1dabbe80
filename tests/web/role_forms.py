"""What the matrix of roles fills in: the parameters of addresses, and one form that suits every page."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

#: Which thing a parameter names, by the parameter and how the name of its address begins; the longest wins.
PARAMETERS = {
    ("reference", "desk_case"): "active",
    ("reference", "desk_case_accept"): "waiting",
    ("reference", "desk_case_answer"): "asked",
    ("reference", "desk_case_debtor"): "waiting",
    ("reference", "desk_case_decline"): "waiting",
    ("reference", "desk_case_erase"): "erasable",
    ("reference", "desk_case_pass"): "checked",
    ("reference", "desk_case_quotes"): "bidding",
    ("reference", "desk_case_reopen"): "closed",
    ("reference", "desk_case_resume"): "paused",
    ("reference", "desk_case_withdrawal"): "withdrawn",
    ("document_id", "desk_case"): "document",
    ("payment_id", "desk_case_payment"): "payment",
    ("payment_id", "desk_payment"): "payment",
    ("request_id", "desk_case_quotes"): "request",
    ("number", "desk_complaint"): "complaint",
    ("number", "desk_complaint_ask"): "complaint_taken",
    ("number", "desk_complaint_decide"): "complaint_taken",
    ("number", "desk_complaint_respond"): "complaint_asked",
    ("partner_id", "desk_partner"): "agency",
    ("partner_id", "desk_partner_activate"): "suspended",
    ("grid", "desk_grid"): "grid",
    ("version_id", "desk_contract_text"): "text",
    ("signature_id", "desk_contract"): "signature",
    ("key_id", "desk_setting_key"): "key",
    ("reference", "portal_case"): "active",
    ("reference", "portal_case_act accept"): "waiting",
    ("reference", "portal_case_act decline"): "waiting",
    ("reference", "portal_case_act reopen"): "closed",
    ("reference", "portal_case_act resume"): "paused",
    ("reference", "portal_case_act withdrawal"): "withdrawn",
    ("target", "portal_case_act_on respond"): "complaint_asked",
    ("document_id", "portal_case"): "document",
    ("request_id", "portal_quote"): "request",
    ("payment_id", "portal_payment"): "payment",
    ("reference", "case"): "active",
    ("reference", "case_act answer"): "asked",
    ("reference", "case_act_on accept-quote"): "bidding",
    ("reference", "case_act_on decline-quotes"): "bidding",
    ("target", "case_act_on accept-quote"): "quote",
    ("target", "case_act_on decline-quotes"): "request",
    ("target", "case_act_on withdraw-complaint"): "complaint",
    ("document_id", "case"): "document",
    ("connection_id", "edit_connection"): "connection",
    ("connection_id", "try_again"): "connection",
    ("connection_id", "disconnect"): "connection",
    ("connection_id", "import_rows"): "connection",
    ("connection_id", "import_check"): "connection",
    ("connection_id", "confirm_import"): "connection",
    ("connection_id", "open_cases"): "connection",
    ("account_id", "check_account"): "account",
    ("account_id", "edit_collector"): "account",
    ("account_id", "remove_collector"): "account",
    ("account_id", "remove_test_cases"): "account",
    ("account_id", "say_on_case"): "account",
    ("account_id", "attach_to_case"): "account",
    ("case_id", "say_on_case"): "far_id",
    ("case_id", "attach_to_case"): "far_id",
    ("row_id", "report_paid"): "paid",
    ("row_id", "dismiss_paid"): "paid",
    ("run_id", "run"): "run_open",
    ("run_id", "cancel_run"): "run_open",
    ("run_id", "retry_run"): "run_stopped",
    ("run_id", "approve_run"): "run_waiting",
    ("run_id", "decline_run"): "run_waiting",
    ("run_id", "take_back"): "run_open",
    ("row_id", "take_back_row"): "run_open_row",
    ("run_id", "settle_row"): "run_review",
    ("row_id", "settle_row"): "run_review_row",
    ("signature_id", "agreement_copy"): "signature",
    ("signature_id", "signed_copy"): "signature",
    ("membership_id", "setting_member"): "member",
    ("invitation_id", "setting_invitation"): "invitation",
    ("key_id", "setting_key"): "key",
    ("token", "invitation"): "link",
    ("policy_id", "policy"): "policy",
    ("policy_id", "policy_resume"): "policy_paused",
    ("evaluation_id", "policy"): "evaluation",
    ("token", "sign"): "token",
    ("token", "send_code"): "token",
}

#: What every form of every page might ask for.
_EVERYWHERE: dict[str, Any] = {
    "reason": "For the test.",
    "text": "Words for the test.",
    "answer": "The oak ones.",
    "question": "Which ones?",
    "area": "Claim",
    "area_1": "Claim",
    "text_1": "Which ones?",
    "subject": "Slow",
    "response": "We did call.",
    "upheld": "yes",
    "decision": "It was so.",
    "actions": "Two letters.",
    "recommendation": "Stay",
    "amount": "10",
    "paid_on": "2026-11-20",
    "settled_on": "2026-11-20",
    "event_date": "2026-11-20",
    "recipient": "CollectionPartner",
    "method": "BankTransfer",
    "note": "A note.",
    "code": "Other",
    "phase": "Legal",
    "scenario": "Network",
    "agreement": "Flat Fee",
    "flat_fee": "700",
    "nature": "Recommendation",
    "valid_until": "2026-12-31",
    "name": "Newly named",
    "country": "GB",
    "street": "9 New Street",
    "city": "Leeds",
    "zip": "LS1 1AA",
    "emails": "new@quayside.example",
    "to": "A court",
    "what": "The name",
    "why": "A claim",
    "email": "somebody.new@people.example",
    "scope": "creditor",
    "europe_from_0": "100",
    "europe_points_0": "12",
    "world_from_0": "100",
    "world_points_0": "14",
    "exclusive": "yes",
    "passed": "yes",
    "evidence": "Seen.",
    "expires_on": "2027-11-20",
    "rows": "1",
    "jurisdiction-0": "DE",
    "priority-0": "100",
    "since": "2027-03-01",
    "version": "9.0",
    "publish": "yes",
    "username": "new@harbour.example",
    "password": "a password",
    "api_key": "deb-key-of-pennine",
    "mode": "test",
    "memorable_word": "memorable",
    "numbers": json.dumps(["1001"]),
    "picked": json.dumps([["71001", "1001", "", "", "", ""]]),
    "sums": json.dumps([["GBP", "1", "500.00", "47.50", "452.50", "0"]]),
    "form_id": "8a6e3c0e-3a68-4f4e-9a3b-2f1d5b7c9e01",
    "step": "confirm",
    "confirm": "yes",
}
#: What a page understands otherwise than the others, by how the name of its address begins.
_OTHERWISE: dict[str, dict[str, Any]] = {
    "case_act attach": {"kind": "OriginalInvoice"},
    "desk_case_attach": {"kind": "OriginalInvoice"},
    "desk_case_promise": {"kind": "PromiseToPay"},
    "desk_case_quotes_invite": {"partner": "uninvited"},
    "desk_case_quotes_take_back": {"quote": "quote"},
    "desk_case_withdrawal": {"decision": "yes"},
    "desk_contract_publish": {"kind": "standard agreement"},
    "desk_contract_void": {"reason": "AdminInvalidated"},
    "desk_partner": {"kind": "law firm", "email": "office@lawyers.example"},
    "desk_settings": {
        "desk_name": "The new desk",
        "check_minutes": "60",
        "info_business_days": "7",
        "quote_business_hours": "9",
        "max_quotes": "4",
        "decide_days": "8",
        "settle_business_days": "9",
        "retention_years": "5",
        "bucket_0": "principal",
        "bucket_1": "interest",
        "bucket_2": "reminder fees",
        "bucket_3": "collection fees",
    },
    "portal_case_act attach": {"kind": "OriginalInvoice"},
    "portal_case_act promise": {"kind": "PromiseToPay"},
    "portal_case_act withdrawal": {"decision": "agree"},
    "setting_limit": {"limit": "5,000", "currency": "GBP"},
    "setting_member_role": {"role": "finance"},
    "setting_invitations": {"role": "viewer"},
    "settle_row": {"decision": "drop"},
    "save_view": {"page": "import", "query": "kind=flagged"},
    "remove_view": {"page": "import", "view": "1"},
    "attach_to_case": {"kind": "CreditorDocuments"},
    "prefer_collector": {"collector": "account"},
    "policy_": {
        "connection": "connection",
        "collector": "desk",
        "days_overdue": "60",
        "minimum": "250",
        "currency": "GBP",
        "reminders_sent": "0",
        "weekdays": ["0"],
        "hour": "9",
        "submits": "no",
    },
}
#: Files that are more than any text.
_FILES = {
    "desk_partner_import": "name,kind,country,email,phone,website,languages,exclusive,capacity,vat_rate,"
    "jurisdiction,debtor_type,currency,minimum_usd,maximum_usd,priority\n"
    "Imported Agency,agency,GB,,,,,yes,,,GB,,,,,100\n",
    "desk_grid_import": "name,scope,of,since,zone,from_usd,points,over_6_months,over_12_months,"
    "over_24_months\nImported,standard,,2027-05-01,europe,0,12,0,0,0\n"
    "Imported,standard,,2027-05-01,world,0,14,0,0,0\n",
}


def thing_for(parameter: str, label: str) -> str | None:
    """Which of the world's things a parameter of an address names; None where nobody has said."""
    known = [start for name, start in PARAMETERS if name == parameter and label.startswith(start)]
    return PARAMETERS[parameter, max(known, key=len)] if known else None


def form_for(label: str, ids: dict[str, str]) -> dict[str, Any]:
    """Something sound to post to an address."""
    named = {"partner": ids["agency"], "creditor": ids["creditor"], "organisation": ids["creditor"]}
    content = _FILES.get(label, "A new file.\n").encode()
    form = _EVERYWHERE | named | {"file": SimpleUploadedFile("note.txt", content, "text/plain")}
    for start in sorted(_OTHERWISE, key=len):
        if label.startswith(start):
            form |= {
                name: ids.get(value, value) if isinstance(value, str) else value
                for name, value in _OTHERWISE[start].items()
            }
    return form
