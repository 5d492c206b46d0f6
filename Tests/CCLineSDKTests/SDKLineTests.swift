// The SDK line.
