"""The addresses of the settings."""

from __future__ import annotations

from django.urls import path

from arrears.web.people.audit import audit, audit_export
from arrears.web.people.invitations import invitation_resend, invitation_revoke, invitations
from arrears.web.people.keys import key_revoke, keys
from arrears.web.people.members import member_remove, member_role, members
from arrears.web.people.notices import notices
from arrears.web.people.organisations import new_organisation
from arrears.web.people.settings import approval_limit, details, settings_page

urlpatterns = [
    path("", settings_page, name="settings"),
    path("organisation/", details, name="setting_details"),
    path("approval/", approval_limit, name="setting_limit"),
    path("new-organisation/", new_organisation, name="setting_new_organisation"),
    path("members/", members, name="setting_members"),
    path("members/<int:membership_id>/role/", member_role, name="setting_member_role"),
    path("members/<int:membership_id>/remove/", member_remove, name="setting_member_remove"),
    path("invitations/", invitations, name="setting_invitations"),
    path("invitations/<int:invitation_id>/resend/", invitation_resend, name="setting_invitation_resend"),
    path("invitations/<int:invitation_id>/revoke/", invitation_revoke, name="setting_invitation_revoke"),
    path("keys/", keys, name="setting_keys"),
    path("keys/<int:key_id>/revoke/", key_revoke, name="setting_key_revoke"),
    path("audit/", audit, name="setting_audit"),
    path("audit/export/<slug:form>/", audit_export, name="setting_audit_export"),
    path("notices/", notices, name="setting_notices"),
]
