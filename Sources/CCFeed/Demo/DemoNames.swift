// The people of the demo floor, in the scripts that people are written in.

import CCCore

/// Names and teams for any number of agents.
enum DemoNames {
  static let teams = ["red", "blue", "green", "amber", "violet", "teal", "coral", "slate"]

  private static let people: [(given: [String], family: [String], familyFirst: Bool)] = [
    (
      ["Ana", "Tom", "Sofía", "José", "Lucía", "Mateo", "Inés", "Zoë"],
      ["Ruiz", "O'Neil", "Peña", "Núñez", "Müller", "García", "Almeida", "Dubois"], false
    ),
    (
      ["Wei", "Na", "Jun", "Mei", "Fang", "Hao", "Lan", "Bo"],
      ["Li", "Lin", "Wang", "Chen", "Zhao", "Zhou", "Wu", "Xu"], true
    ),
    (["小明", "美丽", "建国", "秀英", "丽华", "伟"], ["陈", "王", "张", "刘", "黄", "欧阳"], true),
    (["さくら", "健太", "陽子", "翔"], ["佐藤", "鈴木", "高橋", "田中"], true),
    (["민준", "서연", "지훈", "하은"], ["김", "이", "박", "최"], true),
    (["Ольга", "Иван", "Марина", "Пётр"], ["Сорокина", "Петренко", "Волкова", "Лысенко"], false),
    (["Ελένη", "Νίκος", "Μαρία", "Γιάννης"], ["Παππά", "Νικολάου", "Δήμου", "Σταθάκη"], false),
    (["रवि", "आशा", "सुनील", "मीना"], ["कुमार", "शर्मा", "राव", "गुप्ता"], false),
    (["Anh", "Linh", "Minh", "Thảo"], ["Nguyễn", "Trần", "Phạm", "Lê"], true),
    (
      ["John", "Grace", "Ravi", "Amina", "Kofi", "Siobhán", "Łukasz", "Åsa"],
      ["Doe", "Okafor", "K.", "Hassan", "Mensah", "Byrne", "Wójcik", "Öberg"], false
    ),
  ]

  static func name(_ random: inout SplitMix) -> SafeText {
    let script = people[Int.random(in: 0..<people.count, using: &random)]
    let given = script.given[Int.random(in: 0..<script.given.count, using: &random)]
    let family = script.family[Int.random(in: 0..<script.family.count, using: &random)]
    let isHan = given.unicodeScalars.first.map { (0x2E80...0xD7AF).contains($0.value) } ?? false
    if script.familyFirst { return SafeText(isHan ? family + given : "\(family) \(given)") }
    return SafeText("\(given) \(family)")
  }

  static func number(_ random: inout SplitMix) -> SafeText? {
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1: nil
    case 2, 3: SafeText("+3461\(Int.random(in: 1_000_000...9_999_999, using: &random))")
    case 4: SafeText("00\(Int.random(in: 70_000...99_999, using: &random))")
    default: SafeText("132\(Int.random(in: 10_000_000...99_999_999, using: &random))")
    }
  }
}
