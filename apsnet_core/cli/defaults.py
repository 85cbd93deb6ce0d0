"""User defaults for any option, from the environment or else from the config file.

The option ``--voxel-size`` of ``apsnet sample`` is ``APSNET_SAMPLE_VOXEL_SIZE`` in the environment, and
``voxel-size`` under ``[sample]`` in the file; for ``apsnet weights import`` they are
``APSNET_WEIGHTS_IMPORT_...`` and ``[weights.import]``. The command line takes precedence over the
environment, and the environment over the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apsnet_core.batch.errors import SettingsError
from apsnet_core.types import Foreign

FILE = "APSNET_CONFIG"
"""The variable that names the config file; by default it is config.toml in the user's config folder."""

_FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_NEVER = ("help", "json", "install_completion", "show_completion")


@dataclass(frozen=True)
class OwnDefault:
    """A default ``value`` of an ``option`` of ``command``; ``origin`` is the place that sets it."""

    command: str
    option: str
    value: Any
    origin: str

    def __str__(self) -> str:
        return f"{self.option} is from {self.origin}"


in_force: list[OwnDefault] = []
"""The user defaults that apply in this process."""
trouble: str | None = None
"""The error in the user defaults that `use` found, if any."""


def config_file() -> Path:
    """The path of the config file, which need not exist."""
    if named := os.environ.get(FILE):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("apsnet-studio", appauthor=False) / "config.toml"


def use(command: Foreign) -> None:
    """Apply the user defaults to the options of ``command`` and of its subcommands.

    Raises `SettingsError` for a value that its option cannot take, and for a name that is not an option.
    """
    global trouble
    in_force.clear()
    trouble = None
    try:
        leaves = dict(_leaves(command, ()))
        tables = _tables(config_file())
        for words, leaf in leaves.items():
            in_force.extend(_used(leaf, words, _table(tables, words)))
        _check_tables(tables, (), set(leaves))
    except SettingsError as error:
        trouble = str(error)
        raise


def origins(line: Sequence[str], sentence: str, option: str | None) -> str:
    """The origin of the wrong value in a ``sentence``, to append to it; empty if the ``line`` sets it."""
    command = " ".join(word for word in line[:2])
    told = [
        str(default)
        for default in in_force
        if f"{command} ".startswith(f"{default.command} ")
        and not any(word.partition("=")[0] == default.option for word in line)
        and (default.option == option or str(default.value) in sentence)
    ]
    return f" ({', '.join(told)})" if told else ""


def _leaves(command: Foreign, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Foreign]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
    for name, each in (inner or {}).items():
        yield from _leaves(each, (*words, name))


def _used(leaf: Foreign, words: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[OwnDefault]:
    prefix = "_".join(["APSNET", *words, ""]).upper().replace("-", "_")
    options = {
        max(parameter.opts, key=len).removeprefix("--"): parameter
        for parameter in leaf.params
        if parameter.opts[0].startswith("-") and parameter.name not in _NEVER
    }
    spelled = {name.replace("-", "_"): name for name in options}
    given = {key: (value, f"{config_file()}, [{'.'.join(words)}]") for key, value in table.items()}
    given |= {
        name.removeprefix(prefix).lower(): (text, name)
        for name, text in os.environ.items()
        if name.startswith(prefix) and name != FILE
    }
    for key, (value, origin) in given.items():
        name = spelled.get(key.replace("-", "_"))
        if name is None:
            what = origin if origin.startswith(prefix) else f"{origin}: {key}"
            raise SettingsError(
                f"{what} names no option of apsnet {' '.join(words)}; the options are {', '.join(options)}"
            )
        parameter = options[name]
        parameter.default = value = _value(parameter, value, f"--{name} from {origin}")
        parameter.show_default = f"{value}, from {origin}"
        parameter.required = False
        yield OwnDefault(" ".join(words), f"--{name}", value, origin)


def _value(parameter: Foreign, value: Any, what: str) -> Any:
    """The value in the form that the command line would give."""
    if parameter.is_flag:
        flag = value if isinstance(value, bool) else _FLAGS.get(str(value).strip().lower())
        if flag is None:
            raise SettingsError(f"{what} must be true or false, not {value!r}")
        return flag
    if isinstance(value, bool | dict):
        raise SettingsError(f"{what} must be a number or a text, not {value!r}")
    if parameter.multiple:
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _tables(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if FILE in os.environ:
            raise SettingsError(f"{FILE} names {file}: there is no such file") from None
        return {}
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from None


def _table(tables: Mapping[str, Any], words: Sequence[str]) -> Mapping[str, Any]:
    """The table of a command; empty if there is none."""
    found: Any = tables
    for word in words:
        found = found.get(word, {})
        if not isinstance(found, Mapping):
            return {}
    return found if isinstance(found, Mapping) else {}


def _check_tables(tables: Mapping[str, Any], words: tuple[str, ...], known: set[tuple[str, ...]]) -> None:
    """Raise `SettingsError` for a table that names no command."""
    for name, inner in tables.items():
        place = (*words, name)
        if place in known:
            continue
        if not isinstance(inner, Mapping) or not any(each[: len(place)] == place for each in known):
            raise SettingsError(
                f"{config_file()}: [{'.'.join(place)}] names no command; the commands are "
                f"{', '.join('.'.join(each) for each in sorted(known))}"
            )
        _check_tables(inner, place, known)
