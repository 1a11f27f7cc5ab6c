"""Curves, medians and intervals. Plain Python, so that its tests run anywhere (`python3 -m harness.stats_test`)."""
import math
import random


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def value_at(points, recall):
    """The value at `recall` on a curve of (recall, value) points.

    The logarithm of the value is interpolated linearly in recall between the two neighbours; nothing is extrapolated. Where even
    the lowest point has the recall asked for, that point's own value is the answer. None where the curve does not get there.
    """
    ordered = sorted(points)
    above = [point for point in ordered if point[0] >= recall]
    below = [point for point in ordered if point[0] < recall]
    if not above:
        return None
    if not below:
        return above[0][1]
    (low, low_value), (high, high_value) = below[-1], above[0]
    weight = (recall - low) / (high - low)
    return math.exp(math.log(low_value) * (1 - weight) + math.log(high_value) * weight)


def bootstrap_interval(values, level=0.95, draws=10_000, seed=1):
    """The bootstrap interval of the median."""
    generator = random.Random(seed)
    medians = sorted(median(generator.choices(values, k=len(values))) for _ in range(draws))
    cut = (1 - level) / 2
    return medians[int(cut * draws)], medians[min(draws - 1, int((1 - cut) * draws))]


def ratio_summary(ratios):
    """Median and interval of the rounds' ratios, as a report row takes them."""
    low, high = bootstrap_interval(ratios)
    return {"ratio": median(ratios), "low": low, "high": high, "rounds": len(ratios)}
