"""Layouts of datasets that occur in practice: folders of parts, official lists, arrays, flat folders."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core.datasets import DatasetError, open_dataset
from apsnet_core.datasets.layouts import layout_of, places_in
from apsnet_core.datasets.survey import survey
from apsnet_core.training.config import ConfigError, make_config
from tests.core.datasets.conftest import ellipsoid
from tests.narrow import present


def _save(path: Path, seed: int, points: int = 2048) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, ellipsoid(seed, points))


def _names(folder: Path) -> dict[str, list[str]]:
    data = open_dataset(folder)
    return {part: sorted(getattr(data, part).names) for part in ("train", "validation", "test")}


@pytest.mark.parametrize("pattern", ["{part}/{label}/{name}.npy", "{label}/{part}/{name}.npy"])
@pytest.mark.parametrize("validation", ["val", None])
def test_folders_named_as_parts_give_the_split(tmp_path: Path, pattern: str, validation: str | None) -> None:
    seed = 0
    for part in filter(None, ("train", validation, "test")):
        for label in ("cup", "bowl"):
            for k in range(3):
                seed += 1
                _save(tmp_path / pattern.format(part=part, label=label, name=f"{part}{label}{k}"), seed)
    assert open_dataset(tmp_path).classes == ("bowl", "cup")
    found = _names(tmp_path)
    assert found["test"] == sorted(f"test{label}{k}" for label in ("cup", "bowl") for k in range(3))
    if validation:
        assert {name.rstrip("012") for name in found["validation"]} == {"valcup", "valbowl"}
        assert len(found["train"]) == 6


def test_the_official_lists_of_modelnet_give_the_split(tmp_path: Path) -> None:
    for k in range(10):
        _save(tmp_path / "chair" / f"chair_{k:04}.npy", k)
    (tmp_path / "modelnet40_train.txt").write_text("".join(f"chair_{k:04}\n" for k in range(8)))
    (tmp_path / "modelnet40_test.txt").write_text("chair_0008\n")
    assert _names(tmp_path)["test"] == ["chair_0008"]
    assert survey(tmp_path).notes == ("1 shape in no official part: trained on",)


@pytest.mark.parametrize("suffix", ["ply", "npy"])
def test_the_official_lists_of_shapenet_give_the_split(tmp_path: Path, suffix: str) -> None:
    from apsnet_core import files
    from apsnet_core.cloud import PointCloud

    folder = tmp_path / "03001627"
    folder.mkdir()
    for k in range(9):
        files.write(PointCloud(0.5 * ellipsoid(k)), folder / f"id{k}.{suffix}")
    lists = tmp_path / "train_test_split"
    lists.mkdir()
    for part, numbers in {"train": range(5), "val": [5, 6], "test": [7, 8]}.items():
        entries = [f"shape_data/03001627/id{k}" for k in numbers]
        (lists / f"shuffled_{part}_file_list.json").write_text(json.dumps(entries))
    assert open_dataset(tmp_path).classes == ("chair",)
    found = _names(tmp_path)
    assert (found["validation"], found["test"]) == (["id5", "id6"], ["id7", "id8"])


def test_files_of_scanobjectnn_are_read(tmp_path: Path) -> None:
    for name, start in (("training_objectdataset.h5", 0), ("test_objectdataset.h5", 50)):
        with h5py.File(tmp_path / name, "w") as file:
            file["data"] = np.stack([ellipsoid(start + k, 128) for k in range(20)])
            file["label"] = np.arange(20, dtype=np.int32) % 2
            file["mask"] = np.zeros((20, 128), np.int32)
    data = open_dataset(tmp_path)
    assert len(data.test) == 20 and data.train.points.shape[1:] == (128, 3)
    assert data.classes == ("0", "1") and data.test.labels.tolist() == [0, 1] * 10
    assert data.test.rows is not None
    place = places_in(tmp_path)[int(data.test.rows[3])]
    assert place.path.name == "test_objectdataset.h5" and place.row == 3


@pytest.mark.parametrize("suffix", [".npz", ".npy", ".NPY", ".NPZ"])
@pytest.mark.parametrize("turned", [False, True])
def test_one_array_without_labels_is_a_dataset_of_one_class(
    tmp_path: Path, suffix: str, turned: bool
) -> None:
    clouds = np.stack([ellipsoid(k, 100) for k in range(30)])
    stored = clouds.swapaxes(1, 2) if turned else clouds
    with (tmp_path / f"all{suffix}").open("wb") as file:
        if suffix.lower() == ".npy":
            np.save(file, stored)
        else:
            np.savez(file, points=stored, other=np.ones(3))
    data = open_dataset(tmp_path)
    assert len(data.classes) == 1
    assert len(data.train) + len(data.validation) + len(data.test) == 30
    assert data.train.rows is not None
    assert np.array_equal(data.train.points[0], clouds[data.train.rows[0]])


def test_an_array_in_a_group_has_the_labels_of_its_group(tmp_path: Path) -> None:
    clouds = np.stack([ellipsoid(k, 100) for k in range(30)])
    with h5py.File(tmp_path / "all.h5", "w") as file:
        file["train/data"], file["train/label"] = clouds, np.arange(30) % 3
        file["label"] = np.zeros(5)
    data = open_dataset(tmp_path)
    rows = present(data.train.rows)
    assert len(data.classes) == 3
    assert np.array_equal(data.train.points, clouds[rows]) and np.array_equal(data.train.labels, rows % 3)


def test_a_flat_folder_of_shapes_is_a_dataset_of_one_class(tmp_path: Path) -> None:
    for k in range(12):
        _save(tmp_path / "set" / f"{k}.npy", k)
    (tmp_path / "set" / "readme.txt").write_text("no shape")
    assert layout_of(tmp_path / "set").flat and open_dataset(tmp_path / "set").classes == ("set",)


def test_other_numbers_of_points_and_a_broken_file_are_noted(tmp_path: Path) -> None:
    for k in range(9):
        _save(tmp_path / "egg" / f"{k}.npy", k, points=(3000, 100, 2048)[k % 3])
    (tmp_path / "egg" / "2broken.xyz").write_text("one two three\n")
    found = survey(tmp_path)
    assert [Path(path).name for path, _ in found.broken] == ["2broken.xyz"] and found.shapes == 9
    assert found.notes == (
        "3 shapes of fewer than 2048 points: some of theirs are repeated",
        "3 shapes of more than 2048 points: some of theirs are drawn at random",
    )
    data = open_dataset(tmp_path)
    assert data.notes[0].startswith("left out: ") and data.notes[1:] == found.notes
    assert open_dataset(tmp_path).notes == data.notes  # this time they are read from the cache
    places = places_in(tmp_path)
    assert data.train.rows is not None
    for name, row in zip(data.train.names, data.train.rows, strict=True):
        assert places[row].path.stem == name


def test_empty_class_folders_are_named_in_a_note(tmp_path: Path) -> None:
    for k in range(4):
        _save(tmp_path / "egg" / f"{k}.npy", k)
    (tmp_path / "blok").mkdir()
    (tmp_path / "cup").mkdir()
    (tmp_path / "cup" / "readme.md").write_text("no shape")
    (tmp_path / ".git").mkdir()
    assert survey(tmp_path).notes == ("2 folders without a shape, no class: blok, cup",)
    _save(tmp_path / "blok" / "4.npy", 4)
    assert survey(tmp_path).notes == ("1 folder without a shape, no class: cup",)


def test_few_shapes_are_split_by_given_shares(tmp_path: Path) -> None:
    for k in range(17):
        _save(tmp_path / "abc"[k % 3] / f"{k}.npy", k)
    assert not open_dataset(tmp_path).validation.names  # the default share of so few shapes rounds to 0
    data = open_dataset(tmp_path, validation=0.1, test=0.2)
    assert len(data.validation) == 2 and len(data.test) == 3 and len(data.train) == 12
    assert open_dataset(tmp_path, validation=0.1, test=0.2, seed=1).test.names != data.test.names
    everything = data.judged_on("all")
    assert len(everything.test) == 17 and not len(everything.train)
    assert data.judged_on("validation").test.names == data.validation.names


def test_the_shares_of_a_split_are_set_in_a_recipe() -> None:
    recipe = {"model": "task", "task": "classification"}
    split = make_config({**recipe, "split": {"validation": 0.1, "test": 0.2, "seed": 4}}).split
    assert (split.validation, split.test, split.seed) == (0.1, 0.2, 4)
    with pytest.raises(ConfigError, match="nothing to train on"):
        make_config({**recipe, "split": {"validation": 0.5, "test": 0.5}})


def test_labels_that_are_not_one_for_each_shape_are_refused(tmp_path: Path) -> None:
    clouds = np.stack([ellipsoid(k, 100) for k in range(6)])
    np.savez(tmp_path / "train.npz", points=clouds, label=np.arange(4))
    with pytest.raises(DatasetError, match="has 4 labels for 6 shapes: one for each is accepted"):
        open_dataset(tmp_path)
    np.savez(tmp_path / "train.npz", points=clouds, label=np.arange(6))
    np.savez(tmp_path / "test.npz", points=clouds)
    with pytest.raises(DatasetError, match="has no labels, and other arrays beside it have"):
        open_dataset(tmp_path)
    np.savez(tmp_path / "test.npz", points=clouds, label=np.arange(6))
    assert len(open_dataset(tmp_path).classes) == 6
