// Names in descriptions of sound, looked up one after another.

import CLibre

/// Asks for the addresses of names, each in its turn; those that want sound wait, and nobody else does.
final class NameBook {
  private let resolver: Resolver
  private var waiting: [(name: String, done: (sa?) -> Void)] = []
  private var isBusy = false

  /// More names than this do not wait.
  private static let most = 8

  /// Nil if there is no memory for it; it lives as long as the program.
  init?() {
    guard let resolver = Resolver() else { return nil }
    self.resolver = resolver
  }

  /// Looks a name up; `done` hears its first address, or nil.
  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void) {
    guard waiting.count < Self.most else { return done(nil) }
    waiting.append((name, done))
    next()
  }

  private func next() {
    guard !isBusy, !waiting.isEmpty else { return }
    isBusy = true
    let (name, done) = waiting.removeFirst()
    resolver.resolve(name, port: 0) { [weak self] addresses in
      done(addresses.first)
      self?.isBusy = false
      self?.next()
    }
  }
}
