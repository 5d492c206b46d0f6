#pragma once
/* libopus: the wide-band codec, with its own concealment of lost packets. */
#include <opus/opus.h>
