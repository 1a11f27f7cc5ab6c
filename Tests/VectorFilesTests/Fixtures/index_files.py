#!/usr/bin/env python3
"""Index files written by the tools themselves: Annoy, hnswlib, safetensors, faiss.

  index_files.py fixtures
      writes the small files beside this script, which the tests read
  index_files.py check SEAMSTONE [ROWS] [--base FILE.bvecs] [--only KIND ...]
      writes larger ones of every kind (or of those named) to a temporary folder, imports each with the tool, exports the
      collection and compares ids and vectors. 2,000 random rows by default, or the first ROWS of a file. Says what memory
      the import had at most: its own, and with the pages of the store's data file

Needs: pip install numpy annoy==1.17.3 hnswlib==0.8.0 faiss-cpu==1.15.1 safetensors==0.8.0
"""
import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import annoy
import faiss
import hnswlib
import numpy as np
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).resolve().parent
DIMENSIONS = 6
ANNOY = ("angular", "euclidean", "manhattan", "dot", "hamming")


def components(rows, dimensions):
    """The tests know the same formula; every value is exact as a half."""
    i, j = np.arange(rows)[:, None], np.arange(dimensions)[None, :]
    return (((i * 31 + j * 17) % 64 - 32) / 8).astype(np.float32)


def ids(rows):
    return (np.arange(rows) * 1_000_003 % 2_000_000 - 5_000).astype(np.int64)


def make_annoy(path, metric, rows):
    """Every seventh number from 3 on is left out. Hamming takes bits."""
    x = rows > 0
    index = annoy.AnnoyIndex(rows.shape[1], metric)
    kept = {}
    for number, row in enumerate((x if metric == "hamming" else rows).tolist()):
        if number % 7 == 3:
            continue
        index.add_item(number, row)
        kept[number] = np.asarray(row, dtype=np.float32)
    index.set_seed(1)
    index.build(3)
    index.save(str(path))
    return kept


def make_hnswlib(path, space, rows):
    """Labels from 5 on; the third element is marked as deleted. Cosine stores unit vectors."""
    labels = np.arange(len(rows)) * 3 + 5
    index = hnswlib.Index(space, rows.shape[1])
    index.init_index(len(rows) + 10, M=8, ef_construction=40, random_seed=1)
    index.add_items(rows, labels, num_threads=1)
    index.mark_deleted(int(labels[2]))
    index.save_index(str(path))
    kept = {int(label): row for label, row in zip(labels, rows)}
    del kept[int(labels[2])]
    return kept


def make_faiss(path, description, rows, metric=faiss.METRIC_L2, own_ids=True, table=False):
    index = faiss.index_factory(rows.shape[1], description, metric)
    index.train(rows)
    keys = ids(len(rows)) if own_ids else np.arange(len(rows))
    if table:
        index.set_direct_map_type(faiss.DirectMap.Hashtable)
    if own_ids:
        index.add_with_ids(rows, keys)
    else:
        index.add(rows)
    faiss.write_index(index, str(path))
    return {int(key): row for key, row in zip(keys, rows)}


FAISS = {
    "flat-l2": ("Flat", {"own_ids": False}),
    "flat-ip": ("Flat", {"own_ids": False, "metric": faiss.METRIC_INNER_PRODUCT}),
    "flat-lp": ("Flat", {"own_ids": False, "metric": faiss.METRIC_Lp}),
    "idmap-flat": ("IDMap,Flat", {}),
    "idmap2-flat": ("IDMap2,Flat", {}),
    "hnsw": ("HNSW4,Flat", {"own_ids": False}),
    "idmap-hnsw": ("IDMap,HNSW4,Flat", {}),
    "ivf": ("IVF3,Flat", {}),
    "ivf-table": ("IVF3,Flat", {"table": True}),
    "ivf-hnsw": ("IVF3_HNSW4,Flat", {"own_ids": False}),
    "idmap-ivf": ("IDMap,IVF3,Flat", {}),
}
REFUSED = {"sq8": "SQ8", "ivf-pq": "IVF2,PQ2x2", "pca": "PCA3,Flat", "refine": "SQ8,RFlat", "idmap-sq8": "IDMap,SQ8"}


def bfloat16(rows):
    """Upper halves of floats; every value here has no lower one."""
    return (rows.view(np.uint32) >> 16).astype(np.uint16)


def add_bfloat16(path, name, rows):
    """NumPy has no such type, so the array is saved as U16 and renamed in the header, to a type as long."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header[name]["dtype"] = "BF16"
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length:])


def fixtures():
    rows = components(40, DIMENSIONS)
    for metric in ANNOY:
        make_annoy(HERE / f"{metric}.ann", metric, components(40, 70) if metric == "hamming" else rows)
    for space in ("l2", "ip"):
        make_hnswlib(HERE / f"{space}.hnswlib", space, rows)
    for name, (description, options) in FAISS.items():
        make_faiss(HERE / f"{name}.faiss", description, rows, **options)
    # Two of nine lists have vectors: lengths are then written as pairs.
    index = faiss.index_factory(DIMENSIONS, "IVF9,Flat")
    index.train(rows)
    near = rows[:1].repeat(2, 0)
    near[1] = rows[20]
    index.add_with_ids(near, np.array([70, 71]))
    faiss.write_index(index, str(HERE / "ivf-sparse.faiss"))
    for name, description in REFUSED.items():
        index = faiss.index_factory(DIMENSIONS, description)
        index.train(rows)
        (index.add_with_ids(rows, ids(40)) if "IDMap" in description else index.add(rows))
        faiss.write_index(index, str(HERE / f"refused-{name}.faiss"))
    bits = faiss.IndexBinaryFlat(16)
    bits.add(np.arange(20, dtype=np.uint8).reshape(10, 2))
    faiss.write_index_binary(bits, str(HERE / "refused-bits.faiss"))
    arrays = {
        "data": rows, "half": rows.astype(np.float16), "double": rows.astype(np.float64), "brain": bfloat16(rows),
        "signed": (rows * 8).astype(np.int8), "unsigned": (rows * 8 + 32).astype(np.uint8),
        "whole": (rows * 8).astype(np.int32), "one": rows[7], "empty": rows[:0], "long": (rows * 8).astype(np.int64),
        "cube": rows.reshape(10, 4, DIMENSIONS),
    }
    save_file(arrays, str(HERE / "arrays.safetensors"), metadata={"made by": "safetensors"})
    add_bfloat16(HERE / "arrays.safetensors", "brain", rows)
    save_file(
        {"data": np.zeros((8, 1), np.uint8), "absmax": np.ones(2, np.float32)},
        str(HERE / "refused-codes.safetensors"), metadata={"quant_type": "nf4"})


def run(*command):
    """Runs a command to its end; the most memory that it had: its own, and all of it (MiB; 0 where /proc is not there)."""
    words = [str(part) for part in command]
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=errors)
        own = total = 0
        while child.poll() is None:
            try:
                with open(f"/proc/{child.pid}/status") as status:
                    found = {line.split(":")[0]: line.split()[1] for line in status if line.startswith(("RssAnon", "VmHWM"))}
                own, total = max(own, int(found["RssAnon"]) >> 10), int(found["VmHWM"]) >> 10
            except (OSError, KeyError):
                pass
            time.sleep(0.02)
        if child.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(words)}\n{errors.read().decode()}")
    return own, total


def compare(tool, folder, name, path, expected, flags):
    store, output = folder / f"{name}.seam", folder / "out.jsonl"
    run(tool, "init", store, "A", "--metric", "l2-squared", "--index", "flat")
    started = time.monotonic()
    own, total = run(tool, "import", store, "A", path, "--no-index", *flags)
    seconds = time.monotonic() - started
    run(tool, "export", store, "A", "--output", output)
    seen = 0
    with open(output) as lines:
        for line in lines:
            row = json.loads(line)
            if not np.array_equal(np.asarray(row["vector"], np.float32), expected[row["id"]]):
                sys.exit(f"{name}: the vector of {row['id']} differs")
            seen += 1
    if seen != len(expected):
        sys.exit(f"{name}: {seen} objects, {len(expected)} expected")
    print(f"{name}: {seen} rows equal, {path.stat().st_size >> 20} MiB in {seconds:.1f} s, "
          f"memory at most {own} MiB of its own, {total} MiB with mapped pages", flush=True)
    subprocess.run(["rm", "-rf", store, output, path], check=True)


def base(path, count):
    """The first rows of a .bvecs file."""
    with open(path, "rb") as file:
        dimensions = struct.unpack("<i", file.read(4))[0]
        file.seek(0)
        data = np.frombuffer(file.read(count * (dimensions + 4)), np.uint8)
    return data.reshape(-1, dimensions + 4)[:, 4:].astype(np.float32)


def kinds():
    """What `check` can write: the name, the ending, how it is written and what the tool has to be told."""
    for metric in ANNOY:
        yield f"annoy-{metric}", "ann", lambda path, rows, metric=metric: make_annoy(path, metric, rows), lambda rows, metric=metric: [
            "--annoy-metric", metric, "--dimensions", rows.shape[1]]
    for space in ("l2", "ip"):
        yield f"hnswlib-{space}", "hnswlib", lambda path, rows, space=space: make_hnswlib(path, space, rows), None
    for name, (description, options) in FAISS.items():
        yield f"faiss-{name}", "faiss", lambda path, rows, what=(description, options): make_faiss(path, what[0], rows, **what[1]), None
    yield "safetensors", "safetensors", make_safetensors, None


def make_safetensors(path, rows):
    save_file({"data": rows}, str(path))
    return dict(enumerate(rows))


def check(tool, count, base_path, only):
    rows = base(base_path, count) if base_path else np.random.default_rng(count).standard_normal((count, 24), dtype=np.float32)
    unknown = set(only) - {kind[0] for kind in kinds()}
    if unknown:
        sys.exit(f"unknown kinds: {', '.join(sorted(unknown))}; known: {', '.join(kind[0] for kind in kinds())}")
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        for name, ending, write, flags in kinds():
            if not only or name in only:
                path = folder / f"a.{ending}"
                compare(tool, folder, name, path, write(path, rows), flags(rows) if flags else [])


def main():
    if sys.argv[1:] == ["fixtures"]:
        return fixtures()
    if sys.argv[1:2] != ["check"]:
        sys.exit(__doc__)
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("tool")
    parser.add_argument("rows", type=int, nargs="?", default=2_000)
    parser.add_argument("--base")
    parser.add_argument("--only", nargs="+", default=[])
    options = parser.parse_args(sys.argv[2:])
    check(options.tool, options.rows, options.base, options.only)


if __name__ == "__main__":
    main()
