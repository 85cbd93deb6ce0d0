"""Builders of COLLADA files with one geometry that the scene places."""

from __future__ import annotations

SPACE = 'xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1"'
ARROW = [(0, 0, 0), (4, 0, 0), (4, 4, 0), (3, 1, 0)]  # not convex: area 4
BESIDE = [(10, 0, 0), (11, 0, 0), (10, 1, 0)]


def source(name: str, rows: list[tuple[float, ...]], axes: str) -> str:
    words = " ".join(str(value) for row in rows for value in row)
    params = "".join(f'<param name="{axis}" type="float"/>' for axis in axes)
    return (
        f'<source id="{name}"><float_array id="{name}-array" count="{len(rows) * len(axes)}">{words}'
        f'</float_array><technique_common><accessor source="#{name}-array" count="{len(rows)}" '
        f'stride="{len(axes)}">{params}</accessor></technique_common></source>'
    )


def collada(nodes: str, parts: str, more: str = "", colours: str = "") -> str:
    """Return a file with one geometry ``g``, whose ``parts`` use the vertices above."""
    mesh = source("places", [*ARROW, *BESIDE], "XYZ") + colours
    mesh += '<vertices id="v"><input semantic="POSITION" source="#places"/></vertices>' + parts
    return (
        f"<COLLADA {SPACE}><asset><up_axis>Z_UP</up_axis></asset>{more}<library_geometries>"
        f'<geometry id="g"><mesh>{mesh}</mesh></geometry></library_geometries><library_visual_scenes>'
        f'<visual_scene id="s">{nodes}</visual_scene></library_visual_scenes>'
        '<scene><instance_visual_scene url="#s"/></scene></COLLADA>'
    )


VERTEX = '<input semantic="VERTEX" source="#v" offset="0"/>'
POLYGONS = f'<polylist count="2">{VERTEX}<vcount>4 3</vcount><p>0 1 2 3 4 5 6</p></polylist>'
HERE = '<node id="a"><instance_geometry url="#g"/></node>'
