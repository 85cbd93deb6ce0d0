"""Programs exported by torch.export; only tensors and torch's own operators are accepted in them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Self

import torch
from torch import Tensor, nn

from apsnet_core.types import Foreign

# Archives of version 2 store some payloads as pickles, which could run code. These files are not pickles.
_PLAIN = re.compile(
    r"(models/\w+\.json|data/(weights|constants)/(weight_\d+|tensor_\d+|\w+_config\.json)"
    r"|data/sample_inputs/\w+\.pt|archive_format|archive_version|byteorder|\.data/\w+|version)"
)
_OPERATORS = re.compile(r"torch\.ops\.(aten|prims|higher_order)\.|_operator\.|torch\.sym_|math\.")


class ExportedNet(nn.Module):
    """An exported program as a network. Its only state is ``program`` (k,) uint8, the bytes of the archive.

    Raises ValueError for an archive that is damaged or contains anything but tensors and torch's operators.
    """

    program: Tensor

    def __init__(self, program: Tensor) -> None:
        super().__init__()
        self.register_buffer("program", program)
        content = program.numpy().tobytes()
        _check(content)
        try:
            module = torch.export.load(io.BytesIO(content)).module()
        except Exception as why:
            raise ValueError(f"it cannot be loaded ({' '.join(str(why).split())[:200]})") from why
        # The tuple keeps torch from registering a submodule: train() and eval() fail on exported modules.
        self._inner = (module.requires_grad_(False),)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Load the network from the bytes of an archive."""
        return cls(torch.frombuffer(bytearray(content), dtype=torch.uint8))

    def forward(self, *points: Tensor) -> Foreign:
        """Run the exported program on one or several tensors of clouds (B, N, 3)."""
        return self._inner[0](*points)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        self._inner[0]._apply(fn)
        return self


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for path in archive.namelist():
                inside = path.partition("/")[2]
                if not _PLAIN.fullmatch(inside):
                    raise ValueError(
                        f"it holds {inside or path}, which may run code: export plain tensors only"
                    )
                if inside.startswith("models/"):
                    _check_operators(json.loads(archive.read(path)))
                elif inside.endswith("_config.json"):
                    _check_payloads(json.loads(archive.read(path)))
                elif inside.startswith("data/sample_inputs/"):
                    torch.load(io.BytesIO(archive.read(path)), weights_only=True)
    except ValueError:
        raise
    except Exception as why:
        raise ValueError("it is damaged, or not a program saved by torch.export.save") from why


def _check_operators(model: Foreign) -> None:
    for target in _values(model, "target"):
        if isinstance(target, str) and not _OPERATORS.match(target):
            raise ValueError(f"it calls {target}, which is not one of torch's operators")


def _check_payloads(config: Foreign) -> None:
    if any(_values(config, "use_pickle")):
        raise ValueError("it holds a pickle, which may run code")


def _values(tree: Foreign, key: str) -> Iterator[Foreign]:
    """Yield every value of ``key`` in nested dicts and lists."""
    if isinstance(tree, dict):
        if key in tree:
            yield tree[key]
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from _values(each, key)
