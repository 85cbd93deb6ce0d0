"""A folder of one's own shapes, a class a folder, as a dataset on which methods are evaluated."""

import sys
from pathlib import Path

import numpy as np

import apsnet_core as apsnet
from apsnet_core.assets import asset
from apsnet_core.library import cloud_of

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "own-dataset")
for name, shapes in {"chair": ["chair", "armchair", "swivel_chair"], "table": ["table", "desk"]}.items():
    (folder / name).mkdir(parents=True, exist_ok=True)
    for shape in shapes:
        np.save(folder / name / f"{shape}.npy", np.asarray(cloud_of(asset("shapes", f"{shape}.obj"))))
table = apsnet.evaluate(folder, "farthest_point,apsnet", [16, 32], split="all")
print(table)
for row in table.rows:
    print(f"{row.label:<16} {row.m:>3} points: {row.value:.0%} right, 95 %: {row.low:.0%} to {row.high:.0%}")
