"""glTF and GLB: all meshes at their places in the scene, with their colours.

This is our own reader, because it refuses required extensions that it does not support and names them, and it
never replaces data that it cannot decode by zeros.
"""

from apsnet_core.files.format import Format
from apsnet_core.files.gltf.reading import read

FORMATS = (
    Format("gltf", "glTF", (".gltf",), ("Meshes",), read, contained=True),
    Format("glb", "glTF, binary", (".glb",), ("Meshes",), read, contained=True),
)
