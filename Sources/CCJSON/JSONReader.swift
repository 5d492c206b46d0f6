// Strict, bounded reading of JSON (RFC 8259).

/// Reads one JSON text.
///
/// Strict: UTF-8 without a byte order mark, no lone surrogates, no leading zeros, no comments, nothing
/// after the value, no number beyond a double. Bounded: a text and its nesting have limits, so that a
/// stranger's text costs no more than a small multiple of its length in time and memory.
public enum JSONReader {
  /// What a text may not exceed.
  public struct Limits: Hashable, Sendable {
    /// Bytes of the whole text.
    public var bytes: Int
    /// Arrays and objects inside one another.
    public var depth: Int

    /// Makes limits; those of the line protocol by default.
    public init(bytes: Int = 65_536, depth: Int = 32) {
      self.bytes = bytes
      self.depth = depth
    }
  }

  /// Reads a text.
  ///
  /// - Throws: `JSONError` with the reason and the place.
  public static func read(
    _ text: some Collection<UInt8>, limits: Limits = Limits()
  ) throws(JSONError) -> JSONValue {
    let result = text.withContiguousStorageIfAvailable { read($0, limits) }
    if let result { return try result.get() }
    return try [UInt8](text).withUnsafeBufferPointer { read($0, limits) }.get()
  }

  /// Reads a text given as a string.
  ///
  /// - Throws: `JSONError` with the reason and the place.
  public static func read(
    _ text: String, limits: Limits = Limits()
  ) throws(JSONError) -> JSONValue {
    try read(text.utf8, limits: limits)
  }

  /// Reads a text whose strings may be broken, as a stranger's name is.
  ///
  /// Bytes that are not UTF-8 and halves of surrogates become U+FFFD, raw controls in strings stay as
  /// they are; all else is as strict as in `read`. For messages in which a name must not hide what
  /// happened; not for tokens, orders or files of our own, which are right or refused.
  ///
  /// - Throws: `JSONError` with the reason and the place; of a text that is no JSON even so, the first.
  public static func readRepairing(
    _ text: some Collection<UInt8>, limits: Limits = Limits()
  ) throws(JSONError) -> (value: JSONValue, wasBroken: Bool) {
    let first: JSONError
    do throws(JSONError) { return (try read(text, limits: limits), false) } catch { first = error }
    switch first.reason {
    case .badUTF8, .loneSurrogate, .controlCharacter: break
    default: throw first
    }
    // What is put in for a byte is three long.
    let whole = String(decoding: text, as: UTF8.self)
    let wider = Limits(bytes: limits.bytes * 3, depth: limits.depth)
    var bytes = whole
    let result = bytes.withUTF8 { read($0, wider, repairs: true) }
    guard case .success(let value) = result else { throw first }
    return (value, true)
  }

  private static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ limits: Limits, repairs: Bool = false
  ) -> Result<JSONValue, JSONError> {
    guard bytes.count <= limits.bytes else {
      return .failure(JSONError(.tooLong, at: limits.bytes))
    }
    if let offset = UTF8Check.firstError(bytes) { return .failure(JSONError(.badUTF8, at: offset)) }
    var scanner = JSONScanner(bytes, depth: limits.depth, repairs: repairs)
    do throws(JSONError) {
      return .success(try scanner.text())
    } catch {
      return .failure(error)
    }
  }
}
