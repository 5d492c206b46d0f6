// A country by its two letters, with its code, its prefixes and how its numbers stand in groups.

/// A country or region with telephone numbers of its own.
public struct Country: Hashable, Sendable {
  /// ISO 3166's two letters.
  public let name: String
  /// The country code, without a plus.
  public let code: String

  /// The country of two letters, in any case, or of a country code: `GB`, `44`, `+44`; nil for none.
  public init?(_ text: String) {
    let wanted = text.uppercased()
    if let code = Self.codes[wanted] {
      self.init(name: wanted, code: code)
      return
    }
    let code = wanted.hasPrefix("+") ? String(wanted.dropFirst()) : wanted
    guard let name = Self.names[code] else { return nil }
    self.init(name: name, code: code)
  }

  private init(name: String, code: String) {
    self.name = name
    self.code = code
    trunk = Self.trunk(of: name, code)
  }

  /// What stands before the area code at home; empty: nothing.
  ///
  /// Source: ITU-T's list of dialling procedures (2011) and the countries' later notices.
  public let trunk: String

  /// The trunk prefix of the largest country of a code; empty: none.
  static func trunk(ofCode code: Substring) -> String { trunks[String(code)] ?? "" }

  private static func trunk(of name: String, _ code: String) -> String {
    if withoutTrunk.contains(name) { return "" }
    switch code {
    case "1": return "1"
    case "7", "993": return "8"
    case "375": return "80"
    case "36": return "06"
    default: return "0"
    }
  }

  /// What stands before a country code, beside a plus and `00`.
  var international: [String] {
    switch code {
    case "1": ["011"]
    case "7", "375", "992", "993": ["810"]
    case "61": ["0011"]
    case "81": ["010"]
    case "82": ["001", "002"]
    case "65": ["001", "002", "008"]
    case "55": ["0015", "0021", "0031"]
    case "62": ["001", "008", "007"]
    case "66", "855", "852": ["001"]
    case "886": ["002"]
    case "358": ["990", "999"]
    case "254", "255", "256": ["000"]
    case "234": ["009"]
    case "53": ["119"]
    default: []
    }
  }

  /// How many digits at the beginning of a number say that its country code follows: `00`, or what this
  /// country has in its place; nil: none.
  func prefixAbroad(of text: String) -> Int? {
    for prefix in international
    where text.hasPrefix(prefix) && text.utf8.count >= prefix.utf8.count + 8 {
      return prefix.utf8.count
    }
    return text.hasPrefix("00") && !text.hasPrefix("000") && text.utf8.count > 9 ? 2 : nil
  }

  /// The number with its country code: exact, where `Numbering` without a country can only guess.
  ///
  /// Nil: it is shorter than a subscriber's number, and stands for itself.
  func complete(_ number: Numbering.Digits) -> Substring? {
    let text = number.text
    if number.isBehindZeros {
      for prefix in international
      where prefix.hasPrefix("00") && text.hasPrefix(prefix.dropFirst(2)) {
        return withoutTrunk(behind: text.dropFirst(prefix.count - 2))
      }
    }
    if number.isWhole { return withoutTrunk(behind: text) }
    guard text.count >= (Self.shortNumbers.contains(code) ? 5 : 7) else { return nil }
    for prefix in international where text.hasPrefix(prefix) && text.count >= prefix.count + 8 {
      return text.dropFirst(prefix.count)
    }
    // A zero begins no number behind it; a 1 or an 8 may.
    if !trunk.isEmpty, text.hasPrefix(trunk), trunk == "0" || text.count > nationalLength ?? 9 {
      return code + text.dropFirst(trunk.count)
    }
    // A plus that was lost on the way: the country code, and a whole number behind it, or more digits
    // than one has without its code.
    let isWhole = nationalLength.map { text.count == code.count + $0 } ?? (text.count >= 12)
    if isWhole, text.hasPrefix(code) {
      return text
    }
    return code + text
  }

  /// `+44 (0)20` without brackets, as some write it: the same number.
  private func withoutTrunk(behind whole: Substring) -> Substring {
    guard let length = CallingCode.length(whole.utf8) else { return whole }
    let code = String(whole.prefix(length))
    let rest = whole.dropFirst(length)
    guard rest.first == "0", !CallingCode.keepsZero.contains(code) else { return whole }
    return Substring(code + rest.dropFirst())
  }

  /// The digits of every national number, where all have as many.
  var nationalLength: Int? { Self.nationalLength(ofCode: code) }

  /// The same of the countries of a code.
  static func nationalLength(ofCode code: String) -> Int? {
    switch code {
    case "1", "7": 10
    case "30", "44", "91": 10
    case "31", "33", "34", "41", "48", "351", "375", "420": 9
    case "45", "47", "65", "852", "853", "993": 8
    default: nil
    }
  }

  /// No trunk prefix; a zero at the beginning, where there is one, is part of the number.
  private static let withoutTrunk: Set<String> = Set(
    """
    AD BF BH BI BJ BN BT BW CF CG CI CM CR CV CY CZ DJ DK DM EE ES GA GI GL GN GQ GR GT GW HK HN
    HT IS IT KI KM KW LC LI LS LU LV ML MO MR MT MU MV NE NI NO NR NU OM PA PG PL PT PW QA
    SB SC SG SM SN SO SR ST SV SZ TD TG TL TN TO TV TT VA VC VU WS SJ
    """.split { $0 == " " || $0 == "\n" }.map(String.init))

  /// Codes of small countries whose numbers have five or six digits.
  private static let shortNumbers: Set<String> = [
    "247", "290", "298", "299", "376", "500", "597", "672", "676", "677", "678", "681", "682",
    "685", "686", "687", "688",
  ]

  private static let rows = table.split(separator: " ").map {
    (name: String($0.prefix(2)), code: String($0.dropFirst(2)))
  }
  private static let codes = Dictionary(rows.map { ($0.name, $0.code) }) { first, _ in first }
  private static let names = Dictionary(rows.map { ($0.code, $0.name) }) { first, _ in first }
  private static let trunks = names.mapValues { trunk(of: $0, codes[$0] ?? "") }

  /// Every country and its code; of those that share one, the largest first.
  private static let table = """
    US1 CA1 AG1 AI1 AS1 BB1 BM1 BS1 DM1 DO1 GD1 GU1 JM1 KN1 KY1 LC1 MP1 MS1 PR1 SX1 TC1 TT1 VC1 VG1 VI1 \
    RU7 KZ7 EG20 ZA27 GR30 NL31 BE32 FR33 ES34 HU36 IT39 VA39 RO40 CH41 AT43 GB44 GG44 IM44 JE44 DK45 \
    SE46 NO47 SJ47 PL48 DE49 PE51 MX52 CU53 AR54 BR55 CL56 CO57 VE58 MY60 AU61 CC61 CX61 ID62 PH63 NZ64 \
    SG65 TH66 JP81 KR82 VN84 CN86 TR90 IN91 PK92 AF93 LK94 MM95 IR98 SS211 MA212 EH212 DZ213 TN216 LY218 \
    GM220 SN221 MR222 ML223 GN224 CI225 BF226 NE227 TG228 BJ229 MU230 LR231 SL232 GH233 NG234 TD235 CF236 \
    CM237 CV238 ST239 GQ240 GA241 CG242 CD243 AO244 GW245 IO246 AC247 SC248 SD249 RW250 ET251 SO252 DJ253 \
    KE254 TZ255 UG256 BI257 MZ258 ZM260 MG261 RE262 YT262 ZW263 NA264 MW265 LS266 BW267 SZ268 KM269 SH290 \
    ER291 AW297 FO298 GL299 GI350 PT351 LU352 IE353 IS354 AL355 MT356 CY357 FI358 AX358 BG359 LT370 LV371 \
    EE372 MD373 AM374 BY375 AD376 MC377 SM378 UA380 RS381 ME382 XK383 HR385 SI386 BA387 MK389 CZ420 SK421 \
    LI423 FK500 BZ501 GT502 SV503 HN504 NI505 CR506 PA507 PM508 HT509 GP590 BL590 MF590 BO591 GY592 EC593 \
    GF594 PY595 MQ596 SR597 UY598 CW599 BQ599 TL670 NF672 BN673 NR674 PG675 TO676 SB677 VU678 FJ679 PW680 \
    WF681 CK682 NU683 WS685 KI686 NC687 TV688 PF689 TK690 FM691 MH692 KP850 HK852 MO853 KH855 LA856 BD880 \
    TW886 MV960 LB961 JO962 SY963 IQ964 KW965 SA966 YE967 OM968 PS970 AE971 IL972 BH973 QA974 BT975 MN976 \
    NP977 TJ992 TM993 AZ994 GE995 KG996 UZ998
    """
}
