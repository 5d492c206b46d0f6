// The page that the SDK runs in, and the few lines of script between it and us.

import CCJSON

/// Writes the page.
enum Bridge {
  /// The name of the binding by which the page speaks; the bridge takes it away as soon as it is there.
  static let binding = "ccEmit"

  /// The page, with the vendor's script.
  static func page(script address: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>ccterm: the phone</title>
    <link rel="icon" href="data:,">
    <script>\(source)</script>
    <script src="\(address)" onload="ccBridge.loaded()" onerror="ccBridge.failed()"></script>
    </head><body><cc-sdk id="sdk"></cc-sdk>
    <script>ccBridge.listen()</script>
    </body></html>
    """
  }

  /// The call of the SDK's `register`.
  static func register(_ fields: JSONObject) -> String {
    "ccBridge.register(\(JSONWriter.string(.object(fields))))"
  }

  /// The call of the element's `callPhone`.
  static func dial(_ id: Int, phone: String, info: String) -> String {
    let fields = JSONObject([
      .init(name: "phone", value: .string(phone)), .init(name: "info", value: .string(info)),
    ])
    return "ccBridge.dial(\(id), \(JSONWriter.string(.object(fields))))"
  }

  // What the page says is copied within bounds here, and judged on our side. Vue components send an
  // event twice, once under a hyphenated name: only the documented names are listened to.
  private static let source = #"""
    'use strict';
    (() => {
      const stringify = JSON.stringify, isArray = Array.isArray;
      // A renderer that has just started may run this page before it has heard of the binding.
      let emit = null, waits = false;
      const queue = [];
      const flush = () => {
        waits = false;
        if (!emit && typeof window.ccEmit === 'function') {
          emit = window.ccEmit;
          delete window.ccEmit;
        }
        if (emit) while (queue.length) emit(queue.shift());
        else if (!waits) { waits = true; setTimeout(flush, 5); }
      };
      const say = message => {
        try { if (queue.length < 256) queue.push(stringify(message)); } catch { return; }
        if (!waits) flush();
      };
      const text = value => {
        let words;
        try { words = String(value && value.message ? value.message : value); } catch { words = '?'; }
        return words.slice(0, 500).toWellFormed();
      };
      const copy = (value, depth) => {
        switch (typeof value) {
          case 'string': return value.slice(0, 2048).toWellFormed();
          case 'number': return Number.isFinite(value) ? value : String(value);
          case 'boolean': return value;
          case 'bigint': return value.toString().slice(0, 64);
          case 'object': break;
          default: return null;
        }
        if (value === null || depth > 5) return null;
        if (isArray(value)) return value.slice(0, 8).map(item => copy(item, depth + 1));
        const result = {};
        let count = 0;
        for (const name in value) {
          if (++count > 16) break;
          try { result[name.slice(0, 64).toWellFormed()] = copy(value[name], depth + 1); } catch {}
        }
        return result;
      };
      const element = () => document.getElementById('sdk');
      const settle = (result, done, failed) => {
        if (!result || typeof result.then !== 'function') return false;
        result.then(done, failed);
        return true;
      };
      const ready = async () => {
        let microphones = 0;
        try {
          const devices = await navigator.mediaDevices.enumerateDevices();
          microphones = devices.filter(device => device.kind === 'audioinput').length;
        } catch {}
        say({type: 'page', state: 'ready', secure: isSecureContext, microphones,
             rtc: typeof RTCPeerConnection === 'function'});
      };
      const bridge = {
        loaded() {
          say({type: 'page', state: 'script'});
          const end = performance.now() + 5000;
          const look = () => {
            if (typeof window.ccSdk?.register === 'function') ready();
            else if (performance.now() > end) say({type: 'page', state: 'noSDK'});
            else setTimeout(look, 20);
          };
          look();
        },
        failed() { say({type: 'page', state: 'scriptFailed'}); },
        listen() {
          const sdk = element();
          sdk.addEventListener('onSeatStatus', event => say({
            type: 'onSeatStatus', detail: copy(event.detail, 0), online: navigator.onLine,
            touched: navigator.userActivation.isActive}));
          sdk.addEventListener('onCall', event => say({type: 'onCall', detail: copy(event.detail, 0)}));
        },
        register(fields) {
          settle(window.ccSdk.register(fields), () => {},
            error => say({type: 'registerFailed', error: text(error)}));
          return null;
        },
        dial(id, fields) {
          const sdk = element();
          if (typeof sdk?.callPhone !== 'function') throw new Error('the SDK has no callPhone');
          return settle(sdk.callPhone(fields), () => say({type: 'dialled', id}),
            error => say({type: 'dialFailed', id, error: text(error)}));
        },
      };
      Object.defineProperty(window, 'ccBridge', {value: Object.freeze(bridge)});
      window.addEventListener('error', event => {
        if (event.message) say({type: 'pageError', message: text(event.message)});
      });
      window.addEventListener('unhandledrejection', event =>
        say({type: 'pageError', message: text(event.reason)}));
    })();
    """#
}
