#!/usr/bin/env python3
"""Which sounds an outsider could take for each other: a development tool. Needs numpy.

    cargo run --release -p kinora-sound --example audition -- FOLDER
    python3 tests/sound/confusion.py FOLDER

Each sound's file is cut into takes (its events; three pieces of what lasts). Every take is described by its mel spectrum,
how that moves, and its envelope, and given the name of the nearest take of any sound but itself. Prints how often the name
is right, and for every sound that is taken for another at least once, for which. It knows no names and never saw our recipes.
"""
import sys
import wave
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

RATE, HOP, WINDOW, BANDS = 48000, 480, 1920, 32


def read(path):
    with wave.open(str(path)) as w:
        raw, width, channels = w.readframes(w.getnframes()), w.getsampwidth(), w.getnchannels()
    if width == 2:
        x = np.frombuffer(raw, "<i2") / 32768
    else:
        b = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
        x = ((b[:, 0] | b[:, 1] << 8 | b[:, 2] << 16) ^ 0x800000) / 0x800000 - 1
    return x.reshape(-1, channels).mean(axis=1)


def mel(x):
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(x, (0, WINDOW)), WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)) ** 2
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 16000 / 700), BANDS + 2) / 2595) - 1)
    f = np.fft.rfftfreq(WINDOW, 1 / RATE)
    up = (f - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - f) / (edges[2:] - edges[1:-1])[:, None]
    return 10 * np.log10(power @ np.clip(np.minimum(up, down), 0, None).T + 1e-9)


def describe(x):
    m = mel(x)
    loud = m.max(axis=1)
    m = np.clip(m - loud.max(), -60, 0)
    heard = m[loud > loud.max() - 40]
    envelope = np.interp(np.linspace(0, len(m) - 1, 24), np.arange(len(m)), m.max(axis=1))
    bend = np.abs(np.diff(heard, axis=0)).mean(axis=0) if len(heard) > 1 else np.zeros(BANDS)
    return np.concatenate([heard.mean(axis=0), heard.std(axis=0), 2 * bend, 1.5 * envelope, [len(heard) * HOP / RATE * 12]])


def takes(path):
    x = read(path)
    if len(x) > 10 * RATE:
        return [x[a * RATE : (a + 3) * RATE] for a in (1, 4, 8)]
    short = path.stem.split("-")[0] in {"footstep", "paw", "hoof", "wing", "clap", "chirp", "cup", "page"} or path.stem == "ball-bounce"
    times, length = ([0.4, 1.0, 1.6, 2.2], 0.55) if short else ([0.4, 2.4], 1.55)
    return [x[int((t - 0.1) * RATE) : int((t + length) * RATE)] for t in times]


def main():
    named = [(p.stem, describe(t)) for p in sorted(Path(sys.argv[1]).glob("*.wav")) for t in takes(p)]
    names, all_ = [n for n, _ in named], np.array([d for _, d in named])
    all_ = (all_ - all_.mean(axis=0)) / (all_.std(axis=0) + 1e-6)
    right, wrong = 0, defaultdict(Counter)
    for i, name in enumerate(names):
        far = np.linalg.norm(all_ - all_[i], axis=1)
        far[i] = np.inf
        guess = names[int(far.argmin())]
        right += guess == name
        if guess != name:
            wrong[name][guess] += 1
    print(f"{right} of {len(names)} takes of {len(set(names))} sounds are nearest to another take of the same sound ({100 * right / len(names):.0f} %)")
    for name, guesses in sorted(wrong.items()):
        print(f"{name:24} of {names.count(name)}: " + ", ".join(f"{g} {n}" for g, n in guesses.most_common()))


main()
