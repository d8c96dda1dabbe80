"""Write the descriptions of the APIs under docs/api anew from the code: `python -m tools.openapi_files`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "docs" / "api"

NAMES = ("customer", "creditor", "partner")


def frozen(name: str) -> Path:
    """Where the description of an API is kept."""
    return _FOLDER / f"{name}-openapi.json"


def generated(name: str) -> str:
    """The description of an API, as text that changes only when the API does."""
    from arrears.desk.api.creditor import creditor_api
    from arrears.desk.api.customer import customer_api
    from arrears.desk.api.partner import partner_api

    api = {"customer": customer_api, "creditor": creditor_api, "partner": partner_api}[name]
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arrears.project.settings")
    import django

    django.setup()
    for name in NAMES:
        frozen(name).write_text(generated(name), encoding="utf-8")
        print(f"Written: {frozen(name).name}")


if __name__ == "__main__":
    main()
