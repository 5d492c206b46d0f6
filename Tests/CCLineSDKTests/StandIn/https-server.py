#!/usr/bin/env python3
# A web server for a test: it prints its port, and answers each request as the file "mood" in its
# folder says: 404, page, hang, or script, which is the file sip-sdk.js.
import http.server, os, ssl, sys, time

FOLDER = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        mood = open(os.path.join(FOLDER, "mood")).read().strip()
        if mood == "hang":
            time.sleep(1000)
        status, kind, body = 200, "text/javascript", b""
        if mood == "404":
            status, kind, body = 404, "text/html", b"<h1>not here</h1>"
        elif mood == "page":
            kind, body = "text/html", b"<html><body>Please sign in to the guest network</body></html>"
        else:
            body = open(os.path.join(FOLDER, "sip-sdk.js"), "rb").read()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(FOLDER, "cert.pem"), os.path.join(FOLDER, "key.pem"))
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
