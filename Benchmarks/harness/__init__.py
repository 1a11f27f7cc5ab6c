"""The parts of compare.py: data, statistics, the product, the peers, memory, reports."""
