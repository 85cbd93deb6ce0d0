"""LAS and LAZ: laser scans with coordinates on an integer grid, and a field for every measured quantity."""

from apsnet_core.files.format import Format
from apsnet_core.files.las.reading import read
from apsnet_core.files.las.writing import write_las, write_laz

FORMATS = (
    Format("las", "Laser scan", (".las",), ("Point clouds",), read, write_las, contained=True),
    Format("laz", "Compressed laser scan", (".laz",), ("Point clouds",), read, write_laz, contained=True),
)
