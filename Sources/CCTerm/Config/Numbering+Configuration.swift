// The numbering of a configuration.

import CCCore

extension Numbering {
  /// What `numbers.country` says.
  init(_ configuration: Configuration) {
    self.init(configuration.text("numbers.country").flatMap { Country($0) })
  }
}
