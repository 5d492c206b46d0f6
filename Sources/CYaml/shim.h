#pragma once
/* libyaml: the reference YAML parser. Taken directly: a Swift wrapper round it would bring the whole
   of Foundation into a desk that starts in milliseconds (see ARCHITECTURE.md, decisions). */
#include <yaml.h>
