"""What generated points lack of the file that they were made from, and what would keep it."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.methods.spec import MethodSpec
from apsnet_core.sampling import Sampling

_NAMED = 3  # fields, before the others are counted


def lost_fields(sampling: Sampling) -> tuple[str, ...]:
    """A note where the points are generated and the cloud has fields or colours, which stay behind."""
    cloud = sampling.cloud
    if cloud is None or sampling.indices is not None:
        return ()
    spec = MethodSpec.parse(sampling.method)
    if spec.variant != "g":  # some were put in by hand
        return ()
    names = [*cloud.attributes, *(["colours"] if cloud.rgb is not None else [])]
    if not names:
        return ()
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    named = ", ".join(names[:_NAMED] + more)
    kept = f": {replace(spec, variant='m', seed=None)} keeps them" if "m" in spec.row.variants else ""
    return (f"Points that {spec.label} generates have nothing of the file's fields ({named}){kept}.",)
