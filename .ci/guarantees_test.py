"""What .ci/guarantees makes of outputs: the lines here are those that the tests and scripts print."""
import importlib.machinery
import importlib.util
import pathlib
import unittest

PATH = pathlib.Path(__file__).resolve().parent / "guarantees"
LOADER = importlib.machinery.SourceFileLoader("guarantees", str(PATH))
guarantees = importlib.util.module_from_spec(importlib.util.spec_from_loader("guarantees", LOADER))
LOADER.exec_module(guarantees)

CRASH = """◇ Test run started.
50 kills (8 of them before a certain call, 8 at a named moment), 640 batches acknowledged, largest graph 2494, recall 600/600 at ef 400, \
596/600 at ef 32, merged into one graph 0/0 at ef 400, 0/0 at ef 32, seed 7
10 kills during conversions, 4 left one unfinished, 12 seen to end, 90 batches acknowledged, recall 1/1 at ef 400, 1/1 at ef 32, seed 8
"""
IMAGES = """5000 images (4000+800+200 after one, two, three crashes) of 9000 calls in 7 traces, 1500 with relaxed durability of which 40 had \
lost the last commit, recall 10/10 at ef 400, 10/10 at ef 32, seed 1000
5000 images with segments of flat int8 10, hnsw pq(6x16) 4, ivf rabitq(4) 2
5000 images (4100+900 after one, two, three crashes) of 9001 calls in 7 traces, 1400 with relaxed durability of which 41 had lost the \
last commit, recall 10/10 at ef 400, 10/10 at ef 32, seed 1001
5000 images with segments of flat int8 11
"""
FUZZ = """fuzzer segment
#2 INITED
stat::number_of_executed_units: 390824
fuzzer records
stat::number_of_executed_units: 10
5 seconds for each fuzzer, 0 findings
"""


class Outputs(unittest.TestCase):
    def test_kills_are_read_with_their_seeds(self):
        found = guarantees.read(CRASH)
        self.assertEqual(set(found), {"crash", "conversions"})
        self.assertEqual(found["crash"]["batches"], 640)
        self.assertEqual(found["crash"]["moments"], 8)
        self.assertEqual(found["crash"]["recall"], "1.0000")
        self.assertEqual(found["crash"]["seeds"], ["7"])
        self.assertEqual(found["conversions"]["seeds"], ["8"])

    def test_the_jobs_of_a_run_are_added_up(self):
        found = guarantees.read(IMAGES)["images"]
        self.assertEqual(found["images"], 10_000)
        self.assertEqual(found["nested"], 1_900)
        self.assertEqual((found["relaxed"], found["undone"]), (2_900, 81))
        self.assertEqual(found["forms"], 3)
        self.assertEqual(found["seeds"], ["1000", "1001"])

    def test_each_fuzzer_has_its_own_count(self):
        found = guarantees.read(FUZZ)["fuzz"]
        self.assertEqual(found["inputs"], {"segment": 390_824, "records": 10})
        self.assertEqual(found["findings"], 0)

    def test_the_other_runs(self):
        lines = {
            "faults": "12 faults (io 3, noSpace 2, 1 without an error) in 20 steps, seed 1\n9 refusals by a full disk in 200 steps, seed 1\n",
            "metamorphic": "23500 operations under 47 sets of options, in runs of 500, seeds 100000 to 100000\n",
            "model": "100 operations, l2, recall 1/1 at ef 400, 1/1 at ef 32, seed 3\n",
            "damage": "1000 bits flipped, graph of 2000 rows, recall 999/1000 at ef 400, 9/10 at ef 32, seed 5\n",
            "decay": "50 generations of a store: recall@10 at ef 32 0.981, built anew 0.98\n",
            "verify": "100 healthy stores, 2000 objects, 30 segments, seeds from 9\n",
            "growth": "30 rounds of churn: 1160 bytes, 1000 freshly imported, seed 61\n",
            "coverage": "coverage of SegmentFiles: 95 of 100 lines\nbelow 80 %: Sources/A/B.swift 71.5\n",
        }
        for name, line in lines.items():
            found = guarantees.read(line)
            self.assertIn(name, found, name)
            entry = {"date": "2026-01-01", "command": "x", "seeds": found[name]["seeds"], "figures": found[name]}
            self.assertTrue(guarantees.sentence(name, entry))

    def test_an_output_without_figures_is_none(self):
        self.assertEqual(guarantees.read("Test run with 4 tests passed\n"), {})


class Pages(unittest.TestCase):
    def setUp(self):
        self.store = {}
        guarantees.record(self.store, CRASH, ".ci/crash 50", "2026-01-02")

    def test_figures_stand_between_their_marks_with_where_they_came_from(self):
        page = "| a | <!--=crash-->old<!--=--> | <!--=images-->never run<!--=--> |"
        text = guarantees.quoted(page, self.store)
        self.assertIn("50 kills (8 before certain calls", text)
        self.assertIn("(2026-01-02, `.ci/crash 50`, seed 7)<!--=-->", text)
        self.assertIn("<!--=images-->never run<!--=-->", text)
        self.assertEqual(guarantees.quoted(text, self.store), text)

    def test_headlines_are_short(self):
        text = guarantees.quoted("<!--=crash--><!--=-->", self.store, is_headline=True)
        self.assertNotIn("seed", text)

    def test_what_somebody_typed_is_found(self):
        text = guarantees.quoted("<!--=crash--><!--=-->", self.store)
        self.assertNotEqual(text.replace("50 kills", "60 kills"), guarantees.quoted(text.replace("50 kills", "60 kills"), self.store))


if __name__ == "__main__":
    unittest.main()
