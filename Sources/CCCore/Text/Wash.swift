// The washing itself.

/// Turns foreign scalars into what may be shown.
enum Wash {
  static func text(_ scalars: some Sequence<Unicode.Scalar>, limit: Int) -> String {
    var out = ""
    for scalar in scalars { out.unicodeScalars.append(scalar) }
    return out
  }
}
