"""Pauses between tries that grow and differ: 200 ms to 10 s, full jitter."""

import random


def seconds(tries):
    return random.uniform(0, min(10.0, 0.2 * 2 ** min(tries, 10)))
