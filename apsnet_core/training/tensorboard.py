"""Writing the events of a training for TensorBoard."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.extras import install
from apsnet_core.training.config import ConfigError
from apsnet_core.training.runs import Event
from apsnet_core.training.trainer import Watch


def check_tensorboard() -> None:
    """Raise `ConfigError` if TensorBoard is not installed."""
    try:
        import torch.utils.tensorboard  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f"tensorboard: it is not installed: {install('tensorboard')}, or set it to false"
        ) from error


def writing_tensorboard(folder: Path, then: Watch) -> Watch:
    """Return a watch that writes the numbers of events to TensorBoard's ``folder`` and calls ``then``."""
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder))

    def watch(event: Event) -> None:
        for name, value in event.get("metrics", {}).items():
            if event["event"] in ("step", "epoch", "validation"):
                writer.add_scalar(f"{event['event']}/{name}", value, event["step"])
        writer.flush()
        then(event)

    return watch
