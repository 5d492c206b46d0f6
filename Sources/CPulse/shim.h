#pragma once
/* libpulse: sound devices by name, on PulseAudio, on PipeWire, and on the machine in PULSE_SERVER. */
#include <pulse/pulseaudio.h>
