"""PLY, as text or binary in either byte order, read with any properties in any order.

This is our own reader, because it checks the header against the file's size before it allocates memory, and
reads lists of equal length (the faces of nearly every mesh) as one block.
"""

from apsnet_core.files.format import Format
from apsnet_core.files.ply.reading import read
from apsnet_core.files.ply.writing import write, write_mesh

FORMAT = Format("ply", "Polygon file", (".ply",), ("Meshes", "Point clouds"), read, write, write_mesh)
