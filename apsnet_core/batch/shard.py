"""A share of a batch, for the jobs of an array; only the name of an item determines its shard."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from apsnet_core.batch.errors import SettingsError


@dataclass(frozen=True)
class Shard:
    """The ``number``-th of ``of`` shares, counted from 1.

    >>> shards = [Shard(1, 3), Shard(2, 3), Shard(3, 3)]
    >>> [sum(shard.has(name) for shard in shards) for name in ("a.ply", "b/c.ply")]
    [1, 1]
    """

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise SettingsError(f"a shard is i/n with i from 1 to n, like 2/8: not {self}")

    @classmethod
    def parse(cls, text: str) -> Shard:
        """A shard as typed; `SettingsError` for anything else."""
        number, _, of = text.partition("/")
        if not (number.strip().isdecimal() and of.strip().isdecimal()):
            raise SettingsError(f"a shard is i/n with i from 1 to n, like 2/8: not {text!r}")
        return cls(int(number), int(of))

    def has(self, name: str) -> bool:
        """Whether the item ``name`` belongs to this shard, which does not depend on other items."""
        return int.from_bytes(sha256(name.encode("utf-8", "surrogateescape")).digest()[:8]) % self.of == (
            self.number - 1
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
