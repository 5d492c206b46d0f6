"""What is heard of one impaired stream, by the line and by PJSIP.

    heard.py [--line PROGRAM] [--folder FOLDER] [--seeds 5] [--at-once 4] [WAY ...]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import ways

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# A packet that was sent so late, in milliseconds, was not sent as planned: the call is made again.
LATEST = 5.0
TRIES = 4
# What the line may have of the processor beside PJSIP.
MOST_PROCESSOR = 0.6


def arguments():
    reader = argparse.ArgumentParser()
    reader.add_argument("--line", default=os.path.join(ROOT, ".build/release/ccterm-line-sip"))
    reader.add_argument("--folder", default=os.path.join(ROOT, ".build/heard/wav"))
    reader.add_argument("--seeds", type=int, default=5)
    reader.add_argument("--at-once", type=int, default=4)
    reader.add_argument("ways", nargs="*", default=list(ways.WAYS))
    return reader.parse_args()


def call(asked, way, seed):
    """The result of one call; of several the one that was sent most punctually."""
    best = None
    for _ in range(TRIES):
        made = subprocess.run(
            [sys.executable, os.path.join(HERE, "one.py"), asked.line, asked.folder, way, str(seed)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if made.returncode != 0:
            words = made.stderr.strip().split("\n")[-1]
            print(f"{way}, seed {seed}: {words}", file=sys.stderr)
            continue
        result = json.loads(made.stdout.strip().split("\n")[-1])
        if best is None or result["latest"] < best["latest"]:
            best = result
        if best["latest"] <= LATEST:
            break
    return best


def row(way, results):
    ours, theirs = ([result["pesq"][who] for result in results] for who in (0, 1))
    figures = [statistics.median(ours), min(ours), statistics.median(theirs), min(theirs)]
    # Two decimals: the third is the moment at which a recording began.
    figures = [round(figure, 2) for figure in figures]
    is_held = figures[0] >= figures[2] and figures[1] >= figures[3]
    late = max(result["latest"] for result in results)
    note = f"  sent up to {late:.0f} ms late" if late > LATEST else ""
    print(
        f"{way:18}" + "".join(f"{figure:9.2f}" for figure in figures)
        + f"   {'ok' if is_held else 'MISS'}{note}", flush=True)
    return is_held


def main():
    asked = arguments()
    os.makedirs(asked.folder, exist_ok=True)
    print(f"{'PESQ':18}{'line':>9}{'worst':>9}{'PJSIP':>9}{'worst':>9}")
    everything, held = [], True
    with ThreadPoolExecutor(asked.at_once) as pool:
        waiting = {
            way: [pool.submit(call, asked, way, seed) for seed in range(asked.seeds)]
            for way in asked.ways}
        for way, calls in waiting.items():
            results = [made.result() for made in calls]
            results = [result for result in results if result]
            if len(results) < asked.seeds:
                print(f"{way:18} {asked.seeds - len(results)} calls did not come about")
                held = False
            if results:
                held = row(way, results) and held
            everything += results
    with open(os.path.join(asked.folder, "results.json"), "w", encoding="utf-8") as file:
        json.dump(everything, file, indent=1)
    if everything:
        ours, theirs = (
            statistics.median(result["processor"][who] for result in everything) for who in (0, 1))
        ratio = ours / theirs
        is_held = ratio <= MOST_PROCESSOR
        print(
            f"processor of a call: {ours * 1000:.0f} ms beside {theirs * 1000:.0f} ms, "
            f"{ratio:.2f} x   {'ok' if is_held else 'MISS'}")
        held = held and is_held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
