"""Tests of stats.py: python3 -m unittest discover -s Benchmarks -p '*_test.py'."""
import math
import unittest

from harness import stats


class StatsTest(unittest.TestCase):
    def test_value_is_interpolated_in_the_logarithm(self):
        self.assertAlmostEqual(stats.value_at([(0.9, 1000), (1.0, 10)], 0.95), 100)

    def test_a_point_on_the_curve_is_itself(self):
        self.assertAlmostEqual(stats.value_at([(0.9, 1000), (0.95, 300), (1.0, 10)], 0.95), 300)

    def test_nothing_is_extrapolated(self):
        self.assertIsNone(stats.value_at([(0.8, 1000), (0.9, 100)], 0.95))

    def test_a_curve_that_starts_above_gives_its_first_value(self):
        self.assertEqual(stats.value_at([(0.99, 50), (0.97, 100)], 0.95), 100)

    def test_median_and_mean(self):
        self.assertEqual(stats.median([3, 1, 2]), 2)
        self.assertEqual(stats.median([4, 1, 2, 3]), 2.5)
        self.assertAlmostEqual(stats.geometric_mean([1, 100]), 10)

    def test_interval_holds_the_median_and_repeats(self):
        values = [1.9, 2.0, 2.1, 2.2, 1.8]
        low, high = stats.bootstrap_interval(values)
        self.assertLessEqual(low, stats.median(values))
        self.assertGreaterEqual(high, stats.median(values))
        self.assertEqual((low, high), stats.bootstrap_interval(values))
        self.assertTrue(math.isfinite(low))


if __name__ == "__main__":
    unittest.main()
