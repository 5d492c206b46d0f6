#pragma once
/* libvterm: reads back what a terminal would show of the bytes it was sent. Tests only. */
#include <vterm.h>
