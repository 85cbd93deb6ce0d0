"""The options that every command accepts anywhere on its line, before and after its name."""

from __future__ import annotations

from dataclasses import dataclass, field

EPILOG = (
    "Every command also accepts --plugin FILE.py, which adds the methods, tasks and formats of a file"
    " and can be repeated; -v for more messages on standard error, -q for errors only; and --version."
)
_WORDS = {"--verbose": "-v", "--quiet": "-q"}


@dataclass
class Anywhere:
    """The common options of a line; ``rest`` is the line without them, with --json at its end if given."""

    rest: list[str] = field(default_factory=list)
    plugins: list[str] = field(default_factory=list)
    as_json: bool = False
    version: bool = False
    verbose: int = 0
    quiet: bool = False


def taken(arguments: list[str]) -> Anywhere:
    """Separate the common options from the other arguments; those after -- belong to the command."""
    found = Anywhere()
    rest = iter(arguments)
    after: list[str] = []
    for argument in rest:
        name, equals, value = argument.partition("=")
        name = _WORDS.get(name, name)
        if argument == "--":
            after = [argument, *rest]
        elif name == "--plugin" and (value := value if equals else next(rest, "")):
            found.plugins.append(value)
        elif argument == "--json":
            found.as_json = True
        elif argument == "--version":
            found.version = True
        elif name in ("-v", "-vv") and not equals:
            found.verbose += len(name) - 1
        elif name == "-q" and not equals:
            found.quiet = True
        else:
            found.rest.append(argument)
    named = any(not argument.startswith("-") for argument in found.rest)
    found.rest += [*["--json"] * (found.as_json and named), *after]
    return found
