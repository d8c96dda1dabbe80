"""Posting the forms of the operator's pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.test import Client

from arrears.desk.models import Case


def done(client: Client, path: str, form: Mapping[str, object]) -> str:
    """Post a form that is taken; what the next page says."""
    answer = client.post(path, form, follow=True)
    assert answer.redirect_chain, answer.content.decode().split('role="alert"')[1][:600]
    assert answer.status_code == 200
    return answer.content.decode()


def refused(client: Client, path: str, form: Mapping[str, object]) -> str:
    """Post a form that is not taken; the page that says so."""
    answer = client.post(path, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    return page


def of(case: Case, action: str) -> str:
    return f"/desk/cases/{case.reference}/{action}/"


def now_of(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)
