// The few lines that must be C, and Linux declarations that Swift's Glibc module hides.
#pragma once

#include "clock.h"
#include "endwatch.h"
#include "errors.h"
#include "file.h"
#include "guardian.h"
#include "sandbox.h"
#include "spawn.h"
#include "trust.h"
#include "ttyguard.h"
