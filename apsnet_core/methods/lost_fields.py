"""A note on the fields of a file that generated points do not have, and the variant that keeps them."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.methods.spec import MethodSpec
from apsnet_core.sampling import Sampling

_NAMED = 3  # fields named; the others are only counted


def lost_fields(sampling: Sampling) -> tuple[str, ...]:
    """A note if the points are generated and the cloud has fields or colours, which are lost."""
    cloud = sampling.cloud
    if cloud is None or sampling.indices is not None:
        return ()
    spec = MethodSpec.parse(sampling.method)
    if spec.variant != "g":  # there are no indices because points were added by hand
        return ()
    names = [*cloud.attributes, *(["colours"] if cloud.rgb is not None else [])]
    if not names:
        return ()
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    named = ", ".join(names[:_NAMED] + more)
    kept = f": {replace(spec, variant='m', seed=None)} keeps them" if "m" in spec.row.variants else ""
    return (f"Points that {spec.label} generates have nothing of the file's fields ({named}){kept}.",)
