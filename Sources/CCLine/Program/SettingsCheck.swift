// What `ccterm config check` asks of a line program: whether its settings can be used.

import CCCore
import CCJSON

/// Reads the settings as `register` would bring them, from stdin, and says what is wrong with them.
public enum SettingsCheck {
  /// Prints a line for each thing that is wrong; the exit code: 0 nothing, 1 something.
  public static func run(_ wrong: (JSONValue?) -> [SafeText]) -> Int32 {
    let config = try? JSONReader.read(StandardInput.all(), limits: .init(bytes: StandardInput.most))
    let sentences = wrong(config)
    for sentence in sentences { print(sentence.string) }
    return sentences.isEmpty ? 0 : 1
  }
}
