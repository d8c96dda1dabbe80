"""Property tests try as many examples as find anything here, and are never judged by their speed."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("core", max_examples=25, deadline=None)
settings.load_profile("core")
