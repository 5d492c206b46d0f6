// The script of `sdk.script: file:PATH`.

import Glibc

/// Reads it, each time it is asked for: who mends it need not start the line again.
enum ScriptFile {
  static func read(_ path: String, limit: Int) -> Result<[UInt8], Settings.Unusable> {
    func refused(_ why: String) -> Result<[UInt8], Settings.Unusable> {
      .failure(.init(sentence: "sdk.script: \(path) \(why)."))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      return refused("cannot be read: " + String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return refused("is no file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return refused("cannot be read") }
      if count == 0 { return .success(bytes) }
      bytes += chunk[..<count]
      if bytes.count > limit { return refused("is larger than \(limit >> 20) MB") }
    }
  }
}
