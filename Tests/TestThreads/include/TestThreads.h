// Threads for the tasks of the tests: see threads.c. There is nothing to call.
#pragma once
