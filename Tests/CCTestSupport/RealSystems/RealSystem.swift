// Where the real telephone systems are that a line is held against.

import Foundation

/// A telephone system as it is installed, or as it was unpacked for the tests.
///
/// `CCTERM_PEERS` names a folder with `asterisk` and `freeswitch`, unpacked or as archives
/// (`asterisk.tar.xz`): with it nothing is skipped. Without it they are looked for in PATH, and a test
/// that finds none is skipped and says so.
public enum RealSystem: String, Sendable, CaseIterable {
  case asterisk, freeswitch

  /// Where it was found.
  public enum Place: Sendable, Hashable {
    /// Unpacked: a folder with a program `run` in it.
    case folder(String)
    /// The system's own.
    case program(String)
  }

  /// Whether tests with it run; where it should be and is not, they run and fail.
  public var isExpected: Bool { Self.folder != nil || inPath != nil }

  /// Why tests with it are skipped.
  public var absence: String {
    "there is no \(rawValue) in PATH, and CCTERM_PEERS names no folder with one"
  }

  /// Finds it; archives are unpacked once in a process.
  public func place() throws -> Place {
    guard let folder = Self.folder else {
      guard let program = inPath else { throw NotInTime(absence) }
      return .program(program)
    }
    let unpacked = "\(folder)/\(rawValue)"
    if access("\(unpacked)/run", X_OK) == 0 { return .folder(unpacked) }
    return .folder(try Self.unpacked.with { try $0.folder(of: self, from: folder) })
  }

  private static var folder: String? {
    let value = ProcessInfo.processInfo.environment["CCTERM_PEERS"] ?? ""
    return value.isEmpty ? nil : value
  }

  private var inPath: String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(rawValue)" }.first { access($0, X_OK) == 0 }
  }

  private static let unpacked = Mutexed(Unpacked())
}

/// The archives that this process has unpacked; they go with it.
private struct Unpacked: Sendable {
  private var folders: [RealSystem: String] = [:]

  mutating func folder(of system: RealSystem, from place: String) throws -> String {
    if let folder = folders[system] { return folder }
    let archive = "\(place)/\(system.rawValue).tar.xz"
    guard access(archive, R_OK) == 0 else {
      throw NotInTime("CCTERM_PEERS=\(place) has neither \(system.rawValue)/run nor \(archive)")
    }
    let tar = try TestChild.run("/usr/bin/tar", ["xJf", archive, "-C", try Self.root()])
    let folder = "\(try Self.root())/\(system.rawValue)"
    guard tar.code == 0, access("\(folder)/run", X_OK) == 0 else {
      throw NotInTime("tar could not unpack \(archive)")
    }
    folders[system] = folder
    return folder
  }

  private static let made = Mutexed<String?>(nil)

  /// A folder that is removed when the process ends.
  private static func root() throws -> String {
    try made.with { made in
      if let made { return made }
      let place = FileManager.default.temporaryDirectory.appending(
        path: "cc-systems-\(UUID().uuidString.prefix(8))"
      ).path
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      atexit { Unpacked.made.with { if let place = $0 { removeAll(place) } } }
      made = place
      return place
    }
  }
}

private func removeAll(_ place: String) { try? FileManager.default.removeItem(atPath: place) }

/// The configuration that the documents show, filled in for a test.
struct DocumentedFile {
  /// Its text, for another place than the document's.
  var text: String

  /// Reads a file of a system's folder beside this one.
  init(_ system: RealSystem, _ name: String) throws {
    text = try String(contentsOfFile: Self.path(system, name), encoding: .utf8)
  }

  /// Puts a value of the test in the place of the document's; it must be there.
  mutating func replace(_ old: String, by new: String) throws {
    guard text.contains(old) else { throw NotInTime("the documented file has no \(old)") }
    text = text.replacing(old, with: new)
  }

  static func path(_ system: RealSystem, _ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "\(system.rawValue)/\(name)").path
  }
}

extension RealSystem {
  /// The files of its configuration that the documents show.
  public var documentedFiles: [String] {
    switch self {
    case .asterisk: ["pjsip.conf", "queues.conf", "extensions.conf"]
    case .freeswitch: ["freeswitch.xml"]
    }
  }

  /// One of them, as it is.
  public func documented(_ name: String) throws -> String {
    try DocumentedFile(self, name).text
  }
}
