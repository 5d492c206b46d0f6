// What libre repeats of our INVITE, and what of it may be changed before.

import CLibre

/// The headers and the description of an INVITE that may have to be sent again: with credentials, or with
/// another description.
final class InviteText {
  /// The description, as it is handed to libre.
  let description: UnsafeMutablePointer<mbuf>
  /// The headers, in the buffer in which libre keeps them.
  let headers: UnsafeMutablePointer<UnsafeMutablePointer<mbuf>?>

  /// Takes the description over.
  init(_ description: UnsafeMutablePointer<mbuf>) {
    self.description = description
    headers = .allocate(capacity: 1)
    headers.initialize(to: nil)
  }

  deinit {
    mem_deref(description)
    mem_deref(headers.pointee)
    headers.deallocate()
  }

  /// Writes other headers, each with its line end; false if libre keeps none.
  func rewrite(headers text: String) -> Bool {
    guard let buffer = headers.pointee else { return false }
    return Self.write(text, into: buffer)
  }

  /// Writes another description.
  func rewrite(description other: UnsafeMutablePointer<mbuf>) -> Bool {
    let bytes = UnsafeBufferPointer(start: mbuf_buf(other), count: mbuf_get_left(other))
    return Self.write(String(decoding: bytes, as: UTF8.self), into: description)
  }

  private static func write(_ text: String, into buffer: UnsafeMutablePointer<mbuf>) -> Bool {
    mbuf_rewind(buffer)
    let error = mbuf_write_str(buffer, text)
    mbuf_set_pos(buffer, 0)
    return error == 0
  }
}

/// Who has sent an INVITE that nobody has answered.
protocol Inviter: AnyObject {
  /// Looks at a refusal before libre does; true: the INVITE is to be sent again.
  func triesAgain(after refusal: UnsafePointer<sip_msg>) -> Bool
}
