"""Figures rendered by other programs show the numbers at their places, in the colours of their methods."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from matplotlib.text import Text

from apsnet_core.evaluation.figures.bars import BarChart, Bars
from apsnet_core.evaluation.figures.chart import KINDS, ChartFigure, Kind, render, rendered
from apsnet_core.evaluation.figures.confusion import ConfusionChart
from apsnet_core.evaluation.figures.distribution import DistributionChart, Spread
from apsnet_core.evaluation.figures.lines import LineChart
from apsnet_core.evaluation.figures.look import Look, drawing
from apsnet_core.evaluation.figures.paired import PairedChart, PairedDifference
from apsnet_core.evaluation.figures.pareto import ParetoChart, front_of
from apsnet_core.evaluation.figures.series import Reading, Series
from apsnet_core.methods.registry import method_colour, methods
from apsnet_core.methods.styles import method_styles
from tests.core.evaluation.drawn import is_there, outside, pixels, placing

NAMES = ("random", "farthest_point", "samplenet", "samplenet", "apsnet", "apsnet")
LABELS = ("Random", "Farthest point", "SampleNet-G", "SampleNet-M", "APSNet-G", "APSNet-M")
SIZES = (8, 16, 32, 64)
CLASSES = ("bathtub", "bed", "chair", "night_stand")
RNG = np.random.default_rng(0)
SERIES = tuple(
    Series(
        label,
        name,
        tuple(
            Reading(m, base + 2, base, base + 5, 1e-4 * 4**place * m)
            for m in SIZES
            for base in [15.0 * place + m / 8]
        ),
    )
    for place, (label, name) in enumerate(zip(LABELS, NAMES, strict=True))
)  # fmt: skip
COUNTS = np.array([[9, 0, 1, 0], [2, 5, 3, 0], [0, 0, 8, 2], [1, 1, 1, 7]])
CURVES = ChartFigure("curves", "Curves", (LineChart(SERIES, "Accuracy, %", limits=(0, 100)),))
PARETO = ChartFigure("pareto", "Pareto", (ParetoChart(SERIES, "Accuracy, %", higher=True, limits=(0, 100)),))
BARS = ChartFigure(
    "bars",
    "Bars",
    (
        BarChart(
            CLASSES,
            tuple(
                Bars(label, name, tuple(RNG.uniform(30, 100, 4)))
                for label, name in zip(LABELS, NAMES, strict=True)
            ),
            "Accuracy, %",
            100,
        ),
    ),
)
CONFUSION = ChartFigure(
    "confusion", "Confusion", (ConfusionChart(COUNTS, CLASSES, CLASSES, "apsnet", "APSNet-G, 8 points"),)
)
SPREADS = ChartFigure(
    "spread",
    "Spread",
    (
        DistributionChart(
            tuple(
                Spread(label, name, RNG.lognormal(size=101))
                for label, name in zip(LABELS, NAMES, strict=True)
            ),
            "Normalised reconstruction error",
        ),
    ),
)
PAIRED = ChartFigure(
    "paired",
    "Paired",
    (
        PairedChart(
            (
                PairedDifference("APSNet-G", "Farthest point", 4.0, 2.0, 6.0, "apsnet"),
                PairedDifference("APSNet-G", "SampleNet-M", -1.0, -3.0, 1.0, None),
            ),
            "% points",
        ),
    ),
)
ALL = (CURVES, PARETO, BARS, CONFUSION, SPREADS, PAIRED)


@pytest.mark.parametrize("kind", KINDS)
def test_every_reading_of_a_curve_is_at_its_place(kind: Kind) -> None:
    look = Look(width=3.3)
    image = pixels(render(CURVES, look, kind), kind, look)
    places = placing(CURVES, look)
    for place, each in enumerate(SERIES):
        aside, colour = 2.0 ** (0.028 * (place - 2.5)), method_colour(each.method)
        at = places(np.array([[aside * r.m, r.value] for r in each.readings]))
        assert all(is_there(image, one, colour) for one in at)
        ends = places(np.array([[aside * r.m, r.high - 0.3] for r in each.readings if r.high]))
        assert kind == "png" or all(is_there(image, one, colour) for one in ends), "the interval is missing"


def test_numbers_against_time_are_at_their_places() -> None:
    look = Look(width=6.9, theme="dark")
    image = pixels(render(PARETO, look, "svg"), "svg", look)
    places = placing(PARETO, look)
    for each in SERIES:
        points = np.array([[1000 * (r.seconds or 0), r.value] for r in each.readings])
        assert all(is_there(image, one, method_colour(each.method)) for one in places(points))


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_bars_boxes_cells_and_differences_are_at_their_places(kind: Kind) -> None:
    look = Look(width=6.9, theme="print")

    figures = (BARS, CONFUSION, SPREADS, PAIRED)
    images = {figure.name: pixels(render(figure, look, kind), kind, look) for figure in figures}
    places = {figure.name: placing(figure, look) for figure in figures}

    def found(figure: ChartFigure, points: list[list[float]], colour: str) -> bool:
        return all(
            is_there(images[figure.name], one, colour) for one in places[figure.name](np.array(points))
        )

    first = BARS.charts[0]
    assert isinstance(first, BarChart)
    thick = 0.84 / len(NAMES)
    ends = [[value - 0.7, row - 2.5 * thick] for row, value in enumerate(first.bars[0].values)]
    assert found(BARS, ends, method_colour("random"))
    beyond = [[value + 0.7, row - 2.5 * thick] for row, value in enumerate(first.bars[0].values)]
    assert found(BARS, [point for point in beyond if point[0] < 99], "#ffffff")
    boxes = SPREADS.charts[0]
    assert isinstance(boxes, DistributionChart)
    quartiles = np.sort(boxes.spreads[4].values)[[25, 75]]  # exact for 101 values
    inside = [[quartiles[0] + 0.01, 4 - 0.2], [quartiles[1] - 0.01, 4 - 0.2]]
    assert found(SPREADS, inside, method_colour("apsnet"))
    assert found(SPREADS, [[quartiles[0] - 0.02, 4 - 0.2], [quartiles[1] + 0.02, 4 - 0.2]], "#ffffff")
    shade = 1 - 0.9 * (1 - np.array([213, 94, 0]) / 255)  # nine of ten bathtubs are classified correctly
    assert found(CONFUSION, [[0.15, 0.15]], "#" + "".join(f"{round(255 * part):02x}" for part in shade))
    assert found(PAIRED, [[2.1, 0], [4.0, 0], [5.9, 0]], method_colour("apsnet"))
    assert found(PAIRED, [[-2.9, 1], [0.9, 1]], "#000000")


@pytest.mark.parametrize("figure", ALL, ids=lambda figure: figure.name)
@pytest.mark.parametrize(
    "look", [Look(3.3, "dark"), Look(6.9, "print", "STIXGeneral")], ids=["column", "text"]
)
def test_figures_are_not_cut_and_texts_do_not_overlap(figure: ChartFigure, look: Look) -> None:
    image = pixels(render(figure, look, "pdf"), "pdf", look)
    assert image.shape[1] == pytest.approx(200 * look.width, abs=1)
    assert outside(image, look.palette.paper) == 0
    with drawing(look):
        drawn = figure.draw(look)
        drawn.canvas.draw()
        words = [text for text in drawn.findobj(Text) if text.get_visible() and str(text.get_text()).strip()]
        boxes = [text.get_window_extent().shrunk(0.98, 0.9) for text in words if isinstance(text, Text)]
    for place, box in enumerate(boxes):
        assert not [words[place].get_text() for other in boxes[:place] if box.overlaps(other)]


def test_the_text_of_a_pdf_is_searchable_and_its_fonts_are_embedded() -> None:
    file = render(CURVES, Look(), "pdf")
    [page] = pypdfium2.PdfDocument(file)
    text = page.get_textpage().get_text_range()
    assert "Accuracy, %" in text and "number of points m" in text and "SampleNet-M" in text
    assert b"/FontFile2" in file
    drawn = render(CURVES, Look(), "svg").decode()
    assert "<text" not in drawn, "letters must be outlines, since a viewer may lack the fonts"
    files = rendered([CURVES], Look(), ["svg", "png", "pdf"])
    assert files["curves.pdf"] == file, "the same numbers must give the same file"
    assert files["curves.svg"].decode() == drawn, "several formats at once must give the same files"


def test_figures_neither_use_nor_change_the_users_matplotlib_settings() -> None:
    import matplotlib

    plain = render(CURVES, Look(), "png")
    with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 30, "text.usetex": True}):
        assert render(CURVES, Look(), "png") == plain
        assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (("wide", "light", "sans"), "a width is column, text, slide, or 2 to 40 inches, not 'wide'"),
        (("1", "light", "sans"), "not '1'"),
        (("text", "page", "sans"), "a theme is light, dark, print, not 'page'"),
        (("text", "light", "No Such Font"), "there is no font 'No Such Font' here"),
    ],
)
def test_invalid_looks_are_refused_with_the_accepted_values(choice: tuple[str, str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("(", r"\(")):
        Look.of(*choice)
    assert Look.of("5.5", "print", "serif") == Look(5.5, "print", "STIXGeneral")


def test_the_pareto_front_has_the_readings_that_no_other_beats() -> None:
    given = [(5.0, 1.0), (4.0, 2.0), (9.0, 3.0), (8.0, 1.0), (9.0, 4.0)]
    beaten = [a for a in given for b in given if a != b and b[0] >= a[0] and b[1] <= a[1]]
    front = front_of([Reading(8, value, seconds=seconds) for value, seconds in given], higher=True)
    assert {(r.value, r.seconds) for r in front} == set(given) - set(beaten)


def test_all_series_look_different_and_every_colour_is_visible(tmp_path: Path) -> None:
    names = [row.name for row in methods() for _ in range(2)]
    styles = method_styles(names)
    assert len({(style.colour, style.marker, style.dash) for style in styles}) == len(names)
    assert [style.colour for style in styles] == [method_colour(name) for name in names]
    assert Look(theme="dark").visible("#101010") == Look(theme="dark").palette.ink
