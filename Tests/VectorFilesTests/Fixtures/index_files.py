#!/usr/bin/env python3
"""Index files written by the tools themselves: Annoy, hnswlib, safetensors, faiss.

  index_files.py fixtures               writes the small files beside this script, which the tests read
  index_files.py check SEAMSTONE [ROWS] writes larger ones of every kind to a temporary folder, imports each with the
                                        tool, exports the collection and compares ids and vectors (default: 2,000 rows)

Needs: pip install numpy annoy==1.17.3 hnswlib==0.8.0 faiss-cpu==1.15.1 safetensors==0.8.0
"""
import json
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile

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
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")


def compare(tool, folder, name, path, expected, flags):
    store, output = folder / f"{name}.seam", folder / "out.jsonl"
    run(tool, "init", store, "A", "--metric", "l2-squared", "--index", "flat")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    run(tool, "import", store, "A", path, "--no-index", *flags)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
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
    print(f"{name}: {seen} rows equal, {path.stat().st_size >> 20} MiB"
          + (f", peak memory {peak >> 10} MiB" if peak > before else ""), flush=True)
    subprocess.run(["rm", "-rf", store, output, path], check=True)


def check(tool, count):
    rows = np.random.default_rng(count).standard_normal((count, 24), dtype=np.float32)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        for metric in ANNOY:
            path = folder / "a.ann"
            expected = make_annoy(path, metric, rows)
            compare(tool, folder, f"annoy-{metric}", path, expected,
                    ["--annoy-metric", metric, "--dimensions", rows.shape[1]])
        for space in ("l2", "ip"):
            path = folder / "a.hnswlib"
            compare(tool, folder, f"hnswlib-{space}", path, make_hnswlib(path, space, rows), [])
        for name, (description, options) in FAISS.items():
            path = folder / "a.faiss"
            compare(tool, folder, f"faiss-{name}", path, make_faiss(path, description, rows, **options), [])
        path = folder / "a.safetensors"
        save_file({"data": rows}, str(path))
        compare(tool, folder, "safetensors", path, dict(enumerate(rows)), [])


if __name__ == "__main__":
    if sys.argv[1:] == ["fixtures"]:
        fixtures()
    elif len(sys.argv) in (3, 4) and sys.argv[1] == "check":
        check(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 2_000)
    else:
        sys.exit(__doc__)
