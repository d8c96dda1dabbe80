"""Figures for Prometheus: states of submissions, runs, connections and jobs, read when asked.

They come from the database, so every process gives the same answer and none has to remember anything.
Labels are states, never organisations or people.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from arrears.bridge.models import Connection, ImportRun, Submission
from arrears.clock import SystemClock
from arrears.core.submission import RESTING

#: What a proxy on this machine adds when it passes on the request of somebody elsewhere.
_PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP")


class _States(Collector):
    def collect(self) -> Iterable[Metric]:
        yield _counted("arrears_submissions", "Submissions by state.", Submission, "state")
        yield _counted("arrears_import_runs", "Import runs by stage.", ImportRun, "stage")
        yield _counted("arrears_connections", "Connections by state.", Connection, "state")
        yield _counted("arrears_jobs", "Jobs by status.", ProcrastinateJob, "status")
        oldest = Submission.objects.exclude(state__in=RESTING).aggregate(oldest=Min("due_at"))["oldest"]
        late = max(0.0, (SystemClock().now() - oldest).total_seconds()) if oldest else 0.0
        yield GaugeMetricFamily(
            "arrears_submission_overdue_seconds", "How long the oldest due submission has waited.", value=late
        )


def _counted(
    name: str, text: str, model: type[Submission | ImportRun | Connection | ProcrastinateJob], field: str
) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[field])
    for row in model.objects.order_by().values(field).annotate(number=Count("pk")):
        family.add_metric([str(row[field])], row["number"])
    return family


_registry = CollectorRegistry()
_registry.register(_States())


def page(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has ARREARS_METRICS_TOKEN, or for this machine alone when none is set."""
    if not _may_read(request):
        return HttpResponseNotFound()
    return HttpResponse(generate_latest(_registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = os.environ.get("ARREARS_METRICS_TOKEN", "")
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    forwarded = any(name in request.headers for name in _PROXY_HEADERS)
    return not forwarded and request.META.get("REMOTE_ADDR", "") in ("127.0.0.1", "::1", "")
