// ccterm-line-sdk: the vendor's SDK in a real browser, spoken to in the line protocol on stdin and stdout.

import Glibc

exit(LineProgram().run())
