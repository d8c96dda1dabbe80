"""The addresses of the pages."""

from __future__ import annotations

from django.urls import include, path

from arrears.web.agreements import agreement_copy, agreements, sign_now
from arrears.web.case import case
from arrears.web.case_actions import case_act, case_document
from arrears.web.cases import cases
from arrears.web.confirm_import import confirm_import, open_cases
from arrears.web.connect_kashflow import connect_kashflow, edit_connection
from arrears.web.disconnect import disconnect_page
from arrears.web.home import home
from arrears.web.import_preview import import_preview, import_rows
from arrears.web.integrations import integrations, try_again_now
from arrears.web.run import cancel_run, retry_run, run, run_progress, settle_row
from arrears.web.runs import runs
from arrears.web.signing import send_code, sign, signed, signed_copy

urlpatterns = [
    path("", home, name="home"),
    path("integrations/", integrations, name="integrations"),
    path("integrations/kashflow/", connect_kashflow, name="connect_kashflow"),
    path("integrations/<int:connection_id>/", edit_connection, name="edit_connection"),
    path("integrations/<int:connection_id>/try-again/", try_again_now, name="try_again"),
    path("integrations/<int:connection_id>/disconnect/", disconnect_page, name="disconnect"),
    path("import/", import_preview, name="import_preview"),
    path("import/<int:connection_id>/rows/", import_rows, name="import_rows"),
    path("import/<int:connection_id>/confirm/", confirm_import, name="confirm_import"),
    path("import/<int:connection_id>/open/", open_cases, name="open_cases"),
    path("runs/", runs, name="runs"),
    path("runs/<int:run_id>/", run, name="run"),
    path("runs/<int:run_id>/progress/", run_progress, name="run_progress"),
    path("runs/<int:run_id>/cancel/", cancel_run, name="cancel_run"),
    path("runs/<int:run_id>/retry/", retry_run, name="retry_run"),
    path("runs/<int:run_id>/rows/<int:row_id>/settle/", settle_row, name="settle_row"),
    path("agreements/", agreements, name="agreements"),
    path("agreements/sign/", sign_now, name="sign_now"),
    path("agreements/<uuid:signature_id>.pdf", agreement_copy, name="agreement_copy"),
    path("sign/<str:token>/", sign, name="sign"),
    path("sign/<str:token>/code/", send_code, name="send_code"),
    path("sign/<str:token>/done/", signed, name="signed"),
    path("sign/<str:token>/<uuid:signature_id>.pdf", signed_copy, name="signed_copy"),
    path("desk/", include("arrears.web.desk.urls")),
    path("partner/", include("arrears.web.portal.urls")),
    path("cases/", cases, name="cases"),
    path("cases/<str:reference>/", case, name="case"),
    path("cases/<str:reference>/documents/<uuid:document_id>/", case_document, name="case_document"),
    path("cases/<str:reference>/<slug:name>/", case_act, name="case_act"),
    path("cases/<str:reference>/<slug:name>/<str:target>/", case_act, name="case_act_on"),
]
