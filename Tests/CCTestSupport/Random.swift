// Chance that repeats itself: the same seed gives the same test.

import CCCore

/// The generator of the program's own demos: one row of numbers a seed.
public typealias Random = SplitMix
