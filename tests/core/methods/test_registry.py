"""How the text of a method is parsed and written, and the errors for texts that name no method."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from apsnet_core.datasets import registry as datasets
from apsnet_core.files import formats
from apsnet_core.methods import registry
from apsnet_core.methods.registry import methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks import registry as tasks


@pytest.mark.parametrize(
    ("text", "spec", "short"),
    [
        ("random", MethodSpec("random"), "random"),
        (" voxel ", MethodSpec("voxel"), "voxel"),
        ("apsnet", MethodSpec("apsnet", "g"), "apsnet"),
        ("apsnet:g", MethodSpec("apsnet", "g"), "apsnet"),
        ("apsnet:m", MethodSpec("apsnet", "m"), "apsnet:m"),
        ("apsnet_kd", MethodSpec("apsnet_kd", "g"), "apsnet_kd"),
        ("APSNet+", MethodSpec("apsnet_plus", "g"), "apsnet_plus"),
        ("samplenet", MethodSpec("samplenet", "m"), "samplenet"),
        ("samplenet:g", MethodSpec("samplenet", "g"), "samplenet:g"),
        ("snet", MethodSpec("snet", "m"), "snet"),
        ("apsnet@runs/a:b@c.safetensors", MethodSpec("apsnet", "g", "runs/a:b@c.safetensors"), None),
        ("apsnet:m@mine", MethodSpec("apsnet", "m", "mine"), "apsnet:m@mine"),
        ("random#3", MethodSpec("random", seed=3), "random#3"),
        ("apsnet:g@a#b#12", MethodSpec("apsnet", "g", "a#b", 12), "apsnet@a#b#12"),
        ("apsnet@no#number", MethodSpec("apsnet", "g", "no#number"), "apsnet@no#number"),
    ],
)
def test_the_text_of_a_method_is_parsed_and_written(text: str, spec: MethodSpec, short: str | None) -> None:
    assert MethodSpec.parse(text) == spec
    assert str(spec) == (short or text)
    assert MethodSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the methods are random"),
        ("fsp", "did you mean farthest_point"),
        ("APSNetz", "did you mean apsnet"),
        ("apsnet:x", "apsnet:g .generated. or apsnet:m .matched."),
        ("apsnet:", "apsnet:g .generated. or apsnet:m .matched."),
        ("apsnet@", "no weights after"),
        ("random:g", "write 'random'"),
        ("voxel@mine", "write 'voxel'"),
    ],
)
def test_texts_that_name_no_method_are_refused_in_one_sentence(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        MethodSpec.parse(text)
    assert "\n" not in str(refusal.value)


def test_the_error_for_an_unknown_method_lists_all_methods() -> None:
    with pytest.raises(ValueError, match=", ".join(row.name for row in methods())):
        MethodSpec.parse("best")


def test_parsing_a_method_does_not_import_torch() -> None:
    code = "import sys, apsnet_core.methods.registry; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "weights", ["mine", "mine#3", "mine#", "mine##", "#3", "a@b", "a:m", "run 7#12", "mine#x"]
)
@pytest.mark.parametrize("seed", [None, 0, 12])
def test_a_written_method_parses_to_itself_whatever_the_name_of_its_weights(
    weights: str, seed: int | None
) -> None:
    spec = MethodSpec("apsnet", "m", weights, seed)
    assert MethodSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("unregister", "name", "why"),
    [
        (registry.unregister, "random", "the method 'random' is built in and stays"),
        (registry.unregister, "fps", "the method 'farthest_point' is built in and stays"),
        (registry.unregister, "nothing", "there is no method"),
        (tasks.unregister, "classification", "is built in and stays"),
        (formats.unregister, "ply", "is built in and stays"),
        (datasets.unregister, "nothing", "'nothing' is not registered"),
    ],
)
def test_only_registered_rows_can_be_unregistered(
    unregister: Callable[[str], None], name: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        unregister(name)
    assert registry.method("fps").name == "farthest_point"
