"""The timing of Table 4 covers all its rows."""

from __future__ import annotations

import pytest
import torch

from apsnet_core.evaluation import bench


def test_every_row_of_table_4_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "POINTS", 512)
    monkeypatch.setattr(bench, "BATCHES", (1, 2))
    monkeypatch.setattr(bench, "WARM_UP", 0)
    rows = list(bench.time_inference(torch.device("cpu"), rounds=1))
    assert {(row.method, row.m, row.batch) for row in rows} == {
        (f"{name}:{variant}", m, batch)
        for name in ("samplenet", "apsnet")
        for variant in "gm"
        for m in (32, 128, 256, 512)
        for batch in (1, 2)
    }
    assert all(row.seconds > 0 for row in rows)
    assert [row.published for row in rows if (row.method, row.m) == ("apsnet:m", 512)] == [0.52538, 0.52538]
