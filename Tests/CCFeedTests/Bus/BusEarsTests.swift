// What the library calls back with, word by word: a broker that says everything there is to say.

import CCCore
import CMosquitto
import Foundation
import Synchronization
import Testing

@testable import CCFeed

/// The callbacks that a client set last, in the place of the library's own client.
private struct Callbacks: @unchecked Sendable {
  var connected: (@convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32) -> Void)?
  var message:
    (
      @convention(c) (
        OpaquePointer?, UnsafeMutableRawPointer?, UnsafePointer<mosquitto_message>?
      ) -> Void
    )?
  var subscribed:
    (
      @convention(c) (
        OpaquePointer?, UnsafeMutableRawPointer?, Int32, Int32, UnsafePointer<Int32>?
      ) -> Void
    )?
  var published: (@convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int32) -> Void)?
  var logged:
    (
      @convention(c) (
        OpaquePointer?, UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?
      ) -> Void
    )?
  /// What OpenSSL finds wrong with the certificate.
  var fault = 0
}

private let callbacks = Mutex(Callbacks())

@Suite(.serialized) struct BusEarsTests {
  private let box: BusMailbox
  private let ears: BusEars
  private let table: UnsafeMutablePointer<cc_mosquitto>

  init() throws {
    box = try BusMailbox()
    ears = BusEars(box)
    table = .allocate(capacity: 1)
    var calls = try BusLibrary.opened().call.pointee
    calls.on_connect = { _, callback in callbacks.withLock { $0.connected = callback } }
    calls.on_message = { _, callback in callbacks.withLock { $0.message = callback } }
    calls.on_subscribe = { _, callback in callbacks.withLock { $0.subscribed = callback } }
    calls.on_publish = { _, callback in callbacks.withLock { $0.published = callback } }
    calls.on_log = { _, callback in callbacks.withLock { $0.logged = callback } }
    calls.tls = { $0.map { UnsafeMutableRawPointer($0) } }
    calls.certificate_fault = { _ in callbacks.withLock { $0.fault } }
    table.initialize(to: calls)
    callbacks.withLock { $0 = Callbacks() }
    ears.listen(to: handle, BusLibrary(call: table))
  }

  private var handle: OpaquePointer { OpaquePointer(table) }

  private func events() -> [BusEvent] {
    var events: [BusEvent] = []
    _ = box.take { events.append($0.copy) }
    return events
  }

  private func say(topic: String, _ payload: [UInt8], retained: Bool = false) {
    var topic = Array(topic.utf8CString)
    var payload = payload
    topic.withUnsafeMutableBufferPointer { topic in
      payload.withUnsafeMutableBytes { payload in
        var message = mosquitto_message()
        message.topic = topic.baseAddress
        message.payload = payload.baseAddress
        message.payloadlen = Int32(payload.count)
        message.retain = retained
        callbacks.withLock { $0.message }?(handle, ears.context, &message)
      }
    }
  }

  @Test func theBrokersAnswerIsTakenDown() {
    #expect(ears.answer == nil, "it has not answered yet")
    for answer: Int32 in [5, 0] {
      callbacks.withLock { $0.connected }?(handle, ears.context, answer)
      #expect(ears.answer == answer)
    }
    #expect(events() == [])
  }

  @Test func aMessageComesAsItIs() {
    #expect(ears.received == 0 && ears.retained == 0)
    say(topic: "a/seat", [1, 2], retained: true)
    say(topic: "b/call", [])
    #expect(
      events() == [
        .message(BusMessage(topic: "a/seat", payload: [1, 2], isRetained: true)),
        .message(BusMessage(topic: "b/call", payload: [], isRetained: false)),
      ])
    #expect(ears.received == 2 && ears.retained == 1)
    ears.retained = 0
    say(topic: "a/seat", [1], retained: true)
    #expect(ears.received == 3 && ears.retained == 1)
  }

  /// The longest payload that a desk may send is taken; one byte more is told of, and so is a topic
  /// that is longer than any of MQTT.
  @Test func whatIsTooLongIsOnlyNamed() {
    let longest = [UInt8](repeating: 7, count: BusClient.Limits.payload)
    say(topic: "a/seat", longest)
    #expect(
      events() == [.message(BusMessage(topic: "a/seat", payload: longest, isRetained: false))])
    say(topic: "a/seat", longest + [7])
    #expect(events() == [.tooLong(topic: "a/seat")])
    let wide = String(repeating: "x", count: Int(UInt16.max))
    say(topic: wide, [1])
    #expect(events() == [.message(BusMessage(topic: wide, payload: [1], isRetained: false))])
    say(topic: wide + "x", [1])
    guard case .tooLong(let topic)? = events().first else {
      Issue.record("nothing was told")
      return
    }
    #expect(topic.cells <= 256 && topic.string.hasPrefix("xxxx"))
    #expect(ears.received == 4, "too long or not, the broker lives")
  }

  /// Each filter is granted or refused by the broker's own code; all are answered when the last is.
  @Test func everyFilterIsAnswered() {
    func answer(_ id: Int32, _ codes: [Int32]?) {
      let callback = callbacks.withLock { $0.subscribed }
      if let codes {
        callback?(handle, ears.context, id, Int32(codes.count), codes)
      } else {
        callback?(handle, ears.context, id, 1, nil)
      }
    }
    // MQTT 3.1.1, 3.9.3: 0 to 2 is what was granted, 128 a refusal.
    for code: Int32 in [0, 1, 2] {
      ears.asked = [3: "a/seat"]
      answer(3, [code])
      #expect(events() == [.subscribed] && ears.refusedFilters == [])
    }
    for codes in [[0x80], [], nil] as [[Int32]?] {
      ears.asked = [3: "a/seat"]
      ears.refusedFilters = []
      answer(3, codes)
      #expect(events() == [.refused(filter: "a/seat"), .subscribed])
      #expect(ears.refusedFilters == ["a/seat"] && ears.asked.isEmpty)
    }
    ears.asked = [3: "a/seat", 4: "a/call"]
    ears.refusedFilters = []
    answer(3, [0x80])
    #expect(events() == [.refused(filter: "a/seat")], "one is still to come")
    answer(9, [0])
    #expect(events() == [] && ears.asked == [4: "a/call"], "an answer that nobody waits for")
    answer(4, [0])
    #expect(events() == [.subscribed])
    #expect(ears.received == 9, "each of them was a word of the broker")
  }

  @Test func whatIsConfirmedIsToldWhereItWasAsked() {
    ears.unconfirmed = [1: 7, 2: 0]
    let callback = callbacks.withLock { $0.published }
    callback?(handle, ears.context, 1)
    #expect(events() == [.delivered(tag: 7)])
    callback?(handle, ears.context, 2)
    callback?(handle, ears.context, 1)
    #expect(events() == [] && ears.unconfirmed.isEmpty)
    #expect(ears.received == 3)
  }

  /// Only errors are kept, the last eight of them, and the first fault of a certificate.
  @Test func theLastErrorsAreKept() {
    func log(_ level: Int, _ words: String) {
      callbacks.withLock { $0.logged }?(handle, ears.context, Int32(level), words)
    }
    for level in [MOSQ_LOG_DEBUG, MOSQ_LOG_INFO, MOSQ_LOG_NOTICE, MOSQ_LOG_WARNING] {
      log(Int(level), "no error")
    }
    #expect(ears.logs == [] && ears.certificateFault == 0)
    for number in 1...9 { log(Int(MOSQ_LOG_ERR), "error \(number)") }
    #expect(ears.logs == (2...9).map { "error \($0)" })
    #expect(ears.certificateFault == 0, "nothing is wrong with it")
    for fault in [10, 18] {
      callbacks.withLock { $0.fault = fault }
      log(Int(MOSQ_LOG_ERR), "certificate verify failed")
      #expect(ears.certificateFault == 10, "the first one is the reason")
    }
  }
}
