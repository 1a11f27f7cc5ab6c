import unittest

try:
    import numpy as np

    from harness import data
except ImportError:  # the peers' environment is not set up
    np = None


@unittest.skipIf(np is None, "numpy is not installed")
class ExactTruth(unittest.TestCase):
    def test_is_what_sorting_all_distances_gives(self):
        generator = np.random.default_rng(20261121)
        base = generator.integers(1, 7, (45_000, 8)).astype(np.float32)  # small whole numbers: exact sums, many ties
        live = np.sort(generator.permutation(len(base))[:43_000])
        queries = generator.integers(0, 6, (1_500, 8)).astype(np.float32)
        rows = base[live]
        distances = (rows * rows).sum(axis=1) - 2 * (queries @ rows.T)
        expected = live[np.argsort(distances, axis=1, kind="stable")[:, :10]]
        self.assertTrue(np.array_equal(data.exact_truth(base, live, queries, "l2-squared", 10), expected))


if __name__ == "__main__":
    unittest.main()
