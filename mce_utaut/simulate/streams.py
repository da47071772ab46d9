"""Random numbers that stay where they are: one stream for each thing that is drawn.

Generators are PCG64 (numpy's default). A stream is seeded by a number and words (the role, then the field),
so that a role draws the same with or without other roles, and an item's answers do not change because
another item was added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one ``key``: the same word gives the same numbers again."""

    key: tuple[int, ...]

    def of(self, word: str) -> np.random.Generator:
        """The generator for ``word``."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([*self.key, *word.encode()])))


def role_generator(seed: int, role: str) -> np.random.Generator:
    """The generator of ``role`` in a study with this ``seed``, whatever the other roles are."""
    return Streams((seed,)).of(role)


def streams_from(rng: np.random.Generator) -> Streams:
    """Streams keyed by the next number of ``rng``."""
    return Streams((int(rng.integers(2**63)),))
