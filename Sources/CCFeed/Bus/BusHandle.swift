// A client of the library, made as the settings want it.

import CLinux
import CMosquitto

/// Makes handles of libmosquitto.
enum BusHandle {
  /// Why one could not be made.
  struct Trouble: Error, Hashable {
    var words: String
  }

  /// A client that has not connected yet: name, user, TLS, will and ears.
  static func make(
    _ settings: BusClient.Settings, epoch: Int64, _ library: BusLibrary, _ ears: BusEars
  ) throws(Trouble) -> OpaquePointer {
    let call = library.call
    let made = settings.clientID.withCString { call.pointee.make($0, true, ears.context) }
    guard let made else { throw Trouble(words: "no memory") }
    do throws(Trouble) {
      try equip(made, settings, epoch: epoch, library)
    } catch {
      call.pointee.destroy(made)
      throw error
    }
    ears.listen(to: made, library)
    return made
  }

  private static func equip(
    _ handle: OpaquePointer, _ settings: BusClient.Settings, epoch: Int64, _ library: BusLibrary
  ) throws(Trouble) {
    let call = library.call
    _ = call.pointee.set_option(handle, MOSQ_OPT_PROTOCOL_VERSION, Int32(MQTT_PROTOCOL_V311))
    _ = call.pointee.set_option(handle, MOSQ_OPT_TCP_NODELAY, 1)
    if let user = settings.user {
      _ = call.pointee.set_user(handle, user, settings.password?.revealed)
    }
    if settings.address.isSecure {
      // libmosquitto would wait for a FIFO, for ever and without a word.
      if let file = settings.caFile, cc_look_at_file(file) == cc_no_file {
        throw Trouble(words: "\(file) is no file: see bus.caFile")
      }
      let folder = settings.caFile == nil ? "/etc/ssl/certs" : nil
      guard call.pointee.set_tls(handle, settings.caFile, folder, nil, nil, nil) == 0 else {
        let file = settings.caFile ?? "/etc/ssl/certs"
        throw Trouble(words: "\(file) cannot be read: see bus.caFile")
      }
    }
    guard let key = settings.will else { return }
    let payload = FloorCodec.will(epoch: epoch, desk: settings.deskOpened)
    let topic = FloorTopic(key, .seat).description
    let code = payload.withUnsafeBytes {
      call.pointee.set_will(handle, topic, Int32($0.count), $0.baseAddress, 1, true)
    }
    guard code == 0 else { throw Trouble(words: library.words(code).lowercased()) }
  }
}
