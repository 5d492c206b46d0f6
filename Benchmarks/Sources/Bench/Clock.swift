// The clock of all measures, and waiting on it.

import Glibc

/// Nanoseconds of CLOCK_MONOTONIC.
func now() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

let millisecond: Int64 = 1_000_000
let second: Int64 = 1_000_000_000

/// Lets time pass; only where time itself is what is measured, or to pace a typist.
func pause(_ nanoseconds: Int64) {
  let end = now() + nanoseconds
  while true {
    let left = end - now()
    guard left > 0 else { return }
    var time = timespec(tv_sec: Int(left / second), tv_nsec: Int(left % second))
    nanosleep(&time, nil)
  }
}

/// What stops a measure that cannot go on.
struct BenchError: Error {
  let words: String
  init(_ words: String) { self.words = words }
}
