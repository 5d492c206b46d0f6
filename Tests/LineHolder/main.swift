// Starts the line program that its arguments name and keeps it until killed; prints its pid.

import CCLine
import Glibc

let line = ChildLine(arguments: Array(CommandLine.arguments.dropFirst()))
_ = line.start(at: 0)
print(line.processIdentifier ?? -1)
fflush(nil)
while line.isRunning { pause() }
