// What the kernel knows of a process.

import Glibc

/// What a process used up, all of its threads.
struct Usage {
  /// Nanoseconds on a processor.
  var processor: Int64 = 0
  /// Times it went to sleep by itself, which is how often it woke.
  var sleeps: Int64 = 0

  init(of pid: pid_t) {
    for thread in names(in: "/proc/\(pid)/task") {
      let folder = "/proc/\(pid)/task/\(thread)"
      processor += Int64(text(of: "\(folder)/schedstat").split(separator: " ").first ?? "") ?? 0
      for row in text(of: "\(folder)/status").split(separator: "\n")
      where row.hasPrefix("voluntary_ctxt_switches") {
        sleeps += Int64(row.split(separator: "\t").last ?? "") ?? 0
      }
    }
  }
}

/// Its proportional share of memory, in megabytes.
func memory(of pid: pid_t) -> Double {
  for row in text(of: "/proc/\(pid)/smaps_rollup").split(separator: "\n")
  where row.hasPrefix("Pss:") {
    return (Double(row.split(separator: " ").dropFirst().first ?? "") ?? 0) / 1024
  }
  return 0
}

/// How many files and sockets it holds open.
func descriptors(of pid: pid_t) -> Int { names(in: "/proc/\(pid)/fd").count }

/// A TCP port on which a process listens.
func listeningPort(of pid: pid_t) -> UInt16? {
  let folder = "/proc/\(pid)/fd"
  let sockets = Set(names(in: folder).compactMap { link(at: "\(folder)/\($0)") })
  for row in text(of: "/proc/\(pid)/net/tcp").split(separator: "\n").dropFirst() {
    let cells = row.split(separator: " ")
    guard cells.count > 9, cells[3] == "0A", sockets.contains("socket:[\(cells[9])]") else {
      continue
    }
    return cells[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
  }
  return nil
}

private func link(at path: String) -> String? {
  var bytes = [CChar](repeating: 0, count: 256)
  let count = readlink(path, &bytes, bytes.count)
  return count > 0
    ? String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
}

/// The machine in a line: the figures are worth as much as it is quiet.
func machine() -> String {
  let model = text(of: "/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
  let name = model?.split(separator: ":").last.map { $0.drop { $0 == " " } } ?? "unknown processor"
  let load = text(of: "/proc/loadavg").split(separator: " ").first ?? "?"
  return "\(name), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors, load \(load)"
}

/// Removes a folder and all that is in it; a link is removed, never followed.
func removeAll(_ path: String) {
  if remove(path) == 0 { return }
  for name in names(in: path) { removeAll("\(path)/\(name)") }
  rmdir(path)
}

private func text(of path: String) -> String {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return "" }
  defer { close(file) }
  // A file of /proc says of itself that it is empty.
  var (all, bytes) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
  while case let count = read(file, &bytes, bytes.count), count > 0 { all += bytes[..<count] }
  return String(decoding: all, as: UTF8.self)
}

private func names(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names = [String]()
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
