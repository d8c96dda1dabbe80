"""Every command and option of `arrears` is explained in docs/cli.md.

People script the command line; what is not written down they have to guess. The commands are read from the
program itself, so the page cannot fall behind it. A command is explained under a heading that names it in
full, and each of its options is named in that section.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from tools.lint.source import PACKAGE, Finding

PAGE = Path("docs/cli.md")


def findings(root: Path) -> Iterator[Finding]:
    try:
        from arrears.cli import arrears  # here, so that the other rules also run when it cannot be imported

        yield from undocumented(arrears, (root / PAGE).read_text(encoding="utf-8"))
    except ImportError as error:
        yield Finding(PACKAGE / "cli", 1, f"the program cannot be imported: {error}")


def undocumented(program: click.Group, page: str) -> Iterator[Finding]:
    """What the page leaves out, for a program called `arrears`."""
    sections = _sections(page)
    for name, command in _commands("arrears", program):
        if name not in sections:
            yield Finding(PAGE, 1, f"`{name}` has no section; add a heading that names it")
            continue
        line, text = sections[name]
        for option in _options(command):
            if not re.search(rf"{re.escape(option)}(?![\w-])", text):
                yield Finding(PAGE, line, f"`{name}` takes {option}, which its section does not name")


def _sections(page: str) -> dict[str, tuple[int, str]]:
    """Command → line of its heading and the section's text. A heading looks like ## `arrears import`."""
    found: dict[str, tuple[int, str]] = {}
    headings = list(re.finditer(r"^#+ `(arrears[a-z -]*)`.*$", page, re.MULTILINE))
    starts = [heading.start() for heading in headings]
    for heading, end in zip(headings, [*starts[1:], len(page)], strict=False):
        line = page.count("\n", 0, heading.start()) + 1
        found[heading[1].strip()] = (line, page[heading.start() : end])
    return found


def _commands(name: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)  # a group may load its commands only when it is asked for them
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        if command is None or command.hidden:
            continue
        if isinstance(command, click.Group) and command.invoke_without_command:
            yield f"{name} {word}", command
        if isinstance(command, click.Group):
            yield from _commands(f"{name} {word}", command)
        else:
            yield f"{name} {word}", command


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield max(parameter.opts, key=len)
