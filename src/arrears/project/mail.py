"""How e-mail leaves this installation: written to the console, into files, or through a mail server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from pydantic import SecretStr

_BACKENDS = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}

#: The port on which a mail server speaks TLS at once. On others TLS is asked for, save on this machine.
_TLS_PORT = 465
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Mail:
    """Django's e-mail settings."""

    backend: str
    folder: str
    host: str
    port: int
    user: str
    password: SecretStr
    sender: str
    starts_tls: bool
    is_tls: bool


def mail_settings(home: Path) -> Mail:
    """Read the environment. With files, their folder is made, open to this user alone.

    Raises ImproperlyConfigured with a sentence about what is wrong.
    """
    way = os.environ.get("ARREARS_EMAIL", "console").strip().lower()
    if way not in _BACKENDS:
        raise ImproperlyConfigured(f"ARREARS_EMAIL is “{way}”. Set it to console, file or smtp.")
    host = os.environ.get("ARREARS_SMTP_HOST", "localhost").strip()
    port = _port(os.environ.get("ARREARS_SMTP_PORT", "587"))
    sender = os.environ.get("ARREARS_SMTP_FROM", "Arrears <noreply@localhost>")
    folder = home / "mail"
    if way == "file":
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
    return Mail(
        backend=_BACKENDS[way],
        folder=str(folder),
        host=host,
        port=port,
        user=os.environ.get("ARREARS_SMTP_USER", ""),
        password=_password(os.environ.get("ARREARS_SMTP_PASSWORD_FILE", "")),
        sender=sender,
        starts_tls=port != _TLS_PORT and host not in _THIS_MACHINE,
        is_tls=port == _TLS_PORT,
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ImproperlyConfigured(f"ARREARS_SMTP_PORT is “{text}”. Set it to a port number such as 587.")
    return int(text)


def _password(file: str) -> SecretStr:
    """The first line of the named file, so that the password stands in no environment and no process list."""
    if not file:
        return SecretStr("")
    try:
        lines = Path(file).expanduser().read_text(encoding="utf-8").splitlines()
    except OSError as error:
        problem = f"The file named by ARREARS_SMTP_PASSWORD_FILE cannot be read: {error.strerror}."
        raise ImproperlyConfigured(problem) from None
    return SecretStr(lines[0].strip() if lines else "")
