// The stand-in for the vendor's cloud as a program: prints its port, serves until it is killed.

import Foundation

let server = try await FakeServer()
FileHandle.standardOutput.write(Data("\(server.port)\n".utf8))
while true { try await Task.sleep(for: .seconds(3600)) }
