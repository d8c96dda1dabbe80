"""The addresses of the pages."""

from __future__ import annotations

from django.urls import include, path

from arrears.web.agreements import agreement_copy, agreements, sign_now
from arrears.web.case import case
from arrears.web.case_actions import case_act, case_document
from arrears.web.case_export import cases_export
from arrears.web.cases import cases
from arrears.web.collector_case_acts import attach_to_case, say_on_case
from arrears.web.collector_hook import collector_hook
from arrears.web.collectors import check_account, prefer_collector
from arrears.web.confirm_import import confirm_import, open_cases
from arrears.web.connect_collector import connect_debitura, edit_collector
from arrears.web.connect_kashflow import connect_kashflow, edit_connection
from arrears.web.disconnect import disconnect_page
from arrears.web.done_elsewhere import done_elsewhere
from arrears.web.home import home
from arrears.web.import_check import import_check
from arrears.web.import_preview import import_preview, import_rows
from arrears.web.integrations import integrations, try_again_now
from arrears.web.paid_elsewhere import dismiss_paid_now, report_paid_now
from arrears.web.people.join import invitation
from arrears.web.people.organisations import switch_organisation
from arrears.web.remove_collector import remove_collector_page, remove_test_cases_page
from arrears.web.run import cancel_run, retry_run, run, run_progress, settle_row
from arrears.web.run_decisions import approve_run, decline_run
from arrears.web.run_invoices import run_invoices
from arrears.web.run_results import run_results
from arrears.web.runs import runs
from arrears.web.saved_views import remove_view, save_view
from arrears.web.signing import send_code, sign, signed, signed_copy
from arrears.web.undo import take_back_all, take_back_row

urlpatterns = [
    path("", home, name="home"),
    path("integrations/", integrations, name="integrations"),
    path("integrations/kashflow/", connect_kashflow, name="connect_kashflow"),
    path("integrations/<int:connection_id>/", edit_connection, name="edit_connection"),
    path("integrations/<int:connection_id>/try-again/", try_again_now, name="try_again"),
    path("integrations/<int:connection_id>/disconnect/", disconnect_page, name="disconnect"),
    path("integrations/collectors/prefer/", prefer_collector, name="prefer_collector"),
    path("integrations/collectors/debitura/", connect_debitura, name="connect_debitura"),
    path("integrations/collectors/<int:account_id>/", edit_collector, name="edit_collector"),
    path("integrations/collectors/<int:account_id>/check/", check_account, name="check_account"),
    path("integrations/collectors/<int:account_id>/remove/", remove_collector_page, name="remove_collector"),
    path(
        "integrations/collectors/<int:account_id>/remove-test-cases/",
        remove_test_cases_page,
        name="remove_test_cases",
    ),
    path("collectors/<int:account_id>/cases/<str:case_id>/say/", say_on_case, name="say_on_case"),
    path("collectors/<int:account_id>/cases/<str:case_id>/attach/", attach_to_case, name="attach_to_case"),
    path("paid-elsewhere/<int:row_id>/report/", report_paid_now, name="report_paid"),
    path("paid-elsewhere/<int:row_id>/dismiss/", dismiss_paid_now, name="dismiss_paid"),
    path("import/", import_preview, name="import_preview"),
    path("import/<int:connection_id>/rows/", import_rows, name="import_rows"),
    path("import/<int:connection_id>/check/", import_check, name="import_check"),
    path("import/<int:connection_id>/confirm/", confirm_import, name="confirm_import"),
    path("import/<int:connection_id>/open/", open_cases, name="open_cases"),
    path("runs/", runs, name="runs"),
    path("runs/<int:run_id>/", run, name="run"),
    path("runs/<int:run_id>/progress/", run_progress, name="run_progress"),
    path("runs/<int:run_id>/invoices/", run_invoices, name="run_invoices"),
    path("runs/<int:run_id>/cancel/", cancel_run, name="cancel_run"),
    path("runs/<int:run_id>/approve/", approve_run, name="approve_run"),
    path("runs/<int:run_id>/decline/", decline_run, name="decline_run"),
    path("runs/<int:run_id>/take-back/", take_back_all, name="take_back_all"),
    path("runs/<int:run_id>/rows/<int:row_id>/take-back/", take_back_row, name="take_back_row"),
    path("runs/<int:run_id>/results.<slug:form>", run_results, name="run_results"),
    path("runs/<int:run_id>/retry/", retry_run, name="retry_run"),
    path("runs/<int:run_id>/rows/<int:row_id>/settle/", settle_row, name="settle_row"),
    path("agreements/", agreements, name="agreements"),
    path("agreements/done-elsewhere/", done_elsewhere, name="done_elsewhere"),
    path("agreements/sign/", sign_now, name="sign_now"),
    path("agreements/<uuid:signature_id>.pdf", agreement_copy, name="agreement_copy"),
    path("sign/<str:token>/", sign, name="sign"),
    path("sign/<str:token>/code/", send_code, name="send_code"),
    path("sign/<str:token>/done/", signed, name="signed"),
    path("sign/<str:token>/<uuid:signature_id>.pdf", signed_copy, name="signed_copy"),
    path("views/save/", save_view, name="save_view"),
    path("views/remove/", remove_view, name="remove_view"),
    path("hooks/collectors/<str:token>/", collector_hook, name="collector_hook"),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("organisations/switch/", switch_organisation, name="switch_organisation"),
    path("settings/", include("arrears.web.people.urls")),
    path("policies/", include("arrears.web.policies.urls")),
    path("desk/", include("arrears.web.desk.urls")),
    path("partner/", include("arrears.web.portal.urls")),
    path("cases/", cases, name="cases"),
    path("cases/export/", cases_export, name="cases_export"),
    path("cases/<str:reference>/", case, name="case"),
    path("cases/<str:reference>/documents/<uuid:document_id>/", case_document, name="case_document"),
    path("cases/<str:reference>/<slug:name>/", case_act, name="case_act"),
    path("cases/<str:reference>/<slug:name>/<str:target>/", case_act, name="case_act_on"),
]
