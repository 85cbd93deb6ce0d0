"""PLY, written out or binary in either byte order, read with any properties in any order.

The header is checked against the file's size before anything is allocated, and lists of one length (the
faces of nearly every mesh) are read as one block: hence a reader of our own.
"""

from apsnet_core.files.format import Format
from apsnet_core.files.ply.reading import read
from apsnet_core.files.ply.writing import write, write_mesh

FORMAT = Format("ply", "Polygon file", (".ply",), ("Meshes", "Point clouds"), read, write, write_mesh)
