"""Input fields for all values of the core's training config, made from its pydantic model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from apsnet_gui.widgets.fields import ComboBox

WORDS: dict[Any, str] = {
    None: "as the data is",
    "auto": "automatic",
    "cpu": "CPU",
    "cuda": "GPU (CUDA)",
    "32-true": "32 bits",
    "bf16-mixed": "16 bits mixed",
}


@dataclass(frozen=True)
class Field:
    """An input for the value with the dotted ``key``; ``get`` returns it as plain, unchecked data."""

    key: str
    widget: QWidget
    get: Callable[[], Any]
    put: Callable[[Any], None]

    @property
    def label(self) -> str:
        """The last part of the key as a label: capitalised, with spaces for underscores."""
        text = self.key.rpartition(".")[2].replace("_", " ")
        return text[0].upper() + text[1:]

    def complain(self, why: str) -> None:
        """Mark the field as wrong and show ``why`` as its tooltip; an empty text removes the mark."""
        if bool(why) != bool(self.widget.property("wrong")):
            self.widget.setProperty("wrong", bool(why))
            self.widget.style().polish(self.widget)
        self.widget.setToolTip(why)


def fields_of(model: type[BaseModel], changed: Callable[[], None], parent: str = "") -> list[Field]:
    """Make a field for each value of ``model`` and of its nested models, set to the default."""
    made: list[Field] = []
    for name, info in model.model_fields.items():
        key = f"{parent}{name}"
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            made += fields_of(info.annotation, changed, f"{key}.")
        else:
            field = _field(key, info, changed)
            field.put(default(info))
            made.append(field)
    return made


def default(info: FieldInfo) -> Any:
    """The default of a value; None if the value is required."""
    return None if info.is_required() else info.get_default(call_default_factory=True)


def _field(key: str, info: FieldInfo, changed: Callable[[], None]) -> Field:
    literals = _literals(info.annotation)
    if literals:
        field = choice(key, [(WORDS.get(value, str(value)), value) for value in literals], changed)
    elif info.annotation is bool:
        box = QCheckBox()
        box.toggled.connect(changed)
        field = Field(key, box, box.isChecked, lambda value: box.setChecked(bool(value)))
    else:
        field = _line(key, info, changed)
    field.widget.setAccessibleName(field.label)
    return field


def _literals(annotation: Any) -> list[Any]:
    """The values of a Literal, with None first if it is optional; empty for other annotations."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if _is_optional(annotation):
        [inner] = [part for part in get_args(annotation) if part is not type(None)]
        return [None, *found] if (found := _literals(inner)) else []
    return []


def _is_optional(annotation: Any) -> bool:
    return get_origin(annotation) in (UnionType, Union) and type(None) in get_args(annotation)


def choice(key: str, choices: list[tuple[str, Any]], changed: Callable[[], None]) -> Field:
    """Make a combo box field for ``choices``, a list of (text, value)."""
    combo = ComboBox()
    combo.setMinimumContentsLength(8)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for text, value in choices:
        combo.addItem(text, value)
    combo.currentIndexChanged.connect(changed)

    def put(value: Any) -> None:
        at = combo.findData(value)
        if at < 0 and value is not None:
            combo.addItem(str(value), value)
            at = combo.count() - 1
        combo.setCurrentIndex(max(at, 0))

    return Field(key, combo, combo.currentData, put)


def _line(key: str, info: FieldInfo, changed: Callable[[], None]) -> Field:
    line = QLineEdit()
    line.textChanged.connect(changed)
    several = get_origin(info.annotation) in (list, tuple)
    optional = _is_optional(info.annotation)
    if optional:
        line.setPlaceholderText("none")

    def get() -> Any:
        text = line.text().strip()
        if several:
            return [part.strip() for part in text.split(",") if part.strip()]
        return None if optional and not text else text

    def put(value: Any) -> None:
        if isinstance(value, list | tuple):
            value = ", ".join(map(_plain, value))
        line.setText("" if value is None else _plain(value))
        line.setCursorPosition(0)

    return Field(key, line, get, put)


def _plain(value: Any) -> str:
    """The shortest text that keeps every digit.

    The values that a user does not edit must stay exact when a training is repeated with changes.
    """
    short = f"{value:g}" if isinstance(value, float) else str(value)
    return str(value) if isinstance(value, float) and float(short) != value else short


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert a mapping with dotted keys to nested dictionaries."""
    whole: dict[str, Any] = {}
    for key, value in values.items():
        *parents, last = key.split(".")
        table = whole
        for parent in parents:
            table = table.setdefault(parent, {})
        table[last] = value
    return whole


def flat(values: Mapping[str, Any], parent: str = "") -> dict[str, Any]:
    """Convert nested dictionaries to one dictionary with dotted keys."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{parent}{key}.")
        else:
            found[f"{parent}{key}"] = value
    return found


def to_toml(values: Mapping[str, Any]) -> str:
    """Format plain data with at most one level of tables as TOML; values that are None are left out."""
    plain = {key: value for key, value in values.items() if not isinstance(value, Mapping)}
    lines = [f"{key} = {_toml(value)}" for key, value in plain.items() if value is not None]
    for key, table in values.items():
        if isinstance(table, Mapping) and table:
            lines += ["", f"[{key}]"]
            lines += [f"{name} = {_toml(value)}" for name, value in table.items() if value is not None]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
