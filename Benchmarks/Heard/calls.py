"""The two that listen, each in a call with a far end in this process."""
import glob
import json
import os
import re
import select
import socket
import subprocess
import sys
import time

PATIENCE = 10.0


class Refused(Exception):
    """A call that did not come about."""


def port():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def number(of):
    return of.getsockname()[1]


def description(sound):
    return (
        "v=0\r\no=far 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {number(sound)} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n")


def place(message):
    """Where a description wants its sound."""
    return ("127.0.0.1", int(re.search(r"^m=audio (\d+)", message, re.MULTILINE).group(1)))


class Listener:
    """A program in a call; what comes at `sound` is thrown away, what is heard goes into a file."""

    def __init__(self, command):
        self.signals, self.sound = port(), port()
        self.signals.settimeout(PATIENCE)
        self.program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def processor(self):
        """Seconds of processor that all its threads have had."""
        spent = 0
        for path in glob.glob(f"/proc/{self.program.pid}/task/*/schedstat"):
            try:
                with open(path, encoding="ascii") as file:
                    spent += int(file.read().split()[0])
            except OSError:
                pass
        return spent / 1e9

    def play(self, packet):
        self.sound.sendto(packet, self.target)

    def drain(self):
        """Throws away what it sent."""
        while select.select([self.sound], [], [], 0)[0]:
            self.sound.recv(2048)

    def wait(self):
        try:
            self.program.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.program.kill()
            self.program.wait()


class Line(Listener):
    """ccterm-line-sip, that dials."""

    def __init__(self, program, recording):
        super().__init__([program])
        self.tell(
            type="register", id=1, config={
                "registrar": f"127.0.0.1:{number(self.signals)}", "account": "1001",
                "password": "bench", "transport": "udp", "audio": f"file:,{recording}",
                "codecs": "pcmu"})
        self.answer_until("REGISTER")
        self.hear('"registered"')
        self.tell(type="callPhone", id=2, phone="13212345678")
        self.target = place(self.answer_until("INVITE"))
        self.hear('"callStatus":3')

    def tell(self, **command):
        self.program.stdin.write(json.dumps(command).encode() + b"\n")
        self.program.stdin.flush()

    def hear(self, word):
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if select.select([self.program.stdout], [], [], 0.1)[0]:
                line = self.program.stdout.readline().decode()
                if word in line:
                    return
                if not line:
                    break
        raise Refused(f"the line does not say {word}")

    def answer_until(self, method):
        while True:
            request, source = self.signals.recvfrom(65_536)
            request = request.decode()
            said = request.split(" ", 1)[0]
            if said in ("REGISTER", "OPTIONS", "INVITE", "BYE"):
                self.answer(request, source, self.sound if said == "INVITE" else None)
            if said == method:
                return request

    def answer(self, request, source, sound):
        rows = ["SIP/2.0 200 OK"]
        for row in request.split("\r\n\r\n")[0].split("\r\n")[1:]:
            name = row.split(":")[0].lower()
            if name in ("via", "v", "from", "f", "call-id", "i", "cseq", "expires"):
                rows.append(row)
            elif name in ("contact", "m") and request.startswith("REGISTER "):
                rows.append(row)
            elif name in ("to", "t"):
                rows.append(row if "tag=" in row else f"{row};tag=heard")
        body = description(sound) if sound else ""
        if body:
            rows += [
                f"Contact: <sip:far@127.0.0.1:{number(self.signals)}>",
                "Content-Type: application/sdp"]
        rows += [f"Content-Length: {len(body)}", "", body]
        self.signals.sendto("\r\n".join(rows).encode(), source)

    def stop(self):
        self.tell(type="hangUp", id=3)
        try:
            self.answer_until("BYE")
            self.tell(type="quit")
            self.answer_until("REGISTER")
        except (OSError, BrokenPipeError):
            pass
        self.program.stdin.close()
        self.wait()


class PJSIP(Listener):
    """PJSIP, that is called."""

    def __init__(self, recording):
        ear = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ear.py")
        super().__init__([sys.executable, ear, recording])
        line = b""
        while not re.fullmatch(rb"\d+\n", line):
            line = self.program.stdout.readline()
            if not line:
                raise Refused("PJSIP does not begin")
        self.ear = ("127.0.0.1", int(line))
        self.say("INVITE", 1, description(self.sound))
        while True:
            answer = self.signals.recv(65_536).decode()
            if answer.startswith("SIP/2.0 200"):
                break
            if not answer.startswith("SIP/2.0 1"):
                raise Refused(answer.split("\r\n")[0])
        self.target = place(answer)
        self.to = re.search(r"^To:.*?(;tag=\S+)", answer, re.MULTILINE | re.IGNORECASE).group(1)
        self.say("ACK", 1, to=self.to)

    def say(self, method, count, body="", to=""):
        here = f"127.0.0.1:{number(self.signals)}"
        rows = [
            f"{method} sip:ear@127.0.0.1:{self.ear[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{method}{number(self.signals)};rport",
            f"From: <sip:far@{here}>;tag=far", f"To: <sip:ear@127.0.0.1>{to}",
            f"Call-ID: heard{number(self.signals)}", f"CSeq: {count} {method}",
            f"Contact: <sip:far@{here}>", "Max-Forwards: 70"]
        if body:
            rows.append("Content-Type: application/sdp")
        rows += [f"Content-Length: {len(body)}", "", body]
        self.signals.sendto("\r\n".join(rows).encode(), self.ear)

    def stop(self):
        self.say("BYE", 2, to=self.to)
        self.program.stdin.close()
        self.wait()
