// ccterm-line-sip: a phone line on SIP, spoken to in the line protocol on stdin and stdout.

import Glibc

Sandbox.enter()
exit(LineProgram().run())
