// The figures that break arithmetic, as values and as JSON writes them.

/// Numbers at the ends of what machines count in, and beside each.
public enum Extremes {
  /// 0, ±1, and the powers of two at which something ends, each with its neighbours.
  public static let integers: [Int64] = {
    var all: Set<Int64> = [
      0, 1, -1, .max, .min, .max - 1, .min + 1, 9_999, 10_000, -9_999, -10_000,
    ]
    for power in [15, 16, 31, 32, 52, 53, 62] {
      let edge = Int64(1) << Int64(power)
      for value in [edge - 1, edge, edge + 1] { all.formUnion([value, -value]) }
    }
    return all.sorted()
  }()

  /// The same as doubles, with what no integer is.
  public static let doubles: [Double] =
    integers.map { Double($0) } + [
      .nan, .infinity, -.infinity, 1e308, -1e308, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, 0.1, -0.1, -0.0, 0x1p63, 0x1p64, -0x1p64, 1e18, 1e19,
    ]

  /// Numbers as a JSON text has them, some of them beyond what a double holds, some no numbers at all.
  public static let texts: [String] =
    integers.map { String($0) } + integers.map { "\"\($0)\"" } + [
      "9223372036854775808", "18446744073709551616", "-9223372036854775809", "1e308", "-1e308",
      "1e400", "-1e400", "1e-400", "-0", "-0.0", "1E5", "1e5", "0.1", "1.5e1", "2.0", "1e18",
      "1e19",
      "9007199254740993.0", "\"1e308\"", "\"1e400\"", "\"nan\"", "\"inf\"", "\"-inf\"", "\"0x10\"",
      "\" 3 \"", "null", "true", "[]", "{}", "[[[3]]]", "\"\"",
      String(repeating: "9", count: 400), "0." + String(repeating: "0", count: 400) + "1",
    ]
}
