// What a broker tells one connection, through the library's callbacks; on the thread of the bus.

import CCCore
import CMosquitto
import Glibc

/// Takes down what the library calls back with while it reads, and passes on what is for the owner.
final class BusEars {
  private let mailbox: BusMailbox
  /// What the broker answered to our wish to connect; 0: it took us.
  private(set) var answer: Int32?
  /// Packets so far.
  private(set) var received = 0
  /// Retained messages since this was set to 0.
  var retained = 0
  /// The tags of what the broker has not confirmed yet, by packet.
  var unconfirmed: [Int32: UInt64] = [:]
  /// The filters that were asked for and not answered yet, by packet.
  var asked: [Int32: String] = [:]
  /// Those that the broker refused.
  var refusedFilters: [String] = []
  /// The last errors that the library logged.
  private(set) var logs: [String] = []
  /// What was wrong with the certificate when an error was logged; 0: nothing.
  ///
  /// After it the library may have taken the connection down already.
  private(set) var certificateFault = 0
  private var library: BusLibrary?

  init(_ mailbox: BusMailbox) { self.mailbox = mailbox }

  /// What the callbacks of a client made by the library are to be given.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Listens to a client that was made with `context`.
  func listen(to handle: OpaquePointer, _ library: BusLibrary) {
    self.library = library
    let call = library.call
    call.pointee.on_connect(handle, connected)
    call.pointee.on_message(handle, messageCame)
    call.pointee.on_subscribe(handle, subscribed)
    call.pointee.on_publish(handle, published)
    call.pointee.on_log(handle, logged)
  }

  fileprivate func hear(answer: Int32) { self.answer = answer }

  fileprivate func hear(_ message: mosquitto_message) {
    received += 1
    if message.retain { retained += 1 }
    guard let topic = message.topic else { return }
    let name = UnsafeRawBufferPointer(start: topic, count: strlen(topic))
    guard message.payloadlen <= BusClient.Limits.payload, name.count <= Int(UInt16.max) else {
      mailbox.post(.tooLong(topic: SafeText(bytes: Array(name.prefix(256)))))
      return
    }
    let payload = UnsafeRawBufferPointer(
      start: message.payload, count: Int(max(0, message.payloadlen)))
    mailbox.post(topic: name, payload: payload, isRetained: message.retain)
  }

  fileprivate func hearSubscribed(_ id: Int32, isGranted: Bool) {
    received += 1
    guard let filter = asked.removeValue(forKey: id) else { return }
    if !isGranted {
      refusedFilters.append(filter)
      mailbox.post(.refused(filter: SafeText(filter)))
    }
    if asked.isEmpty { mailbox.post(.subscribed) }
  }

  fileprivate func hearPublished(_ id: Int32) {
    received += 1
    guard let tag = unconfirmed.removeValue(forKey: id), tag != 0 else { return }
    mailbox.post(.delivered(tag: tag))
  }

  fileprivate func hearLog(_ words: String, of handle: OpaquePointer?) {
    logs = logs.suffix(7) + [words]
    guard certificateFault == 0, let handle, let call = library?.call,
      let tls = call.pointee.tls(handle)
    else { return }
    certificateFault = call.pointee.certificate_fault?(tls) ?? 0
  }
}

// The callbacks: at file scope, so that they belong to no actor; called within `read`, on this thread.

private func ears(_ context: UnsafeMutableRawPointer?) -> BusEars? {
  context.map { Unmanaged<BusEars>.fromOpaque($0).takeUnretainedValue() }
}

private func connected(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ answer: Int32) {
  ears(context)?.hear(answer: answer)
}

private func messageCame(
  _: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
  _ message: UnsafePointer<mosquitto_message>?
) {
  if let message { ears(context)?.hear(message.pointee) }
}

private func subscribed(
  _: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ id: Int32, _ count: Int32,
  _ granted: UnsafePointer<Int32>?
) {
  let isGranted = count > 0 && granted.map { $0[0] & 0x80 == 0 } ?? false
  ears(context)?.hearSubscribed(id, isGranted: isGranted)
}

private func published(_: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ id: Int32) {
  ears(context)?.hearPublished(id)
}

private func logged(
  _ handle: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ level: Int32,
  _ words: UnsafePointer<CChar>?
) {
  guard level == MOSQ_LOG_ERR, let words else { return }
  ears(context)?.hearLog(String(cString: words), of: handle)
}
