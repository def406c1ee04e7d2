"""Whether figures that were found in two ways agree."""

from math import inf
from statistics import mean

TOLERANCE = 0.1
HEADER = f"{'':24} {'':8} {'own runner':>12} {'our loop':>12} {'ratio':>7}"


def ratio(own, ours):
    """Ours to its own; 1 where both are the same, be it 0."""
    if own == ours:
        return 1.0
    return ours / own if own else inf


def agree(own, ours):
    """Whether ours is within a tenth of its own; nothing agrees with what is not finite."""
    return abs(ours - own) <= TOLERANCE * own


def lines(name, own, ours):
    """A line for each figure, with the means over the seeds and their ratio; whether all agree.

    own and ours have the figures by name, of the same seeds.
    """
    found, whole = [], True
    for figure in own[0]:
        pair = [mean(seed[figure] for seed in side) for side in (own, ours)]
        agreed = agree(*pair)
        whole = whole and agreed
        found.append(
            f"{name:24} {figure:8} {pair[0]:12.5g} {pair[1]:12.5g} {ratio(*pair):7.3f}"
            + ("" if agreed else "  DIFFERS")
        )
    return found, whole
