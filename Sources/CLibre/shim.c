#include "CLibre.h"
