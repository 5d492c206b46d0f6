#!/usr/bin/env python3
# A complete phone line for ccterm: run it with  ccterm desk --line 'exec:python3 examples/line.py'
# It says what it can do, registers, and plays an invented call for every number that is dialled.
import json, sys, threading

write, call, steps = threading.Lock(), None, []

def say(kind, **fields):
    with write:
        print(json.dumps({"type": kind, **fields}), flush=True)

def status(code, **fields):
    say("onCall", detail={"callStatus": code, "calledNumber": call}, call="1", direction="out", **fields)

def later(seconds, code):
    steps.append(threading.Timer(seconds, lambda: status(code)))
    steps[-1].daemon = True
    steps[-1].start()

def end(code):
    global call
    while steps: steps.pop().cancel()
    status(code)
    call = None

say("hello", protocol=1, line="example", abilities=["dial", "hangUp"])
answered_at = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
for line in sys.stdin:  # ends when the desk goes away: then so do we
    command = json.loads(line)
    kind, error = command["type"], None
    if kind == "quit": break
    if kind == "register": say("registered", account=command.get("config", {}).get("account", "example"))
    elif kind == "callPhone" and call: error = "a call is up"
    elif kind == "callPhone":
        call = command["phone"]
        status(1); later(answered_at / 3, 2); later(answered_at, 3)
    elif kind == "hangUp" and call: end(5 if steps and steps[-1].is_alive() else 4)
    elif kind != "ping": error = "not possible now"
    say("result", id=command["id"], ok=error is None, **({"error": error} if error else {}))
