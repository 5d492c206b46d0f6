// What `ccterm config check` asks: whether these settings can be used.

import CCCore
import CCJSON
import Glibc

/// Reads the settings as `register` would bring them, from stdin, and says what is wrong with them.
enum SettingsCheck {
  /// Prints a line for each thing that is wrong; the exit code: 0 nothing, 1 something.
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
    var sentences: [SafeText] = []
    do throws(Settings.Unusable) {
      // Whether there is a password is not asked here: it comes from its source when it is needed.
      let settings = try Settings(config, token: Secret("-"))
      sentences = settings.rules.warnings
    } catch { sentences = [SafeText(error.sentence)] }
    for sentence in sentences { print(sentence.string) }
    return sentences.isEmpty ? 0 : 1
  }
}
