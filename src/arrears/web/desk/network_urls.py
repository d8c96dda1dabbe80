"""The addresses of the operator's pages on partners, coverage, prices, contracts, payments and settings."""

from __future__ import annotations

from django.urls import path

from arrears.web.desk import (
    contracts,
    coverage,
    grids,
    partner,
    partners,
    payment_statement,
    payments,
    settings,
)

_ONE = "partners/<uuid:partner_id>/"

urlpatterns = [
    path("partners/", partners.partners_page, name="desk_partners"),
    path("partners/new/", partners.partner_new, name="desk_partner_new"),
    path("partners/import/", partners.partner_import, name="desk_partner_import"),
    path("partners.csv", partners.partner_export, {"form": "csv"}, name="desk_partner_csv"),
    path("partners.yaml", partners.partner_export, {"form": "yaml"}, name="desk_partner_yaml"),
    path(_ONE, partner.partner_page, name="desk_partner"),
    path(f"{_ONE}profile/", partner.partner_save, name="desk_partner_save"),
    path(f"{_ONE}rules/", partner.partner_rules, name="desk_partner_rules"),
    path(f"{_ONE}vetting/<slug:item>/", partner.partner_vet, name="desk_partner_vet"),
    path(f"{_ONE}suspend/", partner.partner_suspend, name="desk_partner_suspend"),
    path(f"{_ONE}activate/", partner.partner_activate, name="desk_partner_activate"),
    path(f"{_ONE}access/", partner.partner_access, name="desk_partner_access"),
    path(f"{_ONE}choices/", partner.partner_override, name="desk_partner_override"),
    path("coverage/", coverage.coverage_page, name="desk_coverage"),
    path("coverage/what-if/", coverage.coverage_what_if, name="desk_coverage_what_if"),
    path("prices/", grids.grids, name="desk_grids"),
    path("prices.csv", grids.grid_export, name="desk_grid_csv"),
    path("prices/new/", grids.grid_new, name="desk_grid_new"),
    path("prices/import/", grids.grid_import, name="desk_grid_import"),
    path("prices/<int:grid>/remove/", grids.grid_remove, name="desk_grid_remove"),
    path("contracts/", contracts.contracts, name="desk_contracts"),
    path("contracts/publish/", contracts.contract_publish, name="desk_contract_publish"),
    path("contracts/texts/<int:version_id>/", contracts.contract_text, name="desk_contract_text"),
    path("contracts/signatures/", contracts.contract_signatures, name="desk_contract_signatures"),
    path("contracts/signatures/<uuid:signature_id>.pdf", contracts.contract_copy, name="desk_contract_copy"),
    path(
        "contracts/signatures/<uuid:signature_id>/void/", contracts.contract_void, name="desk_contract_void"
    ),
    path("payments/", payments.payments_page, name="desk_payments"),
    path("payments/statement/", payment_statement.payment_statement, name="desk_payment_statement"),
    path("payments/<uuid:payment_id>/settle/", payments.payment_settle, name="desk_payment_settle"),
    path("payments/<uuid:payment_id>/reverse/", payments.payment_reverse, name="desk_payment_reverse"),
    path("settings/", settings.settings, name="desk_settings"),
    path("settings/keys/", settings.setting_keys, name="desk_setting_keys"),
    path("settings/keys/<int:key_id>/revoke/", settings.setting_key_revoke, name="desk_setting_key_revoke"),
    path("settings/people/", settings.setting_people, name="desk_setting_people"),
]
