// Looking at processes, to see that none is left.

import Foundation

/// Questions about the processes of this machine, by pid.
public enum Processes {
  /// Whether a process runs; one that has ended and waits to be reaped does not.
  public static func runs(_ pid: Int32) -> Bool {
    guard let fields = fields("/proc/\(pid)") else { return false }
    return fields.state != "Z" && fields.state != "X"
  }

  /// The running members of a process group.
  public static func group(_ group: Int32) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { Int32($0) }.filter { pid in
      guard let fields = fields("/proc/\(pid)") else { return false }
      return fields.group == group && fields.state != "Z"
    }
  }

  /// The running processes that descend from one, by their parents as they are now.
  public static func descendants(of root: Int32) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var children: [Int32: [Int32]] = [:]
    for pid in entries.compactMap({ Int32($0) }) {
      guard let fields = fields("/proc/\(pid)"), fields.state != "Z" else { continue }
      children[fields.parent, default: []].append(pid)
    }
    var found: [Int32] = []
    var next = children[root] ?? []
    while let pid = next.popLast() {
      found.append(pid)
      next += children[pid] ?? []
    }
    return found
  }

  /// The name of a process, as the kernel keeps it.
  public static func name(_ pid: Int32) -> String {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The state of each thread of a process (proc(5)), and where in the kernel it waits: `S do_poll`.
  public static func waits(_ pid: Int32) -> [String] {
    threads(pid).map { task in
      let place = try? String(contentsOfFile: "\(task)/wchan", encoding: .utf8)
      return "\(fields(task)?.state ?? "?") \(place ?? "?")"
    }
  }

  /// Whether every thread of a process has been stopped: the signal is on its way for a moment.
  public static func standsStill(_ pid: Int32) -> Bool {
    threads(pid).allSatisfy { fields($0)?.state == "T" }
  }

  private static func threads(_ pid: Int32) -> [String] {
    let tasks = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
    return (tasks ?? []).map { "/proc/\(pid)/task/\($0)" }
  }

  /// The processes that have all of these arguments.
  public static func with(argument arguments: String...) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { Int32($0) }.filter { pid in
      let line = (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline"))) ?? Data()
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return arguments.allSatisfy(words.contains)
    }
  }

  // The command stands in parentheses and may hold anything: the fields follow the last one.
  private static func fields(_ folder: String) -> (state: Substring, parent: Int32, group: Int32)? {
    guard let text = try? String(contentsOfFile: "\(folder)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 2, let parent = Int32(fields[1]), let group = Int32(fields[2]) else {
      return nil
    }
    return (fields[0], parent, group)
  }
}

/// Where the programs of this build are.
public enum Products {
  /// The path of a program that was built beside the tests.
  public static func path(_ name: String) -> String {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/" + name
  }
}

extension Processes {
  /// The processor time that a process has taken with all its threads, in seconds; nil where it is gone.
  public static func processorTime(_ pid: Int32) -> Double? {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return nil
    }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
