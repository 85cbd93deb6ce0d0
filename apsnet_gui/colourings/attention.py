"""Colours by APSNet's attention to each point, or the file's colours if there is no attention."""

from __future__ import annotations

from apsnet_gui.colourings.colouring import Colouring, Colours, Subject
from apsnet_gui.colourings.file import file_colours
from apsnet_gui.viewport import colormap

AT_ONCE = 200_000  # the largest cloud, in points, that is coloured by attention by default


def attention_colours(subject: Subject) -> Colours:
    """Colours of the attention in the range of its legend, or the file's colours without attention."""
    if subject.attention is None:
        return file_colours(subject)
    values, legend = subject.attention.values, subject.attention.legend
    return Colours(colormap.apply(values, legend.low, legend.high, legend.log, subject.dark), legend)


AUTOMATIC = Colouring(
    "auto",
    "&Automatic",
    "Attention if APSNet has sampled the cloud, otherwise the colours of the file",
    attention_colours,
    shows_attention=lambda count: count <= AT_ONCE,
    # Compared methods differ in their samples, which colours by attention would hide.
    compared="file",
)
ATTENTION = Colouring(
    "attention",
    "&Attention",
    "How much attention APSNet paid to each point, in one step or in all steps",
    attention_colours,
    shows_attention=lambda count: True,
)
