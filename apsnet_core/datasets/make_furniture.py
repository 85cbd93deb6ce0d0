"""Make the bundled furniture set: `python -m apsnet_core.datasets.make_furniture SOURCE.npz`.

SOURCE contains models of the free Sweet Home 3D libraries: `points` (S, 2048, 3), `names`, `category`,
`license`, `attribution`. A model gets the first class whose rule admits its name and category; other models
are left out. The rules were checked against the list of all names and pictures of all shapes.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apsnet_core.atomic import atomic_path, write_text
from apsnet_core.datasets.furniture import ATTRIBUTION, SHAPES
from apsnet_core.datasets.near_identical import twin_groups
from apsnet_core.datasets.split import hold_out

TEST_SHARE, SPLIT_SEED = 0.2, 0

LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-3.0": "https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-3.0-US": "https://creativecommons.org/licenses/by/3.0/us/",
}


@dataclass(frozen=True)
class Rule:
    """A rule for a class: a name must contain the pattern ``name`` as whole words, but not ``unless``."""

    label: str
    name: str
    unless: str = "$^"
    categories: tuple[str, ...] = ()

    def admits(self, name: str, category: str) -> bool:
        """Whether a model with this ``name`` and ``category`` belongs to the class of the rule."""
        words = r"\b(?:{})\b"
        return (
            (not self.categories or category in self.categories)
            and re.search(words.format(self.name), name, re.IGNORECASE) is not None
            and re.search(words.format(self.unless), name, re.IGNORECASE) is None
        )


RULES = (
    Rule("sofa", "sofas?|couch", unless="convertible"),
    Rule("chair", "chair|armchair", unless="baby high chair|beach chair|deck chair|relax chair|ottoman"),
    Rule(
        "table",
        "table|desk",
        unless="lamp|fan|tennis|football|pool|changing table|dressing table|bedside table",
    ),
    Rule(
        "cabinet",
        "cabinet|wardrobe|cupboard|bookcase|shelves|dresser",
        unless="sink cabinet",
    ),
    Rule("person", "boy|girl|male|female", unless="mannequin", categories=("Characters",)),
    Rule("door_or_window", "door|window", unless="cabinet|shutter", categories=("Doors and windows",)),
    Rule(
        "lamp",
        "lamp|lamppost|light|chandelier",
        unless="strip|track lights",
        categories=("Lights",),
    ),
    Rule(
        "plant",
        "plant|tree|bamboo|bonsai|cactus|ficus|flowers|orchids|spathiphyllum|tulips|lily|yucca|acacia|pine|beech"
        "|cypress|maple|blossom|poplar",
        unless="plant box",
        categories=("Living room", "Exterior"),
    ),
    Rule("vehicle", ".+", unless="fork lift|skateboard|stroller|tricycle", categories=("Vehicles",)),
)


def class_of(name: str, category: str) -> str | None:
    """The class of the first rule that admits a model, or None."""
    return next((rule.label for rule in RULES if rule.admits(name, category)), None)


def main(source: Path) -> None:
    """Write the shapes and their attribution to assets/furniture."""
    with np.load(source, allow_pickle=False) as models:
        given = [class_of(str(n), str(c)) for n, c in zip(models["names"], models["category"], strict=True)]
        kept = np.flatnonzero([label is not None for label in given])
        points, names = models["points"][kept], models["names"][kept]
        licences, credits = models["license"][kept], models["attribution"][kept]
    classes = sorted({label for label in given if label})
    labels = np.array([classes.index(given[i] or "") for i in kept], dtype=np.int64)
    groups = twin_groups(points.astype(np.float32), labels)
    test = hold_out(labels, groups, TEST_SHARE, SPLIT_SEED)

    with atomic_path(SHAPES) as beside:
        np.savez_compressed(
            beside,
            points=points,
            labels=labels.astype(np.uint8),
            names=names,
            classes=np.array(classes),
            test=test,
            groups=groups.astype(np.int16),
        )
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["row", "model", "class", "author", "licence", "licence text", "source"])
    for row, (name, label, licence, credit) in enumerate(zip(names, labels, licences, credits, strict=True)):
        author, _, origin = str(credit).partition(" | ")
        rows.writerow([row, name, classes[label], author, licence, LICENCES[str(licence)], origin])
    write_text(ATTRIBUTION, table.getvalue())
    for label, name in enumerate(classes):
        members = labels == label
        print(f"{name:<15} {members.sum():>3} shapes, {test[members].sum()} of them for the test")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
