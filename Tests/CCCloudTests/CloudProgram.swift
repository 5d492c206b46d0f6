// ccterm-cloud at work, with its ends in files.

import CCJSON
import CCTestSupport
import CLinux
import Foundation

/// A run of `ccterm-cloud` (or `ccterm`) in a folder of its own.
final class CloudProgram: Sendable {
  let child: TestChild
  let folder: TestFolder
  private let name: String
  private let held: Int32

  /// Starts a run; its stdout and stderr are `NAME.out` and `NAME.err` in the folder.
  ///
  /// - Parameters:
  ///   - settings: what it gets on stdin, with `--settings 0`.
  ///   - input: what it gets on stdin otherwise.
  ///   - holdsInput: whether stdin stays open, without a word, as long as the value lives.
  init(
    _ arguments: [String], program: String = "ccterm-cloud", name: String = "run",
    settings: String? = nil, input: String? = nil, holdsInput: Bool = false,
    environment: [String] = [], in folder: TestFolder
  ) throws {
    self.folder = folder
    self.name = name
    var pipe: [Int32] = [-1, -1]
    if holdsInput { pipe2(&pipe, O_CLOEXEC) }
    held = pipe[1]
    let given = try folder.write("\(name).in", settings ?? input ?? "")
    let ends = [
      holdsInput ? pipe[0] : open(given, O_RDONLY | O_CLOEXEC),
      open(folder.path("\(name).out"), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600),
      open(folder.path("\(name).err"), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600),
    ]
    defer { for end in ends { close(end) } }
    let words = [Products.path(program)] + arguments + (settings == nil ? [] : ["--settings", "0"])
    child = try TestChild(
      "/usr/bin/env", environment + words, in: folder.url.path, input: ends[0], output: ends[1],
      error: ends[2])
    // The settings hold secrets: nothing of them stays on the disk while the program is looked at.
    try FileManager.default.removeItem(atPath: given)
  }

  deinit { if held >= 0 { close(held) } }

  var out: String { folder.read("\(name).out") }
  var errors: String { folder.read("\(name).err") }

  /// Runs to the end.
  static func once(
    _ arguments: [String], program: String = "ccterm-cloud", settings: String? = nil,
    input: String? = nil, environment: [String] = [], in folder: TestFolder
  ) async throws -> (code: Int32, out: String, errors: String) {
    let run = try CloudProgram(
      arguments, program: program, name: "once", settings: settings, input: input,
      environment: environment, in: folder)
    let code = try await run.child.ended()
    return (code, run.out, run.errors)
  }
}
