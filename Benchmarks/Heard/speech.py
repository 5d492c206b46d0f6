"""What is spoken: a woman's recorded voice, and a man's made by flite; 8000 samples a second."""
import os
import subprocess
import tempfile

import numpy
from scipy.io import wavfile
from scipy.signal import resample_poly

RATE = 8000
SECONDS = 12
# Of the Debian package asterisk-core-sounds-en-wav: a file, and the second at which one begins to read.
FOLDER = "/usr/share/asterisk/sounds/en_US_f_Allison"
RECORDED = [("demo-congrats", 0.0), ("demo-instruct", 10.0), ("priv-callee-options", 0.0)]
TEXTS = [
    "Good afternoon. You have reached the service desk, and my name is Thomas. "
    "I see that your parcel left our house on Tuesday. It should be with you by Friday noon. "
    "Shall I send the number of the shipment to your telephone?",
    "Thank you for waiting. I have looked at both of your invoices. "
    "The second one was booked twice, which is our mistake. We will return the money this week. "
    "Is there anything else that I may do for you today?",
]


def spoken(seed):
    """The speech of a seed: half a second of silence, then about eleven seconds of talk."""
    voice = recorded(*RECORDED[seed // 2 % 3]) if seed % 2 == 0 else made(TEXTS[seed // 2 % 2])
    voice = voice[:int((SECONDS - 1) * RATE)].astype(numpy.float64)
    # At -26 dB of the loudest there is, as ITU-T P.56 has it, roughly.
    active = voice[numpy.abs(voice) > 200]
    voice *= 2000 / max(1.0, numpy.sqrt(numpy.mean(active ** 2)))
    whole = numpy.zeros(SECONDS * RATE)
    whole[RATE // 2:RATE // 2 + len(voice)] = voice
    return numpy.clip(whole, -32000, 32000).astype(numpy.int16)


def recorded(name, start):
    rate, samples = wavfile.read(os.path.join(FOLDER, f"{name}.wav"))
    assert rate == RATE, name
    return samples[int(start * RATE):]


def made(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "voice.wav")
        subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", path], check=True)
        rate, samples = wavfile.read(path)
    return resample_poly(samples.astype(numpy.float64), RATE, rate)
