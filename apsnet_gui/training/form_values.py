"""The input fields of a training's config and their values, without a layout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QComboBox

from apsnet_core.methods.method import Method
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.tasks.registry import tasks
from apsnet_core.training.config import TASK_NET, TrainConfig
from apsnet_gui.training.form_fields import Field, choice, fields_of, flat, nested
from apsnet_gui.training.form_recipes import model_names, named_data

if TYPE_CHECKING:
    from apsnet_core.weights.listing import Entry

SIZES = [8, 16, 32, 64]
LABELS = {
    "model": "Train", "task_weights": "Task net", "task_net": "Own network", "sizes": "Sample sizes",
    "points": "Points of a cloud", "split.seed": "Seed of the split", "loss.weight": "Sampling loss",
}  # fmt: skip


class ConfigFields:
    """The fields and labels of all values of the config, by dotted key.

    ``changed`` is called after each change, except inside `quietly`. ``nets`` are the task nets to offer.
    """

    def __init__(self, nets: Sequence[Entry], changed: Callable[[], None]) -> None:
        self._nets, self._changed = nets, changed
        self._quiet = True  # no calls of ``changed`` until all fields exist
        fields = {field.key: field for field in fields_of(TrainConfig, self._tell)}
        fields["model"] = choice("model", [(text, name) for name, text in model_names().items()], self._tell)
        fields["task"] = choice("task", [(row.label, row.name) for row in tasks()], self._tell)
        offered_data = [("Bundled furniture", "furniture"), *((name, name) for name in named_data())]
        fields["data"] = choice("data", offered_data, self._tell)
        fields["task_weights"] = choice("task_weights", [], self._tell)
        self.by_key: dict[str, Field] = fields
        self._defaults = {key: field.get() for key, field in fields.items()}
        self.labels = {key: LABELS.get(key, field.label) for key, field in fields.items()}
        for field in fields.values():
            field.widget.setAccessibleName(self.labels[field.key])
        self._quiet = False

    def _tell(self) -> None:
        if not self._quiet:
            self._changed()

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Suppress the calls of ``changed`` while several fields are filled in."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    @property
    def model(self) -> str:
        """The network to train: the name of a method, or `TASK_NET`."""
        return str(self.by_key["model"].get())

    @property
    def task(self) -> str:
        """The name of the task."""
        return str(self.by_key["task"].get())

    def values(self) -> dict[str, Any]:
        """The model, task, data and all values that differ from the defaults, as plain nested data."""
        kept = {
            key: field.get()
            for key, field in self.by_key.items()
            if key in ("model", "task", "data") or field.get() != self._defaults[key]
        }
        if kept["model"] == TASK_NET:
            kept.pop("sizes", None)
            kept.pop("task_weights", None)
            kept.pop("task_net", None)
        return nested(kept)

    def put(self, values: Mapping[str, Any]) -> None:
        """Show a config; settings that ``values`` does not name get their default."""
        given = flat(values)
        with self.quietly():
            self._put(given)

    def _put(self, given: dict[str, Any]) -> None:
        for key in ("model", "task"):
            self.by_key[key].put(given.pop(key, self.by_key[key].get()))
        self.by_key["task_net"].put(given.pop("task_net", None))
        self.offer_nets(given.pop("task_weights", None))
        for key, field in self.by_key.items():
            if key not in ("model", "task", "task_weights", "task_net"):
                field.put(given.get(key, self._defaults[key]))

    def fit_sizes(self, sampler: Method) -> None:
        """Propose sizes that the sampler can be trained for: several, or a single one."""
        sizes = self.by_key["sizes"].get()
        if not sizes:
            self.by_key["sizes"].put(SIZES if sampler.many_sizes else [32])
        elif not sampler.many_sizes and len(sizes) > 1:
            self.by_key["sizes"].put(sizes[-1:])

    def offer_nets(self, wanted: str | None) -> None:
        """Offer the task nets for the task, those trained on the data first.

        For the user's own network, offer only its own weights. ``wanted`` is selected if possible.
        """
        field, task, data = self.by_key["task_weights"], self.by_key["task"].get(), self.by_key["data"].get()
        nets = [net for net in self._nets if net.metadata.task == task]
        if data == "furniture" and task_named(task).knows_classes:  # nets of other data have other classes
            nets = [net for net in nets if net.metadata.data == data]
        nets.sort(key=lambda net: (net.metadata.data != data, net.origin != "shipped"))
        combo = cast(QComboBox, field.widget)
        combo.clear()
        if self.by_key["task_net"].get():
            combo.addItem("your own network, untrained", None)
            field.put(None if wanted in [net.name for net in self._nets] else wanted)
            return
        for net in nets:
            combo.addItem(f"{net.name} · {net.metadata.data}", net.name)
        if wanted not in (None, *(net.name for net in self._nets if net.metadata.task != task)):
            field.put(wanted)
