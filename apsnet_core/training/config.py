"""The model of all settings of a training, from which TOML, command line and form are derived."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticKnownError

from apsnet_core.datasets.split import Fold
from apsnet_core.methods.method import Method
from apsnet_core.methods.registry import learned, method
from apsnet_core.names import trouble_with
from apsnet_core.networks.own import is_spec
from apsnet_core.tasks.registry import task
from apsnet_core.training.complaints import complaints
from apsnet_core.types import Values
from apsnet_core.weights.metadata import CHECKPOINTS, Normalisation, Size, TaskName, checkpoint_error

TASK_NET = "task"
_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
ABOUT_RECIPES = ("title", "minutes")
"""Keys of a recipe that describe it to users who choose a recipe, and are not settings of the training."""
Positive = Annotated[float, Field(gt=0)]


def _no_truth(value: object) -> object:
    """Reject ``true`` and ``false``, which Python would accept as the numbers 1 and 0."""
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


Whole = Annotated[int, BeforeValidator(_no_truth)]
Natural = Annotated[Whole, Field(ge=1)]
Count = Annotated[Size, BeforeValidator(_no_truth)]  # also in the weights' metadata
Seed = Annotated[Whole, Field(ge=0, lt=2**63)]
Share = Annotated[float, Field(ge=0, le=1)]


def models() -> list[str]:
    """The models that can be trained: the task net, and every learned method."""
    return [TASK_NET, *(row.name for row in learned())]


def _known(model: str) -> str:
    if model not in models():
        raise ValueError(f"there is no model {model!r}; possible are {', '.join(models())}")
    return model


def _names_a_folder(name: str) -> str:
    if trouble := trouble_with(name):
        raise ValueError(trouble)
    return name


Model = Annotated[str, AfterValidator(_known)]
RunName = Annotated[str, AfterValidator(_names_a_folder)]


class ConfigError(Exception):
    """A training that cannot be started with its settings. The message names the value and the reason."""


class Optimisation(BaseModel):
    """Adam and its learning rate. ``step`` multiplies the rate by ``decay`` every ``decay_every`` epochs (as
    in the paper); ``cosine`` lowers it to a hundredth after ``warmup`` epochs (the short recipes)."""

    model_config = _STRICT

    epochs: Natural = 60
    batch_size: Annotated[Whole, Field(ge=2)] = 32
    learning_rate: Positive = 1e-3
    weight_decay: Annotated[float, Field(ge=0)] = 1e-4
    schedule: Literal["step", "cosine"] = "cosine"
    decay: Share = 0.7
    decay_every: Natural = 20
    warmup: Annotated[float, Field(ge=0)] = 1.0
    clip_norm: Positive | None = None
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0


class SamplerLoss(BaseModel):
    """The weights of the loss terms in Eq. 7 and 8. ``projection`` is the weight for SampleNet."""

    model_config = _STRICT

    weight: Annotated[float, Field(ge=0)] = 5.0
    beta: Annotated[float, Field(ge=0)] = 1.0
    gamma: Annotated[float, Field(ge=0)] = 1.0
    delta: Annotated[float, Field(ge=0)] = 0.0
    projection: Annotated[float, Field(ge=0)] = 1.0
    neighbours: Count = 8


class Augmentation(BaseModel):
    """The augmentation of training clouds: dropping up to ``dropout`` of the points, scaling and shifting.

    ``per_axis`` scales each axis separately. ``redraw`` takes another random subset of the stored points
    every time, if more points are stored than a cloud has.
    """

    model_config = _STRICT

    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    scale: tuple[Positive, Positive] = (1.0, 1.0)
    per_axis: bool = False
    shift: Annotated[float, Field(ge=0)] = 0.0
    redraw: bool = False


class Shares(BaseModel):
    """The shares of each class that are held out. None is the source's own split, or the usual shares.

    ``fold``, such as "2/5", uses that part of a cross-validation for testing instead, like evaluate --fold.
    """

    model_config = _STRICT

    validation: Annotated[float, Field(gt=0, lt=1)] | None = None
    test: Annotated[float, Field(gt=0, lt=1)] | None = None
    seed: Seed = 0
    fold: str | None = None

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if (self.validation or 0) + (self.test or 0) >= 1:
            raise ValueError("validation and test together leave nothing to train on")
        if self.fold is not None:
            Fold.parse(self.fold)
            if self.test is not None:
                raise ValueError("`fold` already selects the test shapes: leave `test` out")
        return self


class TrainConfig(BaseModel):
    """The settings of a training. ``model`` is the task net or a sampler; a sampler needs ``task_weights``.

    ``data`` is a folder or a name in `apsnet data list`. ``task_weights`` and ``initial_weights`` are a name
    in `apsnet weights list`, a run's folder or a file. ``task_net`` is your own network, for which a sampler
    is trained: ``module:factory`` or ``file.py:factory``, with safetensors as ``task_weights``, or a program
    of torch.export, ``.pt2``. If ``classes`` are given, only these are used. Clouds get the
    ``normalisation``, by default the task net's, or in training a task net that of the stored data. ``keep``
    selects the weights of the best or of the last validation as the result. ``weights_average`` uses a moving
    average of the weights instead, with 0.999 over about a thousand steps; with 0 the weights are not
    averaged.
    """

    model_config = _STRICT

    name: RunName = ""
    model: Model
    task: TaskName
    data: Annotated[str, Field(min_length=1)] = "furniture"
    classes: list[str] = []
    points: Count = 1024
    sizes: list[Count] = []
    task_weights: str | None = None
    task_net: str | None = None
    initial_weights: str | None = None
    normalisation: Normalisation | None = None
    seed: Seed = 0
    split: Shares = Shares()
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    score_scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    keep: Literal["best", "last"] = "best"
    weights_average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    validate_every: Natural = 1
    checkpoint_seconds: Annotated[float, Field(ge=0)] = 60.0
    snapshots: Annotated[Whole, Field(ge=0)] = 4
    pairs: Literal["exact", "resampled"] = "exact"
    pairs_per_shape: Natural = 25
    tensorboard: bool = False
    optimisation: Optimisation = Optimisation()
    loss: SamplerLoss = SamplerLoss()
    augmentation: Augmentation = Augmentation()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.sampler is None:
            if self.sizes:
                raise ValueError("a task net has no sample sizes: leave `sizes` empty")
            if self.task_net is not None:
                raise ValueError("`task_net` is only for training a sampler: leave it empty")
            return self
        self._check_own_net()
        if not self.sizes:
            raise ValueError(f"`sizes` is empty: name the sample sizes {self.model} is trained for")
        if not self.sampler.many_sizes and len(self.sizes) != 1:
            raise ValueError(f"{self.model} is trained for one sample size, not {len(self.sizes)}")
        if twice := [size for place, size in enumerate(self.sizes) if size in self.sizes[:place]]:
            raise ValueError(f"`sizes` names {twice[0]} twice")
        if max(self.sizes) > self.points:
            raise ValueError(f"cannot sample {max(self.sizes)} of {self.points} points")
        if not self.task_weights and self.task_net is None:
            raise ValueError("`task_weights` is empty: a sampler needs the task net it is trained for")
        return self

    def _check_own_net(self) -> None:
        if self.task_net is None or is_spec(self.task_net):
            return
        if Path(self.task_net).suffix in CHECKPOINTS:
            raise ValueError(
                f"`task_net`: {checkpoint_error(Path(self.task_net), 'MODULE:FACTORY', self.task)}"
            )
        raise ValueError(
            f"`task_net` is module:factory, file.py:factory or program.pt2, not {self.task_net!r}"
        )

    @property
    def sampler(self) -> Method | None:
        """The method that is trained, or None for the task net."""
        return None if self.model == TASK_NET else method(self.model)

    @property
    def lower_is_better(self) -> bool:
        """Whether a lower score is better."""
        return not task(self.task).metric.higher


def load_config(path: Path, overrides: Sequence[str] = ()) -> TrainConfig:
    """Read a TOML recipe. ``overrides`` are ``key=value``, see `override`. Raises `ConfigError`."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: is not TOML ({error})") from error
    for key in ABOUT_RECIPES:
        values.pop(key, None)
    return make_config(override(values, overrides), path.name)


def override(values: Mapping[str, Any], changes: Sequence[str]) -> Values:
    """Return ``values`` with ``changes`` like ``sizes=[8, 16]`` or ``optimisation.epochs=5``: TOML, or text.

    >>> override({"sizes": [8]}, ["sizes=[8, 16]", "optimisation.epochs=5"])
    {'sizes': [8, 16], 'optimisation': {'epochs': 5}}
    """
    changed = dict(values)
    for change in changes:
        key, equals, text = change.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"{change!r} sets nothing: write key=value, for example optimisation.epochs=5")
        *parents, last = key.strip().split(".")
        table = changed
        for parent in parents:
            inner = table.get(parent, {})
            if not isinstance(inner, Mapping):
                raise ConfigError(f"{change!r}: {parent} is a single value and has no {last}")
            table[parent] = dict(inner)
            table = table[parent]
        table[last] = _value(text.strip())
    return changed


def make_config(values: Mapping[str, Any], source: str = "config") -> TrainConfig:
    """Validate plain values. Raises `ConfigError` with all errors."""
    try:
        return TrainConfig.model_validate(values)
    except ValidationError as error:
        found = complaints(TrainConfig, error)
        said = [f"{each.key}: {each.why}" if each.key else each.why for each in found]
        raise ConfigError(f"{source}: " + "; ".join(said)) from error


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
