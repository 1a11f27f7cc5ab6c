"""Child processes: pinned to cores, timed, their last line of standard output read as JSON."""
import json
import os
import subprocess
import sys
import time

from harness import memory

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Failure(Exception):
    """A child process ended with an error; the text holds its last words."""


def run(command, cpus=None, within=None, sample=False, parse=True):
    """Runs `command` on the cores `cpus`, in the cgroup `within`; returns (JSON or text, facts about the run)."""

    def before_exec():
        if cpus:
            os.sched_setaffinity(0, cpus)
        if within:
            within.enter()

    environment = {**os.environ, **(ONE_THREAD if cpus and len(cpus) == 1 else {})}
    load = os.getloadavg()[0]
    start = time.perf_counter()
    child = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, preexec_fn=before_exec, env=environment)
    sampler = memory.Sampler(child.pid) if sample else None
    output, errors = child.communicate()
    facts = {"wall_s": time.perf_counter() - start, "load": load}
    if sampler:
        facts["peak"] = sampler.peak
    if child.returncode == -9 and within:
        raise Failure(f"{command[0]} was killed: it needs more than the {within.limit / 1e6:.0f} MB it was given")
    if child.returncode:
        raise Failure(f"{' '.join(map(str, command[:4]))} … ended with {child.returncode}: {(errors or output)[-600:]}")
    if not parse:
        return output, facts
    try:
        return json.loads(output), facts
    except ValueError:
        return json.loads(output.strip().splitlines()[-1]), facts


def python(module, *arguments, **options):
    """Runs one of the peers' modules with this interpreter."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return run([sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); from harness import {module}; {module}.main()",
                *arguments], **options)


def paired(first, second, rounds, say):
    """Runs first, second, second, first, `rounds` times; returns the rounds as ((a, a), (b, b))."""
    results = []
    for number in range(rounds):
        a1, b1, b2, a2 = first(), second(), second(), first()
        results.append(((a1, a2), (b1, b2)))
        say(f"round {number + 1} of {rounds} done (load {os.getloadavg()[0]:.1f})")
    return results
