// Asking a sound server for its devices.

import CPulse

/// Takes stock of all devices, again where something changes meanwhile.
///
/// All of it is used under the lock of libpulse's thread.
final class PulseInventory: @unchecked Sendable {
  /// What the last stock-taking found.
  private(set) var last = SoundDevices()
  /// Called after each, on libpulse's thread.
  var done: () -> Void = {}
  private let library: cc_pulse
  private var found = SoundDevices()
  private var context: OpaquePointer?
  private var isStale = false

  init(_ library: cc_pulse) { self.library = library }

  /// Asks for all devices.
  func take(of context: OpaquePointer) {
    guard self.context == nil else {
      isStale = true
      return
    }
    self.context = context
    isStale = false
    found = SoundDevices()
    let me = Unmanaged.passUnretained(self).toOpaque()
    forget(library.server_info(context, pulseServerInfo, me))
    forget(library.sources(context, pulseSource, me))
    // The last answer of the three.
    forget(library.sinks(context, pulseSink, me))
  }

  /// The connection is gone: what was asked is not answered.
  func stop() { context = nil }

  private func forget(_ operation: OpaquePointer?) {
    if let operation { library.operation_unref(operation) }
  }

  fileprivate func add(_ change: (inout SoundDevices) -> Void) { change(&found) }

  fileprivate func end() {
    guard let context else { return }
    self.context = nil
    last = found
    if isStale { take(of: context) } else { done() }
  }
}

// MARK: libpulse's callbacks, on its thread and under its lock

private func inventory(_ argument: UnsafeMutableRawPointer?) -> PulseInventory? {
  argument.map { Unmanaged<PulseInventory>.fromOpaque($0).takeUnretainedValue() }
}

private func pulseServerInfo(
  _: OpaquePointer?, _ info: UnsafePointer<pa_server_info>?, _ argument: UnsafeMutableRawPointer?
) {
  guard let info = info?.pointee else { return }
  inventory(argument)?.add {
    $0.server =
      "\(SoundDevices.text(info.server_name)) \(SoundDevices.text(info.server_version))"
    $0.usualSource = SoundDevices.text(info.default_source_name)
    $0.usualSink = SoundDevices.text(info.default_sink_name)
  }
}

private func pulseSource(
  _: OpaquePointer?, _ info: UnsafePointer<pa_source_info>?, _ end: Int32,
  _ argument: UnsafeMutableRawPointer?
) {
  guard end == 0, let info = info?.pointee else { return }
  let device = SoundDevices.Device(
    name: SoundDevices.text(info.name), description: SoundDevices.text(info.description),
    isMonitor: info.monitor_of_sink != UInt32.max)
  inventory(argument)?.add { $0.sources.append(device) }
}

private func pulseSink(
  _: OpaquePointer?, _ info: UnsafePointer<pa_sink_info>?, _ end: Int32,
  _ argument: UnsafeMutableRawPointer?
) {
  guard end == 0, let info = info?.pointee else {
    inventory(argument)?.end()
    return
  }
  let device = SoundDevices.Device(
    name: SoundDevices.text(info.name), description: SoundDevices.text(info.description),
    isMonitor: false)
  inventory(argument)?.add { $0.sinks.append(device) }
}
