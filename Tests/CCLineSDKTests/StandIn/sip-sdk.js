// A stand-in of the vendor's SDK: the documented interface, written for these tests, in the variants
// that its documentation leaves open. What it does is said by `window.standIn`, a line before this file.
'use strict';
(() => {
  const wish = Object.assign({
    style: 'plain',    // plain: detail is the value; vue33, vue35: as Vue's custom elements send it
    number: 'number',  // or string
    rtc: false,        // a real call between two RTCPeerConnections on the microphone
    late: 0,           // ms until window.ccSdk exists
    step: 30,          // ms between two steps of a call
    stay: false,       // the call talks until it is ended; one to a number that ends with 00 does anyway
    fail: '',          // throw, reject, hang, silent, noSDK, noElement, noCall, callThrows, callRejects,
                       // callNever, alert, loop, leave, crashLog
    evictAfter: 0,     // ms after the sign-in at which the seat goes offline by itself
    beat: 0,           // ms between two events that carry the time they were sent at
    echo: false,       // says what it dials, where a test can read it
    tokenIs: '',       // the only token that signs in; any of the documented shape where it is empty
  }, window.standIn || {});
  const pause = ms => new Promise(done => setTimeout(done, ms));

  let element = null, registered = false, seat = 1, busy = false;
  const send = (name, payload) => {
    const detail = wish.style === 'plain' ? payload : [payload];
    const extra = wish.style === 'vue35' && payload && payload.constructor === Object ? payload : {};
    element.dispatchEvent(new CustomEvent(name, {...extra, detail}));
    if (wish.style === 'plain') return;
    // Vue since 3.2.45 sends each event a second time, under its hyphenated name.
    const hyphenated = name.replace(/[A-Z]/g, letter => '-' + letter.toLowerCase());
    element.dispatchEvent(new CustomEvent(hyphenated, {...extra, detail}));
  };
  const setSeat = code => { seat = code; send('onSeatStatus', code); };

  // Two ends of one call, in this page, with the sound of the microphone between them.
  const connect = async () => {
    const sound = await navigator.mediaDevices.getUserMedia({audio: true});
    const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
    near.onicecandidate = event => event.candidate && far.addIceCandidate(event.candidate);
    far.onicecandidate = event => event.candidate && near.addIceCandidate(event.candidate);
    for (const track of sound.getTracks()) near.addTrack(track, sound);
    await near.setLocalDescription(await near.createOffer());
    await far.setRemoteDescription(near.localDescription);
    await far.setLocalDescription(await far.createAnswer());
    await near.setRemoteDescription(far.localDescription);
    const heard = async () => {
      for (const report of (await far.getStats()).values()) {
        if (report.type === 'inbound-rtp') return report.packetsReceived;
      }
      return 0;
    };
    for (let turn = 0; turn < 400 && !(await heard()); turn++) await pause(20);
    const packets = await heard();
    return {packets, close: () => {
      near.close();
      far.close();
      for (const track of sound.getTracks()) track.stop();
    }};
  };

  const call = async (phone, info) => {
    const calledNumber = wish.number === 'string' ? phone : Number(phone.replace(/\D/g, ''));
    const status = callStatus => send('onCall', {callStatus, calledNumber});
    if (wish.echo) alert(`dialled ${phone} with ${info}`);
    busy = true;
    setSeat(3);
    status(1);
    if (phone.endsWith('9')) {
      await pause(wish.step);
      status(5);
    } else {
      const media = wish.rtc ? await connect() : null;
      await pause(wish.step);
      status(2);
      await pause(wish.step);
      if (media) send('onCall', {callStatus: 3, calledNumber, packets: media.packets});
      else status(3);
      if (wish.stay || phone.endsWith('00')) return;
      await pause(wish.step);
      media?.close();
      status(4);
      setSeat(4);
      await pause(wish.step);
    }
    busy = false;
    setSeat(2);
  };

  class Element extends HTMLElement {
    connectedCallback() {
      element = this;
      if (wish.fail === 'noCall') return;
      this.callPhone = ({phone, info}) => {
        if (!registered) throw new Error('not registered');
        if (!phone) throw new Error('phone is empty');
        if (busy) throw new Error('a call is up');
        if (wish.fail === 'callThrows') throw new Error('callPhone exploded');
        if (wish.fail === 'callRejects') return Promise.reject(new Error('callPhone rejected'));
        const over = call(phone, info);
        if (wish.fail === 'callNever') return new Promise(() => {});
        if (wish.fail === 'loop') setTimeout(() => { for (;;); }, 3 * wish.step);
        if (wish.fail === 'leave') setTimeout(() => { location = 'https://elsewhere.invalid/'; }, 0);
        return wish.style === 'plain' ? undefined : over;
      };
    }
  }

  const register = options => {
    if (wish.fail === 'throw') throw new Error('register exploded');
    if (wish.fail === 'reject') return Promise.reject(new Error('register rejected'));
    if (wish.fail === 'hang') return new Promise(() => {});
    if (wish.fail === 'silent') return undefined;
    if (wish.fail === 'crashLog') throw new Error('no seat for ' + options.token);
    if (wish.fail === 'alert') alert('Your headset is not plugged in.');
    if (wish.echo) alert(`registered with ${JSON.stringify({...options, token: undefined})}`);
    setSeat(1);
    const isGood = wish.tokenIs ? options.token === wish.tokenIs
      : /^Bearer [^:]+:[^:]+:[^:]+$/.test(options.token);
    // A bad token: no error at all is documented.
    if (!isGood) return undefined;
    return pause(wish.step).then(() => {
      registered = true;
      setSeat(2);
      if (wish.beat) setInterval(() => send('onCall', {
        // Tenths of a millisecond since 1970, as long as a number can carry them.
        callStatus: 1, calledNumber: Math.round((performance.timeOrigin + performance.now()) * 10),
      }), wish.beat);
      if (wish.evictAfter) setTimeout(() => setSeat(1), wish.evictAfter);
    });
  };

  const appear = () => {
    if (wish.fail !== 'noElement') customElements.define('cc-sdk', Element);
    if (wish.fail !== 'noSDK') window.ccSdk = {register};
  };
  if (wish.late) setTimeout(appear, wish.late);
  else appear();
})();
