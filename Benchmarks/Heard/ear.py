"""PJSIP as a telephone: answers one call on a port that it tells, and records it until its input ends.

    ear.py OUT.wav
"""
import sys

import pjsua2 as pj


class Call(pj.Call):
    recorder = None

    def onCallMediaState(self, _):
        # Held as long as its parts are looked at.
        info = self.getInfo()
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self.getAudioMedia(media.index).startTransmit(self.recorder)


class Account(pj.Account):
    call = None

    def onIncomingCall(self, incoming):
        self.call = Call(self, incoming.callId)
        self.call.recorder = recorder
        answer = pj.CallOpParam()
        answer.statusCode = 200
        self.call.answer(answer)


endpoint = pj.Endpoint()
endpoint.libCreate()
config = pj.EpConfig()
config.logConfig.level = config.logConfig.consoleLevel = 0
config.uaConfig.threadCnt = 1
# The rate of the stream: nothing is resampled. All else is as PJSIP has it.
config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
# It sends all the time, as the line does.
config.medConfig.noVad = True
endpoint.libInit(config)
endpoint.audDevManager().setNullDev()
for codec in endpoint.codecEnum2():
    endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMU") else 0)
transport = pj.TransportConfig()
transport.boundAddress = transport.publicAddress = "127.0.0.1"
made = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
endpoint.libStart()
settings = pj.AccountConfig()
settings.idUri = "sip:ear@127.0.0.1"
settings.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
settings.mediaConfig.transportConfig.port = 20_000
settings.mediaConfig.transportConfig.portRange = 8_000
settings.mediaConfig.transportConfig.randomizePort = True
recorder = pj.AudioMediaRecorder()
recorder.createRecorder(sys.argv[1])
account = Account()
account.create(settings)
print(endpoint.transportGetInfo(made).localAddress.rsplit(":")[-1], flush=True)
sys.stdin.read()
endpoint.hangupAllCalls()
account.call = None
# The file's head says its length only when it is closed.
del recorder
account.shutdown()
endpoint.libDestroy()
