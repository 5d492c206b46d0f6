#!/usr/bin/env python3
# A browser that is none: it speaks the DevTools protocol on its descriptors 3 and 4 as far as a test
# wants it to, and behaves as MODE says, which a line before this one sets.
import base64, json, os, re, sys, time

MODE = os.path.basename(sys.argv[0])
ORIGIN = "https://softphone.invalid"
rest = b""


def say(message):
    data = json.dumps(message).encode() + b"\0"
    while data:
        data = data[os.write(4, data):]


def hear():
    global rest
    while b"\0" not in rest:
        chunk = os.read(3, 65536)
        if not chunk:
            sys.exit(0)
        rest += chunk
    message, _, rest = rest.partition(b"\0")
    return json.loads(message)


def page(payload, context=7):
    say({"method": "Runtime.bindingCalled", "sessionId": "S", "params": {
        "name": "ccEmit", "payload": json.dumps(payload), "executionContextId": context}})


if MODE == "silent":
    time.sleep(1000)
if MODE == "dying":
    hear()
    sys.stderr.write("\nMissing X server or $DISPLAY\nThe platform failed to initialize.  Exiting.\n")
    sys.exit(1)
if MODE == "locked":
    sys.exit(21)
if MODE == "garbage":
    os.write(4, b"\xff\xfe not JSON\0{\"id\":1,\0[]\0{}\0\"\\ud800\"\0\0")
if MODE == "huge":
    # More than is ever read, then an answer of 200 KB, which is.
    for _ in range(80):
        data = b"x" * 65536
        while data:
            data = data[os.write(4, data):]
    os.write(4, b"\0")
if MODE == "late":
    time.sleep(0.5)

while True:
    command = hear()
    method, session = command["method"], command.get("sessionId")
    if MODE == "refuses" and method == "Fetch.enable":
        say({"id": command["id"], "sessionId": session, "error": {"code": 1, "message": "not here"}})
        continue
    result = {}
    if method == "Browser.getVersion":
        result = {"product": "Fake/1", "padding": "p" * (200_000 if MODE == "huge" else 0)}
    if method == "Target.setDiscoverTargets" and MODE != "pageless":
        say({"method": "Target.targetCreated", "params": {
            "targetInfo": {"targetId": "T", "type": "page"}}})
    if method == "Target.attachToTarget":
        result = {"sessionId": "S"}
    if method == "Page.navigate":
        result = {"frameId": "T"}
    answer = {"id": command["id"], "result": result}
    if session:
        answer["sessionId"] = session
    say(answer)
    if method == "Page.navigate":
        # An ad in a frame of the page may not speak for it.
        say({"method": "Runtime.executionContextCreated", "sessionId": "S", "params": {
            "context": {"id": 8, "auxData": {"isDefault": True, "frameId": "AD"}}}})
        page({"type": "onSeatStatus", "detail": [2]}, context=8)
        say({"method": "Fetch.requestPaused", "sessionId": "S", "params": {
            "requestId": "R", "request": {"url": ORIGIN + "/"}}})
    if method == "Fetch.fulfillRequest":
        html = base64.b64decode(command["params"]["body"]).decode()
        assert "<cc-sdk id=\"sdk\">" in html
        say({"method": "Runtime.executionContextCreated", "sessionId": "S", "params": {
            "context": {"id": 7, "auxData": {"isDefault": True, "frameId": "T"}}}})
        page({"type": "page", "state": "script"})
        page({"type": "page", "state": "ready", "secure": True, "rtc": True, "microphones": 0})
    expression = command["params"].get("expression", "")
    if expression.startswith("ccBridge.register("):
        page({"type": "onSeatStatus", "detail": [2]})
    dialled = re.match(r"ccBridge\.dial\(\d+, (.*)\)$", expression)
    if dialled:
        page({"type": "onCall", "detail": {"callStatus": 1, "calledNumber": 1}})
    if method == "Browser.close":
        sys.exit(0)
