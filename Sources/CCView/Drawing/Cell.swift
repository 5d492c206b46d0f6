// One cell of a grid, in plain bits: a frame is thousands of them, and nearly all are as they were.

/// One cell of a grid: a base and its combining marks, or the right half of a wide base.
///
/// It is two words and holds no string: making, comparing and dropping rows of strings was most of
/// what a key cost.
public struct Cell: Hashable, Sendable {
  /// A base has at most this many combining marks.
  public static let mostMarks = 4

  /// The base and two marks, 21 bits each, the base lowest; 0 where there is none.
  @usableFromInline var front: UInt64
  /// Two more marks; then width, role and reverse.
  @usableFromInline var back: UInt64

  /// Makes a cell of one scalar.
  public init(_ scalar: Unicode.Scalar, width: UInt8 = 1, style: Style = Style()) {
    front = UInt64(scalar.value)
    back = Self.look(width, style)
  }

  /// Makes a cell of a base and its marks, or of no text the right half of a wide base.
  public init(_ text: String, width: UInt8 = 1, style: Style = Style()) {
    front = 0
    back = Self.look(width, style)
    for scalar in text.unicodeScalars { append(scalar) }
  }

  /// Makes a blank.
  public init(style: Style = Style()) { self.init(" " as Unicode.Scalar, style: style) }

  /// Whether both show the same.
  @inlinable public static func == (one: Cell, other: Cell) -> Bool {
    one.front == other.front && one.back == other.back
  }

  private static func look(_ width: UInt8, _ style: Style) -> UInt64 {
    UInt64(width & 3) << Bits.width | UInt64(style.role.rawValue) << Bits.role
      | (style.reverse ? 1 << Bits.reverse : 0)
  }
}

/// What stands where in the second word, and how scalars share both.
private enum Bits {
  static let scalar = 21
  static let scalarsInFront = 3
  static let marks: UInt64 = 1 << 42 - 1
  static let width: UInt64 = 42
  static let role: UInt64 = 44
  static let reverse: UInt64 = 52
}

// MARK: - What it shows

extension Cell {
  /// The width of the base in cells, 1 or 2; 0 for the right half.
  public var width: UInt8 {
    get { UInt8(truncatingIfNeeded: back >> Bits.width & 3) }
    set { back = back & Bits.marks | Self.look(newValue, style) }
  }

  /// How it looks.
  public var style: Style {
    get {
      let role = Role(rawValue: UInt8(truncatingIfNeeded: back >> Bits.role))
      return Style(role ?? .plain, reverse: back >> Bits.reverse & 1 == 1)
    }
    set { back = back & Bits.marks | Self.look(width, newValue) }
  }

  /// The scalars: one base and at most four combining marks; empty for the right half of a wide base.
  public var text: String {
    get {
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      return text
    }
    set { self = Cell(newValue, width: width, style: style) }
  }

  /// The scalars, without making a string.
  public var scalars: Scalars { Scalars(front: front, back: back & Bits.marks) }

  /// The base where it stands alone; nil where it has marks, and in the right half of a wide base.
  public var single: Unicode.Scalar? {
    guard front != 0, front >> UInt64(Bits.scalar) == 0 else { return nil }
    return Unicode.Scalar(UInt32(truncatingIfNeeded: front))
  }

  /// Adds a scalar: the base, then its marks; a mark too many is left out.
  public mutating func append(_ scalar: Unicode.Scalar) {
    let count = scalars.count
    guard count <= Self.mostMarks else { return }
    let bits = UInt64(scalar.value)
    if count < Bits.scalarsInFront {
      front |= bits << UInt64(count * Bits.scalar)
    } else {
      back |= bits << UInt64((count - Bits.scalarsInFront) * Bits.scalar)
    }
  }

  /// The scalars of a cell, the base first.
  public struct Scalars: RandomAccessCollection, Sendable {
    fileprivate let front: UInt64
    fileprivate let back: UInt64

    /// The first index.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int {
      let word = back == 0 ? front : back
      let used = UInt64.bitWidth - word.leadingZeroBitCount
      return (used + Bits.scalar - 1) / Bits.scalar + (back == 0 ? 0 : Bits.scalarsInFront)
    }

    /// The scalar at an index.
    public subscript(index: Int) -> Unicode.Scalar {
      let isInFront = index < Bits.scalarsInFront
      let place = isInFront ? index : index - Bits.scalarsInFront
      let bits = (isInFront ? front : back) >> UInt64(place * Bits.scalar)
      return Unicode.Scalar(UInt32(truncatingIfNeeded: bits) & 0x1F_FFFF) ?? "\u{FFFD}"
    }
  }
}
