"""Sample an array of points in one call, and see what APSNet looked at."""

import numpy as np

import apsnet_core as apsnet
from apsnet_core.assets import asset
from apsnet_core.library import cloud_of

points = np.asarray(cloud_of(asset("shapes", "chair.obj")))  # (2048, 3) on the surface of a mesh that ships

sampling = apsnet.sample(points, 32, "apsnet:m")  # :m are points of the array, :g are generated near them
print(sampling)
print("rows of the array:", sampling.rows[:8], "...")
print("the first point was chosen for", sampling.attention()[0].argmax(), "most of all")

batch = apsnet.sample(np.stack([points, points * 2.0]), 32)  # (B, n, 3) gives a list
assert len(batch) == 2
assert np.array_equal(points[sampling.rows], sampling.points)
