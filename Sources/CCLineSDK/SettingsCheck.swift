// What `ccterm config check` asks: whether these settings can be used.

import CCCore
import CCJSON
import Glibc

/// Reads the settings as `register` would bring them, from stdin, and says what is wrong with them.
enum SettingsCheck {
  /// Prints what is wrong; the exit code: 0 nothing, 1 something.
  static func run() -> Int32 {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < 1 << 20 {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    let config = try? JSONReader.read(bytes, limits: .init(bytes: 1 << 20))
    do throws(Settings.Unusable) {
      _ = try Settings(config)
      return 0
    } catch {
      print(SafeText(error.sentence).string)
      return 1
    }
  }
}
