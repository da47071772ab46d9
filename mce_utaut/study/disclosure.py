"""Suppression of small cells: which counts may be shown so that the rest cannot be worked out.

Rule (decision 12): no published count lies between 1 and limit - 1. A total is published with every
table, so a single hidden cell could be subtracted: hidden cells are at least two and together hold at
least ``limit`` respondents, and more than one each where empty cells are shown (else their sum would
tell that each is 1). This guards against reading off a small group; it is no guard against somebody who
solves for counts from means printed beside them.
"""

from __future__ import annotations

from collections.abc import Sequence


def suppressed(counts: Sequence[int], limit: int) -> tuple[bool, ...]:
    """Per cell whether it must be hidden, where the sum of ``counts`` is published.

    First every count from 1 to ``limit`` - 1 is hidden; then, smallest first (non-empty cells before empty
    ones), as many others as it takes for two hidden cells holding ``limit`` together, and more
    than one each (complementary suppression: Hundepool et al. 2012, Statistical Disclosure Control, section 4.2).
    """
    hidden = [0 < count < limit for count in counts]
    if not any(hidden):
        return tuple(hidden)
    others = sorted((count == 0, count, i) for i, count in enumerate(counts) if not hidden[i])
    for _, count, i in others:
        if sum(hidden) >= 2 and _enough(counts, hidden, limit):
            break
        if count == 0 and sum(hidden) >= 2:
            continue  # an empty cell adds nobody
        hidden[i] = True
    if not _enough(counts, hidden, limit):
        return (True,) * len(hidden)
    return tuple(hidden)


def shown(counts: Sequence[int], limit: int) -> tuple[int | None, ...]:
    """``counts`` with None where a cell is hidden (see ``suppressed``)."""
    return tuple(None if hide else int(count) for count, hide in zip(counts, suppressed(counts, limit), strict=True))


def cannot_judge_hidden(count: int, missing: int, limit: int, offered: bool) -> bool:
    """Whether how many could not judge an item must be hidden, where ``missing`` (they among them) is published.

    A hidden count is at least 1 where zeros are shown, and at most the number missing: of few missing answers it
    would follow. So there a zero is hidden too, where the item offers that answer (``offered``).
    """
    return 0 < count < limit or (offered and count == 0 and 0 < missing < limit)


def shown_around_middle(
    counts: Sequence[int], limit: int
) -> tuple[tuple[int | None, ...], tuple[int | None, int | None, int | None] | None]:
    """The counts of an ordered scale as they may be shown, and those below, at and above its middle.

    The three sums are published too, so hiding happens among them first and then within each side
    against its own sum. A scale of an even number of values has no middle: the sums are None.
    """
    k = len(counts)
    if k < 3 or k % 2 == 0:
        return shown(counts, limit), None
    sides = (range(0, k // 2), range(k // 2, k // 2 + 1), range(k // 2 + 1, k))
    sums = shown([sum(counts[i] for i in side) for side in sides], limit)
    cells: list[int | None] = []
    for side, total in zip(sides, sums, strict=True):
        inside = [counts[i] for i in side]
        cells += [None] * len(inside) if total is None else shown(inside, limit)
    return tuple(cells), (sums[0], sums[1], sums[2])


def _enough(counts: Sequence[int], hidden: Sequence[bool], limit: int) -> bool:
    """Whether the sum of the hidden cells tells none of them."""
    held = [count for count, hide in zip(counts, hidden, strict=True) if hide]
    return sum(held) >= limit and (sum(held) > len(held) or 0 in held)
