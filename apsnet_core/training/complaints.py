"""Error texts for the values of a config: sentences with the value given and the values accepted."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from apsnet_core.validation import why

_LONGEST = 40


class Complaint(NamedTuple):
    """An error: ``key`` is the value's dotted name, or empty if values conflict; ``why`` is a sentence."""

    key: str
    why: str


def complaints(model: type[BaseModel], error: ValidationError) -> list[Complaint]:
    """A sentence for each error in the values given for ``model``."""
    return [_complaint(model, item) for item in error.errors()]


def _complaint(model: type[BaseModel], error: ErrorDetails) -> Complaint:
    names = [part for part in error["loc"] if isinstance(part, str)]
    key = ".".join(names)
    if error["type"] == "extra_forbidden":
        return Complaint("", f"there is no setting {key}")
    if error["type"] == "value_error":
        return Complaint(key, why(error))
    annotation, limits = _described(model, names)
    if get_origin(annotation) is list and len(error["loc"]) > len(names):  # an element is wrong
        [annotation] = get_args(annotation)
    accepted = _accepted(annotation, limits)
    given = error["input"]
    if given in ("", None, []) or (error["type"] == "missing" and isinstance(given, dict)):
        return Complaint(key, f"nothing is given; it takes {accepted}")
    return Complaint(key, f"{_shown(given, annotation)} is not accepted; it takes {accepted}")


def _described(model: type[BaseModel], names: Sequence[str]) -> tuple[Any, Sequence[Any]]:
    """The type annotation of a value in ``model``, and its limits."""
    field = model.model_fields[names[0]]
    inner = field.annotation
    if len(names) > 1 and get_origin(inner) is list:
        [inner] = get_args(inner)
    if len(names) > 1 and isinstance(inner, type) and issubclass(inner, BaseModel):
        return _described(inner, names[1:])
    return inner, field.metadata


def _accepted(annotation: Any, limits: Sequence[Any] = ()) -> str:
    """The accepted values of this type, in words."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _accepted(inside[0], inside[1:])
    if origin in (Union, UnionType):
        return " or ".join(_accepted(part, limits) for part in inside if part is not type(None))
    if origin is Literal:
        return " or ".join(map(str, inside))
    if origin is tuple:
        return f"{len(inside)} values, each {_accepted(inside[0])}"
    if origin is list:
        return f"a list, each in it {_accepted(inside[0])}"
    kinds: dict[Any, str] = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return " ".join([kinds.get(annotation, "a table of settings"), *_range(limits)])


def _range(limits: Sequence[Any]) -> list[str]:
    """The range of the ``limits`` in words; empty if there are none."""
    words = []
    flat = [part for one in limits for part in (one.metadata if isinstance(one, FieldInfo) else [one])]
    for limit in flat:
        match limit:
            case Ge(ge=least):
                words.append(f"of at least {least}")
            case Gt(gt=below):
                words.append(f"above {below}")
            case Le(le=most):
                words.append(f"up to {most}")
            case Lt(lt=above):
                words.append(f"below {above}")
    return [" and ".join(words)] if words else []


def _shown(given: Any, annotation: Any) -> str:
    if isinstance(given, list | tuple) and get_origin(annotation) in (list, tuple):  # typed without brackets
        return ", ".join(map(str, given)) or "nothing"
    text = repr(given)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
