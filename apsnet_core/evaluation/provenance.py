"""The origin of a report: the command, the weights with their hashes, the versions, the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from apsnet_core.doctor import installed_versions, machine
from apsnet_core.page.page import part


@dataclass(frozen=True)
class UsedWeights:
    """The weights ``name`` used by ``what``; ``sizes`` if not for all sizes, ``digest`` of the tensors."""

    what: str
    name: str
    digest: str | None
    sizes: tuple[int, ...] = ()


def provenance_html(command: str, weights: Sequence[UsedWeights]) -> str:
    """The last section of a report's page."""
    versions = ", ".join(f"{name} {version}" for name, version in installed_versions().items() if version)
    host = machine()
    return part(
        "provenance.html",
        command=escape(command),
        weights=_weights(weights),
        versions=escape(versions),
        machine=escape(f"{host['system']}, {host['processors']} processors, Python {host['python']}"),
    )


def _weights(weights: Sequence[UsedWeights]) -> str:
    if not weights:
        return ""
    lines = []
    for used in weights:
        sizes = f" for {', '.join(map(str, used.sizes))}" if used.sizes else ""
        digest = used.digest or "the weights are no longer there"
        lines.append(
            f"<tr><th>{escape(used.what)}</th><td class=words>{escape(used.name + sizes)}</td>"
            f"<td class=words><code>{escape(digest)}</code></td></tr>"
        )
    head = "<tr><th>Weights of</th><th class=words>Name</th><th class=words>SHA-256 of the tensors</th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{"".join(lines)}</tbody></table></div>'
