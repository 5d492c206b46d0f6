// Arithmetic on figures from outside: it stops at the ends of the range, and never traps.

extension FixedWidthInteger {
  /// The sum, or the end of the range that it lies beyond.
  public func plus(_ other: Self) -> Self {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the end of the range that it lies beyond.
  public func minus(_ other: Self) -> Self {
    let (difference, isOver) = subtractingReportingOverflow(other)
    return isOver ? (other > 0 ? .min : .max) : difference
  }

  /// The product, or the end of the range that it lies beyond.
  public func times(_ other: Self) -> Self {
    let (product, isOver) = multipliedReportingOverflow(by: other)
    return isOver ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}

extension Int64 {
  /// The whole part of a number, or the end of the range that it lies beyond; what is no number is 0.
  public init(nearest value: Double) {
    if value >= 0x1p63 {
      self = .max
    } else if value <= -0x1p63 {
      self = .min
    } else {
      self = value.isNaN ? 0 : Int64(value)
    }
  }

  /// So many seconds in nanoseconds.
  public static func seconds(_ count: Int) -> Int64 { Int64(count).times(Instant.second) }
}
