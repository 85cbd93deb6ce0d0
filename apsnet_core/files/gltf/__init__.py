"""glTF and GLB: every mesh of the scene, where the scene puts it, with its colours.

A reader of our own: it refuses by its name whatever a file requires and is not understood, and makes no zeros
of what it cannot decode.
"""

from apsnet_core.files.format import Format
from apsnet_core.files.gltf.reading import read

FORMATS = (
    Format("gltf", "glTF", (".gltf",), ("Meshes",), read, contained=True),
    Format("glb", "glTF, binary", (".glb",), ("Meshes",), read, contained=True),
)
