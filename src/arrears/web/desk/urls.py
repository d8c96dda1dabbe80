"""The addresses of the operator's pages."""

from __future__ import annotations

from arrears.web.desk import case_urls, network_urls

urlpatterns = [*case_urls.urlpatterns, *network_urls.urlpatterns]
