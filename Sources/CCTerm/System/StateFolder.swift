// Where the program keeps its own files.

/// `$XDG_STATE_HOME/ccterm`, for the user alone: locks, logs and what the next start needs lie there.
enum StateFolder {
  /// Its path, made if need be.
  static func path() throws(Failure) -> String {
    guard let base = Environment.folder("XDG_STATE_HOME", orHome: ".local/state") else {
      throw .failed("neither XDG_STATE_HOME nor HOME says where the state is kept.")
    }
    let path = "\(base)/ccterm"
    try Files.makeFolder(path)
    try Files.checkOwn(path)
    return path
  }
}
