"""The metadata of a weights file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from apsnet_core.networks.own import is_own
from apsnet_core.networks.registry import sampler_network
from apsnet_core.ops.normalise import Normalisation as Normalisation
from apsnet_core.ops.orientation import Up
from apsnet_core.tasks.registry import task
from apsnet_core.validation import why

TaskName = Annotated[str, AfterValidator(lambda name: task(name).name)]
CHECKPOINTS = (".pth", ".pt", ".ckpt", ".bin")
Size = Annotated[int, Field(ge=1, le=1 << 16)]


class WeightsError(ValueError):
    """Weights that cannot be used. ``path`` is the file or the name asked for, ``why`` the reason."""

    def __init__(self, path: str | Path, why: str) -> None:
        super().__init__(f"{path} {why}")
        self.path = Path(path)
        self.why = why


def checkpoint_error(path: Path, spec: str | None = None, task: str | None = None) -> WeightsError:
    """The error for a checkpoint given instead of weights, with the command that imports it.

    ``spec`` is the user's own network to which it belongs, and ``task`` the task of that network.
    """
    command = f"apsnet weights import {path} -o {path.with_suffix('.safetensors')}"
    if spec is not None:
        command += f" --net {spec} --task {task}"
    return WeightsError(path, f"is a PyTorch checkpoint, which may hold code; import it first: {command}")


class Metadata(BaseModel):
    """The metadata of a weights file. ``method`` is a sampler's name, None for a task net.

    ``sizes`` are the sample sizes of the training, and ``points`` is the number of a cloud's points that the
    network sees. Clouds must have the given ``up`` axis and ``normalisation``: the mean at the origin and the
    farthest point at 1 (``unit_sphere``) or 0.5 (``half_sphere``), or the largest extent 1 (``unit_cube``). A
    sampler has the ``task_weights`` with which it was trained, and the ``task_net`` if that is the user's
    own.
    """

    model_config = ConfigDict(extra="forbid")

    architecture: str
    method: str | None = None
    task: TaskName
    sizes: list[Size] = []
    classes: list[str] = []
    neighbours: Size | None = None
    points: Size
    normalisation: Normalisation
    up: Up
    data: str
    licence: str = ""
    task_weights: str | None = None
    task_net: str | None = None
    training: dict[str, str | int | float | bool | list[int] | None] = {}
    scores: dict[str, float] = {}
    note: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        network, row = sampler_network(self.architecture), task(self.task)
        if network is None and self.architecture != row.architecture and not is_own(self.architecture):
            raise ValueError(f"there is no network {self.architecture!r}: its plug-in is not installed")
        if network is not None and not network.many_sizes and len(self.sizes) != 1:
            raise ValueError(f"{self.architecture} has one sample size, not {len(self.sizes)}")
        if network is None and row.knows_classes and not self.classes:
            raise ValueError(f"{self.architecture} needs the names of its classes")
        if (self.method is None) != (network is None):
            raise ValueError(f"{self.architecture} cannot have the method {self.method}")
        return self

    def beyond(self, m: int) -> str:
        """A warning, to follow a name, if ``m`` exceeds the sizes of the training; otherwise empty."""
        most = max(self.sizes, default=m)
        close = f"many of {m} generated points lie close together"
        return f"was trained for up to {most} points: {close}" if m > most else ""


def load_metadata(path: Path) -> Metadata:
    """Read only the metadata of a weights file. Raises `WeightsError`."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise WeightsError(path, "does not exist")
    try:
        with safe_open(path, framework="np") as file:
            text = (file.metadata() or {}).get("apsnet")
    except (SafetensorError, OSError) as error:
        raise WeightsError(path, f"is not a readable safetensors file ({error})") from error
    if text is None:
        raise WeightsError(
            path, "holds tensors but no APSNet metadata; import it with `apsnet weights import`"
        )
    try:
        return Metadata.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WeightsError(
            path, f"has metadata that does not fit this version: {where} {why(first)}"
        ) from error
