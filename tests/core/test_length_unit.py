"""The unit of coordinates, from coordinate systems as laspy gives them, and for files without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import apsnet_core
from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.colours.field_colours import colours_of
from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.texts import as_csv
from apsnet_core.evaluation.moved import moved
from apsnet_core.length_unit import unit_of_crs
from apsnet_core.methods.spec import MethodSpec

GEOGRAPHIC = (
    'GEOGCS["NAD83",DATUM["North_American_Datum_1983",SPHEROID["GRS 1980",6378137,298.257,'
    'AUTHORITY["EPSG","7019"]]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
)
OREGON = (
    f'PROJCS["Oregon",{GEOGRAPHIC},PROJECTION["Lambert"],PARAMETER["false_easting",400000],'
    'UNIT["foot",0.3048],AXIS["X",EAST]]'
)
UTM_2 = (
    'PROJCRS["UTM 32N",BASEGEOGCRS["WGS 84",DATUM["WGS",ELLIPSOID["WGS 84",6378137,298.25,'
    'LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174]]],CONVERSION["zone",'
    'PARAMETER["False easting",500000,LENGTHUNIT["kilometre",1000]]],CS[Cartesian,2],AXIS["(E)",east],'
    'LENGTHUNIT["metre",1]]'
)
US_FOOT = OREGON.replace("0.3048", "0.304800609601219")


def keys(**values: int) -> str:
    """GeoTIFF keys in the notation of the reader of LAS files."""
    flat = [1, 1, 0, len(values)]
    for name, value in values.items():
        flat += [int(name[1:]), 0, 1, value]
    return f'GeoTIFF user-defined {{"keys": {flat}}}'


@pytest.mark.parametrize(
    ("crs", "unit"),
    [
        (OREGON, "ft"),
        (US_FOOT, "ft"),
        (UTM_2, "m"),
        (f'COMPD_CS["both",{OREGON},VERT_CS["h",VERT_DATUM["d",2005],UNIT["foot",0.3048]]]', "ft"),
        (f'COMPD_CS["mixed",{OREGON},VERT_CS["h",VERT_DATUM["d",2005],UNIT["metre",1]]]', ""),
        (GEOGRAPHIC, ""),
        (keys(k1024=1, k3072=32767, k3076=9003), "ft"),
        (keys(k1024=1, k3072=32632), "m"),
        (keys(k1024=1, k3076=9001, k4099=9002), ""),
        (keys(k1024=2, k2048=4326), ""),
        ("EPSG:32633", "m"),
        ("EPSG:4326", ""),
        ("", ""),
        (None, ""),
        ("not a system [", ""),
        ('PROJCS["UNIT[oh"', ""),
    ],
)
def test_the_unit_is_taken_from_the_coordinate_system(crs: str | None, unit: str) -> None:
    assert unit_of_crs(crs) == unit


@pytest.mark.parametrize(("crs", "unit"), [(OREGON, "ft"), ("EPSG:32633", "m"), (None, "")])
def test_the_unit_of_a_file_is_used_for_all_its_numbers(tmp_path: Path, crs: str | None, unit: str) -> None:
    points = np.random.default_rng(0).uniform(0, 90, (50, 3))
    files.write(PointCloud.from_array(points, crs=crs), tmp_path / "c.las")
    cloud = files.read(tmp_path / "c.las")
    assert isinstance(cloud, PointCloud) and cloud.unit == unit
    assert cloud[:3].unit == unit and colours_of(cloud, "z").legend.unit == (unit or "units")
    rows = compare(cloud, [MethodSpec.parse("random")], [8]).rows
    told = {column.key: column.unit for column in columns_of(rows)}
    assert (told["chamfer"], told["hausdorff"]) == (f"{unit or 'units'}²", unit or "units")
    assert f"chamfer [{unit or 'units'}²]" in as_csv(rows).splitlines()[0]
    change = moved(*(apsnet_core.sample(cloud, 8, "random", seed=seed) for seed in (0, 1)))
    assert change.words.endswith(f"\u00a0{unit or 'units'} apart.")
