"""One call of each: the same packets at the same moments; what was heard is scored.

    one.py LINE FOLDER WAY SEED          prints one line of JSON
"""
import json
import os
import random
import struct
import sys
import time

import numpy
from pesq import pesq
from scipy.io import wavfile

import calls
import speech
import ways

FRAME = 160


def mu_law(samples):
    """ITU-T G.711, one byte a sample."""
    value = samples.astype(numpy.int32)
    sign = numpy.where(value < 0, 0x80, 0)
    size = numpy.minimum(numpy.abs(value), 32_635) + 132
    exponent = numpy.floor(numpy.log2(size)).astype(numpy.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    return (~(sign | exponent << 4 | mantissa) & 0xFF).astype(numpy.uint8).tobytes()


def packets(voice, seed):
    chance = random.Random(seed)
    number, stamp, source = (chance.getrandbits(bits) for bits in (16, 32, 32))
    sound = mu_law(voice)
    return [
        struct.pack(
            "!BBHII", 0x80, 0x80 if index == 0 else 0, (number + index) & 0xFFFF,
            (stamp + index * FRAME) & 0xFFFFFFFF, source) + sound[index * FRAME:][:FRAME]
        for index in range(len(sound) // FRAME)]


def send(schedule, made, listeners):
    """Sends each packet to both at its moment; returns the latest that one was, in seconds."""
    begin = time.monotonic() + 0.05
    latest = 0.0
    for moment, index in schedule:
        left = begin + moment - time.monotonic()
        if left > 0:
            time.sleep(left)
        latest = max(latest, time.monotonic() - begin - moment)
        # Who is woken first pays for waking the machine too: they take turns.
        for listener in listeners[::1 if index % 2 == 0 else -1]:
            listener.play(made[index])
        for listener in listeners:
            listener.drain()
    return latest


def score(voice, path):
    rate, heard = wavfile.read(path)
    assert rate == speech.RATE, path
    # The call was there before the first word, and PESQ takes the difference for a delay: it is taken
    # off by the first sound that is heard.
    return round(float(pesq(speech.RATE, voice, aligned(voice, heard), "nb")), 3)


def aligned(voice, heard):
    """What was heard, moved to where the speech is."""
    size = 1 << (len(voice) + len(heard)).bit_length()
    both = numpy.fft.irfft(
        numpy.fft.rfft(heard.astype(float), size)
        * numpy.conj(numpy.fft.rfft(voice.astype(float), size)), size)
    late = int(numpy.argmax(both[:size // 2]))
    moved = numpy.zeros(len(voice), numpy.int16)
    part = heard[late:late + len(voice)]
    moved[:len(part)] = part
    return moved


def hurry(much):
    """Before whatever else runs on this machine, where that may be asked: who sends late measures nothing.

    The listeners are started so too, both alike.
    """
    try:
        if much:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        else:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except OSError:
        pass


def main(program, folder, way, seed):
    voice = speech.spoken(seed)
    made = packets(voice, seed)
    name = f"{way} {seed}".replace(" ", "-").replace("%", "pc")
    paths = [os.path.join(folder, f"{name}-{who}.wav") for who in ("line", "pjsip")]
    for path in paths:
        if os.path.exists(path):
            os.unlink(path)
    hurry(True)
    ear = calls.PJSIP(paths[1])
    listeners = [calls.Line(program, paths[0]), ear]
    try:
        time.sleep(0.5)
        before = [listener.processor() for listener in listeners]
        latest = send(ways.schedule(way, seed, len(made)), made, listeners)
        time.sleep(0.5)
        spent = [listener.processor() - then for listener, then in zip(listeners, before)]
    finally:
        for listener in listeners:
            listener.stop()
        hurry(False)
    print(json.dumps({
        "way": way, "seed": seed, "latest": round(latest * 1000, 1),
        "pesq": [score(voice, path) for path in paths], "processor": spent}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
