"""The user's own task nets, made by a factory function in a module and written ``module:factory``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

EXPORTED = "exported program"
"""The name of a ``.pt2`` network in the metadata of a weights file, which contains the whole program."""


def is_own(architecture: str) -> bool:
    """Whether ``architecture`` names a network from the user's own code or exported program."""
    return architecture == EXPORTED or ":" in architecture


def is_spec(text: str) -> bool:
    """Whether ``text`` has the form ``module:factory``, ``file.py:factory`` or ``program.pt2``."""
    module, _, factory = text.rpartition(":")
    return text.endswith(".pt2") or (bool(module) and factory.isidentifier())


def full_name(text: str) -> str:
    """Return ``text`` with an absolute path, if it names a file or a module in the current folder."""
    module, _, factory = text.rpartition(":")
    if not module:
        return str(Path(text).expanduser().resolve()) if text.endswith(".pt2") else text
    path = Path(module).expanduser()
    path = path if path.suffix == ".py" else path.with_name(f"{path.name}.py")
    return f"{path.resolve()}:{factory}" if path.is_file() else text


def make_net(text: str) -> nn.Module:
    """Call the factory ``module:factory`` or ``file.py:factory`` and return its network.

    Raises ValueError if the module cannot be imported or the factory does not make a network.
    """
    from torch import nn

    module, _, name = text.rpartition(":")
    if not is_spec(text):
        raise ValueError(f"{text!r} names no network: write module:factory, file.py:factory or program.pt2")
    if module.partition(".")[0] in sys.stdlib_module_names:
        raise ValueError(f"{module} is part of Python and contains no networks: name a module of your own")
    try:
        factory = getattr(_module(module), name, None)
    except Exception as why:
        raise ValueError(f"{module} cannot be imported ({type(why).__name__}: {_line(why)})") from why
    if not callable(factory):
        raise ValueError(f"{module} has no factory {name!r}")
    try:
        made = factory()
    except Exception as why:
        raise ValueError(f"{text} failed to make a network ({type(why).__name__}: {_line(why)})") from why
    if not isinstance(made, nn.Module):
        raise ValueError(f"{text} makes a {type(made).__name__}, not a torch.nn.Module")
    return made


def _module(text: str) -> ModuleType:
    path = Path(text).expanduser()
    if path.suffix != ".py":
        with _current_folder():
            return import_module(text)
    name = f"apsnet_own_{path.stem}_{sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError("there is no such file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def _current_folder() -> Iterator[None]:
    """Inside the block, also import modules from the current folder, after all other places."""
    here = str(Path.cwd())
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)


def _line(why: Exception) -> str:
    return " ".join(str(why).split())
