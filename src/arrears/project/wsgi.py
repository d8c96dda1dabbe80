"""The web application, for granian or any other WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from arrears.project import logs
from arrears.project.chunked import WithChunkedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arrears.project.settings")
logs.configure()
application = WithChunkedBodies(get_wsgi_application())
