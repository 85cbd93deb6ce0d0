"""The session without any widget: changes, undo, and the visibility of shapes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.state.document import Choice, Document
from apsnet_gui.state.open_shape import Loaded, OpenShape, new_entry
from apsnet_gui.state.samples_key import key_of
from apsnet_gui.state.session import Session
from tests.gui.methods import specs


def entry(name: str = "a") -> OpenShape:
    return new_entry(Loaded.measured(PointCloud(np.eye(3, dtype=np.float32))), f"/{name}.ply")


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("choose"), st.sampled_from(["m", "seed"]), st.integers(1, 9)),
        st.tuples(st.just("look"), st.sampled_from(["point_size", "sphere"]), st.integers(1, 9)),
        st.tuples(st.just("add"), st.just("a"), st.just(0)),
        st.tuples(st.just("remove"), st.just(""), st.integers(0, 3)),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(CHANGES)
def test_undoing_everything_and_redoing_it_comes_back_to_the_same_document(
    changes: list[tuple[str, str, int]],
) -> None:
    session = Session()
    for kind, name, value in changes:
        if kind == "add":
            session.add([entry(name)])
        elif kind == "remove":
            entries = session.document.entries
            if entries:
                session.remove(entries[value % len(entries)].id)
        else:
            getattr(session, kind)(**{name: value})
    end = session.document
    steps = 0
    while session.undo_text is not None:
        session.undo()
        steps += 1
    assert session.document == Document()
    for _ in range(steps):
        session.redo()
    assert session.document == end
    assert session.redo_text is None


def test_a_drag_of_a_slider_is_one_undo_step_but_two_settings_are_two() -> None:
    session = Session()
    for m in (33, 34, 35):
        session.choose(m=m)
    session.choose(seed=4)
    session.undo()
    assert (session.document.choice.m, session.document.choice.seed) == (35, 0)
    session.undo()
    assert session.document.choice.m == 32
    assert session.undo_text is None


@pytest.mark.parametrize(("label", "known"), [("chair", "chair"), (14, None), (None, None)])
def test_a_shape_just_read_keeps_the_class_that_its_file_knows(
    label: str | int | None, known: str | None
) -> None:
    cloud = PointCloud(np.eye(3, dtype=np.float32), label=label)
    assert new_entry(Loaded.measured(cloud), "/a.h5", "data", 0).label == known


def test_the_samples_key_depends_on_everything_that_changes_the_samples() -> None:
    shape = entry()
    choice = Choice(spec=MethodSpec.parse("apsnet"))
    changed = [
        (shape, choice),
        (entry(), choice),
        (replace(shape, up="z" if shape.up == "y" else "y"), choice),
        (shape, replace(choice, spec=MethodSpec.parse("apsnet:m"))),
        (shape, replace(choice, task="reconstruction")),
        (shape, replace(choice, m=7)),
        (shape, replace(choice, seed=3)),
        (shape, replace(choice, working=512)),
    ]
    keys = [key_of(shape, choice, Perturbation()) for shape, choice in changed]
    keys.append(key_of(shape, choice, Perturbation(noise=1.0)))
    assert len({*keys}) == len(keys)


def test_the_selection_of_a_comparison_stays_among_its_methods_and_sizes() -> None:
    """Also after the methods and sizes become fewer."""
    several = Document().with_lineup(
        methods=specs("random", "voxel", "farthest_point"), sizes=(8, 16, 32), selected=2, row=2, shown=True
    )
    assert several.choice.method == "farthest_point" and several.choice.m == 32
    fewer = several.with_lineup(methods=specs("random", "voxel"), sizes=(8, 16))
    assert (fewer.lineup.selected, fewer.lineup.row) == (1, 1)
    assert fewer.choice.method == "voxel" and fewer.choice.m == 16
    none_before = fewer.with_lineup(selected=-1, row=-1)
    assert (none_before.lineup.selected, none_before.lineup.row) == (0, 0)


def test_a_new_change_clears_the_redo_steps() -> None:
    session = Session()
    session.choose(m=8)
    session.undo()
    session.choose(seed=1)
    assert session.redo_text is None


def test_only_a_newly_opened_shape_is_visible_and_selecting_another_hides_none() -> None:
    session = Session()
    a, b = entry("a"), entry("b")
    session.add([a])
    session.add([b])

    def visible() -> list[str]:
        return [e.id for e in session.document.entries if e.visible]

    assert visible() == [b.id]
    session.select(a.id)
    assert visible() == [a.id, b.id]
    session.show_only([b.id])
    assert visible() == [b.id] and session.document.current == b.id
    session.remove(b.id)
    assert visible() == [a.id] and session.document.current == a.id
    session.undo()
    assert visible() == [b.id] and session.document.current == b.id


def test_an_unchanged_document_is_neither_a_step_nor_modified() -> None:
    session = Session()
    session.choose(m=session.document.choice.m)
    assert session.undo_text is None
    assert not session.modified


def test_the_session_needs_no_widget_and_no_torch() -> None:
    code = (
        "import sys, apsnet_gui.state.session;"
        "bad = {'PySide6.QtWidgets', 'PySide6.QtGui', 'torch', 'open3d'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
