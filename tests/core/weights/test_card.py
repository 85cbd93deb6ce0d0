"""The card says what the metadata say."""

from __future__ import annotations

from apsnet_core.weights.card import model_card
from apsnet_core.weights.listing import catalogue


def test_a_card_of_every_shipped_network_names_its_data_its_sizes_and_its_scores() -> None:
    for entry in catalogue().entries:
        told, card = entry.metadata, model_card(entry.name, entry.metadata)
        assert card.startswith(f"# {entry.name}\n") and f"| task | {told.task} |" in card
        assert told.data in card and ", ".join(map(str, told.sizes)) in card
        for name, score in told.scores.items():
            if isinstance(score, float):
                assert f"| {name.replace('_', ' ')} | {score:.4g} |" in card
