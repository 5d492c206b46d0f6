// The sound of a customer's telephone: a tone goes out, and what comes in is kept.

import Foundation

/// G.711 mu-law (ITU-T G.711), for tests.
public enum MuLaw {
  /// One sample to one byte.
  public static func encode(_ sample: Int16) -> UInt8 {
    let sign: UInt8 = sample < 0 ? 0x80 : 0
    let value = min(Int(sample.magnitude), 32_635) + 132
    var exponent = 7
    while exponent > 0, value & (0x80 << exponent) == 0 { exponent -= 1 }
    return ~(sign | UInt8(exponent) << 4 | UInt8(value >> (exponent + 3) & 0x0F))
  }

  /// One byte to one sample.
  public static func decode(_ byte: UInt8) -> Int16 {
    let bits = ~byte
    let value = ((Int(bits & 0x0F) << 3) + 132) << Int(bits >> 4 & 7)
    return Int16(clamping: bits & 0x80 != 0 ? 132 - value : value - 132)
  }
}

/// RTP of one call (RFC 3550) on a port of its own: PCMU in packets of 20 ms.
///
/// It speaks to wherever it is told, hears whoever sends, and takes keys as events (RFC 4733).
public final class CustomerVoice: @unchecked Sendable {
  /// What the systems in the tests play to a call that is held.
  public static let holdMusic = Tone(hertz: 660)
  /// The payload type of keys.
  static let keys: UInt8 = 101

  /// The port.
  public let port: UInt16
  private let descriptor: Int32
  private let state = Mutexed(State())

  private struct State {
    var destination: sockaddr_in?
    var isOver = false
    var heard: [Int16] = []
    var keys = ""
    var lastKey: UInt32?
    var payloads: Set<UInt8> = []
    var samples: [UInt8] = []
  }

  /// A port of its own into which this tone is spoken; nil: silence.
  public init(speaks tone: Tone?) throws {
    let port = Ports.freeEven()
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard Ports.withLoopback(port, { bind(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      throw NotInTime("a port for sound")
    }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    (self.port, self.descriptor) = (port, descriptor)
    let spoken = (tone?.samples(seconds: 1) ?? [Int16](repeating: 0, count: 8000))
      .map { MuLaw.encode($0) }
    let thread = Thread { [state] in Self.run(descriptor, state, spoken) }
    thread.start()
  }

  deinit { stop() }

  /// Ends it.
  public func stop() { state.with { $0.isOver = true } }

  /// Where it speaks to; nil: nowhere.
  public func speak(to address: sockaddr_in?) { state.with { $0.destination = address } }

  /// The keys that came.
  public var keys: String { state.with { $0.keys } }
  /// What came last, at 8,000 samples a second: half a second at most.
  var lately: [Int16] { state.with { Array($0.heard.suffix(4000)) } }
  /// How many samples came.
  var count: Int { state.with { $0.heard.count } }
  /// The payload types that came.
  public var payloads: Set<UInt8> { state.with { $0.payloads } }

  /// Speaks to a port of 127.0.0.1.
  public func speak(toPort port: UInt16) {
    speak(
      to: Ports.withLoopback(port) { address, _ in
        UnsafeRawPointer(address).load(as: sockaddr_in.self)
      })
  }

  /// Waits until a tone is heard; nil: nothing at all.
  public func hears(_ tone: Tone?, within seconds: Double = 10) async throws {
    let from = count
    let what = tone.map { "\($0.hertz) Hz" } ?? "nothing"
    do {
      try await eventually("\(what) is heard", within: seconds) {
        // A fifth of a second that came after the question.
        let new = min(count - from, 1600)
        if let tone { return new == 1600 && tone.presence(in: lately.suffix(1600)) > 2500 }
        return lately.suffix(max(new, 0)).allSatisfy { $0.magnitude < 300 } && new != 0
      }
    } catch {
      let strengths = [440.0, 660, 880, 1000].map { hertz in
        "\(Int(hertz)) Hz \(Int(Tone(hertz: hertz).presence(in: lately)))"
      }
      throw NotInTime(
        "\(error); came \(count - from) samples of types \(payloads.sorted()), "
          + "lately \(strengths.joined(separator: ", "))")
    }
  }

  /// One packet out every 20 ms on an absolute schedule, and whatever came in between.
  private static func run(_ descriptor: Int32, _ state: Mutexed<State>, _ spoken: [UInt8]) {
    let began = Date()
    var number: UInt16 = 1
    var timestamp: UInt32 = 160
    let source = UInt32.random(in: .min ... .max)
    while !state.with({ $0.isOver }) {
      let due = began.addingTimeInterval(Double(number) * 0.02)
      while case let left = due.timeIntervalSinceNow, left > 0 {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, Int32(left * 1000) + 1) > 0 { receive(descriptor, state) }
      }
      if var address = state.with({ $0.destination }) {
        let start = Int(timestamp) % (spoken.count / 160 * 160)
        var packet: [UInt8] = [0x80, 0, UInt8(number >> 8), UInt8(number & 0xFF)]
        for value in [timestamp, source] {
          packet += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
        packet += spoken[start..<(start + 160)]
        _ = withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(
              descriptor, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
      }
      number &+= 1
      timestamp &+= 160
      if number == 0 { return }
    }
    close(descriptor)
  }

  private static func receive(_ descriptor: Int32, _ state: Mutexed<State>) {
    var buffer = [UInt8](repeating: 0, count: 2048)
    while case let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
      guard count > 12, buffer[0] >> 6 == 2 else { continue }
      let payload = buffer[1] & 0x7F
      let timestamp = buffer[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let body = buffer[12..<count]
      state.with { state in
        state.payloads.insert(payload)
        if payload == keys {
          guard state.lastKey != timestamp, let event = body.first, event < 16 else { return }
          state.lastKey = timestamp
          state.keys.append(Array("0123456789*#ABCD")[Int(event)])
        } else if payload == 0 {
          state.heard += body.map { MuLaw.decode($0) }
          if state.heard.count > 80_000 { state.heard.removeFirst(40_000) }
        }
      }
    }
  }
}
