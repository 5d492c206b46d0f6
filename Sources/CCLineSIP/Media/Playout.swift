// From packets that come as they like to blocks that come in time.

import CLibre

/// Puts packets in order (2 to 20 of them) and gives out blocks of 20 ms; what is missing is silence.
final class Playout {
  private let order = Slot()
  private let samples = Slot()
  private var buffer: [Int16] = []

  /// Nil if there is no memory for it.
  init?() {
    let block = Block.samples * MemoryLayout<Int16>.size
    guard jbuf_alloc(order.place, 2, 20) == 0,
      aubuf_alloc(samples.place, block * 2, block * 20) == 0
    else { return nil }
  }

  /// Takes a packet.
  func put(_ header: UnsafePointer<rtp_header>, _ packet: UnsafeMutablePointer<mbuf>) {
    jbuf_put(order.object, header, packet)
    var next = rtp_header()
    var memory: UnsafeMutableRawPointer?
    while jbuf_get(order.object, &next, &memory) == 0 {
      guard let frame = memory else { continue }
      append(frame.assumingMemoryBound(to: mbuf.self), next.pt)
      mem_deref(frame)
    }
  }

  private func append(_ frame: UnsafeMutablePointer<mbuf>, _ payloadType: UInt8) {
    guard let codec = Codec(rawValue: payloadType), let bytes = mbuf_buf(frame) else { return }
    let count = mbuf_get_left(frame)
    buffer.removeAll(keepingCapacity: true)
    for index in 0..<count { buffer.append(codec.decode(bytes[index])) }
    aubuf_write_samp(samples.object, buffer, count)
  }

  /// Fills the next block.
  func take(_ block: UnsafeMutableBufferPointer<Int16>) {
    aubuf_read_samp(samples.object, block.baseAddress, block.count)
  }
}
