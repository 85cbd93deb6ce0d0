"""Model cards agree with the metadata of their weights."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from apsnet_core.assets import asset
from apsnet_core.training.recipes import configured
from apsnet_core.weights.card import model_card
from apsnet_core.weights.listing import Entry, catalogue
from tests.scores.commands import commands


def test_a_card_of_every_shipped_network_names_its_data_its_sizes_and_its_scores() -> None:
    for entry in catalogue().entries:
        told, card = entry.metadata, model_card(entry.name, entry.metadata)
        assert card.startswith(f"# {entry.name}\n") and f"| task | {told.task} |" in card
        assert told.data in card and ", ".join(map(str, told.sizes)) in card
        assert ", ".join(told.classes) in card, "names of classes must not be changed"
        for name, score in told.scores.items():
            if isinstance(score, float):
                assert f"| {name.replace('_', ' ')} | {score:.4g} |" in card


@pytest.mark.parametrize(
    "entry", [each for each in catalogue().entries if each.origin == "shipped"], ids=lambda each: each.name
)
def test_a_card_has_the_commands_that_train_its_weights_again(entry: Entry) -> None:
    """Each command is valid and needs only weights made before; the last one has the settings of the card."""
    page = asset("weights", "MODEL_CARDS.md").read_text(encoding="utf-8")
    card = page[page.index(f"## {entry.name}\n") :]
    card = card[: card.find("\n## ", 3)]
    told = entry.metadata.training
    made = {each.name for each in catalogue().entries}
    trained = []
    for line in commands(entry.name, entry.metadata):
        assert f"`{line}`" in card
        _, _, recipe, *rest = shlex.split(line)
        folder = Path(rest[rest.index("-o") + 1])
        config = configured(recipe, [value for key, value in pairwise(rest) if key == "--set"], folder)
        assert config.initial_weights is None or config.initial_weights in made
        made.add(folder.name)
        assert (config.task, config.sampler and config.model) == (entry.metadata.task, entry.metadata.method)
        trained.append(config)
    assert folder.name == entry.name
    how = trained[-2 if "average" in told else -1]
    assert how.sizes == entry.metadata.sizes and how.seed == told["seed"]
    assert how.points == told.get("points", entry.metadata.points)
    schedule = how.optimisation
    assert [schedule.epochs, schedule.batch_size, schedule.learning_rate] == [
        told[key] for key in ("epochs", "batch_size", "learning_rate")
    ]
    if how.sampler is not None:
        assert (how.loss.weight, how.loss.delta) == (told["lambda"], told["delta"])
