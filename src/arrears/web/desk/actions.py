"""What an operator can do, as forms: one class an action, with its words, fields and the verb it calls."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms

from arrears.desk.actors import Actor, Refused
from arrears.ports import Clock
from arrears.web.desk.asking import told


class Action(forms.Form):
    """One thing that can be done to `subject`.

    `key` names it in addresses. `title` is what it is called, `consequence` what will follow from it,
    `button` what is pressed, and `done` what is said afterwards. `danger` marks what is hard to undo.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    consequence: ClassVar[str]
    button: ClassVar[str]
    done: ClassVar[str]
    danger: ClassVar[bool] = False

    def __init__(self, subject: Any, data: Any = None, files: Any = None, *, today: date) -> None:
        super().__init__(data, files, auto_id=f"{self.key}_%s")
        self.subject = subject
        self.today = today
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the subject: choices, currencies, today's date."""

    def act(self, actor: Actor, clock: Clock) -> None:
        """Call the verb with what was typed. Raises NotThere and Refused."""
        raise NotImplementedError

    def perform(self, actor: Actor, clock: Clock) -> bool:
        """Do it if the form is filled in and the desk agrees; else the form says what is in the way."""
        if not self.is_valid():
            return False
        try:
            self.act(actor, clock)
        except Refused as reason:
            self.add_error(None, told(reason))
            return False
        return True
