// Lists the small changes that scripts/mutants can make to Swift files, as JSON, one a line.
//
//     mutator FILE...
//
// `start` and `end` are the UTF-8 offsets of what is exchanged, an expression or a statement; `to` is
// what stands there in the mutant. Of a statement, an empty `to` means that it is left out.
import Foundation
import SwiftOperators
import SwiftParser
import SwiftSyntax

/// One small change of one file.
struct Change: Encodable {
  var file: String
  var line: Int
  var kind: String
  var form: Form
  var start: Int
  var end: Int
  var from: String
  var to: String

  enum Form: String, Encodable { case expression, statement }
}

/// The cases without payload of every enum in the files, so that one can stand for another.
final class EnumFinder: SyntaxVisitor {
  var cases: [[String]] = []

  override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind {
    let names = node.memberBlock.members.compactMap { $0.decl.as(EnumCaseDeclSyntax.self) }
      .flatMap { $0.elements.filter { $0.parameterClause == nil }.map(\.name.text) }
    if names.count > 1 { cases.append(names) }
    return .visitChildren
  }
}

final class Finder: SyntaxVisitor {
  let file: String
  let cases: [[String]]
  let places: SourceLocationConverter
  var changes: [Change] = []

  init(file: String, tree: Syntax, cases: [[String]]) {
    self.file = file
    self.cases = cases
    places = SourceLocationConverter(fileName: file, tree: tree)
    super.init(viewMode: .sourceAccurate)
  }

  private func add(
    _ kind: String, _ node: some SyntaxProtocol, _ form: Change.Form = .expression, to: String
  ) {
    let start = node.positionAfterSkippingLeadingTrivia
    changes.append(
      Change(
        file: file, line: places.location(for: start).line, kind: kind, form: form,
        start: start.utf8Offset, end: node.endPositionBeforeTrailingTrivia.utf8Offset,
        from: node.trimmedDescription, to: to))
  }

  // MARK: What is no ordinary expression

  override func visit(_: AttributeSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_: EnumCaseElementSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_: IfConfigDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: ArrayExprSyntax) -> SyntaxVisitorContinueKind {
    node.elements.count > 16 ? .skipChildren : .visitChildren
  }

  private func isPattern(_ node: some SyntaxProtocol) -> Bool {
    var at = node.parent
    while let here = at, !here.is(CodeBlockItemSyntax.self) {
      if here.is(ExpressionPatternSyntax.self) || here.is(ValueBindingPatternSyntax.self) {
        return true
      }
      at = here.parent
    }
    return false
  }

  // MARK: Operators

  private static let exchanged: [String: (String, String)] = [
    "<": ("<=", "comparison"), "<=": ("<", "comparison"), ">": (">=", "comparison"),
    ">=": (">", "comparison"), "==": ("!=", "comparison"), "!=": ("==", "comparison"),
    "===": ("!==", "comparison"), "!==": ("===", "comparison"),
    "&&": ("||", "and, or"), "||": ("&&", "and, or"),
    "+": ("-", "plus, minus"), "-": ("+", "plus, minus"),
    "&+": ("&-", "plus, minus"), "&-": ("&+", "plus, minus"),
    "+=": ("-=", "plus, minus"), "-=": ("+=", "plus, minus"),
  ]

  override func visit(_ node: InfixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
    let sign = node.operator.trimmedDescription
    guard let (other, kind) = Self.exchanged[sign], !isPattern(node) else { return .visitChildren }
    if kind == "plus, minus", isText(node.leftOperand) || isText(node.rightOperand) {
      return .visitChildren
    }
    let left = node.leftOperand.trimmedDescription
    let right = node.rightOperand.trimmedDescription
    let form: Change.Form = sign.hasSuffix("=") && kind == "plus, minus" ? .statement : .expression
    if form == .expression || node.parent?.is(CodeBlockItemSyntax.self) == true {
      add(kind, node, form, to: "\(left) \(other) \(right)")
    }
    if sign == "&&" {
      add("condition dropped", node, to: left)
      if node.leftOperand.as(InfixOperatorExprSyntax.self)?.operator.trimmedDescription != "&&" {
        add("condition dropped", node, to: right)
      }
    }
    return .visitChildren
  }

  /// Whether it looks like a text or a list, where `-` means nothing.
  private func isText(_ node: ExprSyntax) -> Bool {
    if node.is(StringLiteralExprSyntax.self) || node.is(ArrayExprSyntax.self) { return true }
    if let infix = node.as(InfixOperatorExprSyntax.self) {
      return isText(infix.leftOperand) || isText(infix.rightOperand)
    }
    if let tuple = node.as(TupleExprSyntax.self), let only = tuple.elements.first {
      return isText(only.expression)
    }
    if let choice = node.as(TernaryExprSyntax.self) { return isText(choice.thenExpression) }
    if let call = node.as(FunctionCallExprSyntax.self) {
      let name = call.calledExpression.trimmedDescription
      return name == "String" || name == "Array" || name.hasSuffix("joined") || name == "Duration"
        || name.hasSuffix(".map") || name.hasSuffix(".filter") || name.hasSuffix("flatMap")
    }
    return false
  }

  // MARK: Constants

  override func visit(_ node: BooleanLiteralExprSyntax) -> SyntaxVisitorContinueKind {
    // `while true` says that nothing comes after it.
    if !isPattern(node), node.parent?.parent?.parent?.is(WhileStmtSyntax.self) != true {
      add("true, false", node, to: node.literal.text == "true" ? "false" : "true")
    }
    return .skipChildren
  }

  override func visit(_ node: IntegerLiteralExprSyntax) -> SyntaxVisitorContinueKind {
    let text = node.literal.text.replacingOccurrences(of: "_", with: "")
    let value = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
    guard let value, value < .max else { return .skipChildren }
    func written(_ value: Int64) -> String {
      text.hasPrefix("0x") ? "0x" + String(value, radix: 16, uppercase: true) : "\(value)"
    }
    // A sign before it makes one number of both.
    if node.parent?.is(PrefixOperatorExprSyntax.self) == true { return .skipChildren }
    add("constant", node, to: written(value + 1))
    if value > 0 { add("constant", node, to: written(value - 1)) }
    return .skipChildren
  }

  override func visit(_ node: MemberAccessExprSyntax) -> SyntaxVisitorContinueKind {
    guard node.base == nil, node.declName.argumentNames == nil, !isPattern(node),
      node.parent?.is(FunctionCallExprSyntax.self) != true
        || node.parent?.as(FunctionCallExprSyntax.self)?.calledExpression.id != node.id
    else { return .visitChildren }
    let name = node.declName.baseName.text
    let homes = cases.filter { $0.contains(name) }
    guard let home = homes.first(where: { _ in true }), homes.count == 1 || Set(homes).count == 1
    else { return .skipChildren }
    for other in [next(to: name, in: home, 1), next(to: name, in: home, home.count - 1)]
    where other != name {
      add("case swapped", node, to: ".\(other)")
      if home.count == 2 { break }
    }
    return .skipChildren
  }

  private func next(to name: String, in home: [String], _ step: Int) -> String {
    home[((home.firstIndex(of: name) ?? 0) + step) % home.count]
  }

  // MARK: Conditions

  override func visit(_ node: GuardStmtSyntax) -> SyntaxVisitorContinueKind {
    for condition in node.conditions { change(condition, of: "guard") }
    return .visitChildren
  }

  override func visit(_ node: IfExprSyntax) -> SyntaxVisitorContinueKind {
    for condition in node.conditions { change(condition, of: "if") }
    return .visitChildren
  }

  private func change(_ condition: ConditionElementSyntax, of word: String) {
    guard case .expression(let test) = condition.condition else { return }
    let text = test.trimmedDescription
    if word == "guard" {
      add("condition dropped", test, to: "true")
      add("guard inverted", test, to: "!(\(text))")
    } else {
      add("if always true", test, to: "true")
      add("if never true", test, to: "false")
    }
  }

  // MARK: Statements

  override func visit(_ node: CodeBlockItemSyntax) -> SyntaxVisitorContinueKind {
    switch node.item {
    case .expr(let expression):
      if isEffect(expression), !isValue(node), !initializes(node, expression) {
        add("statement deleted", expression, .statement, to: "")
      }
    case .stmt(let statement):
      if let exit = statement.as(ReturnStmtSyntax.self) {
        change(exit, node)
      } else if statement.is(BreakStmtSyntax.self) || statement.is(ContinueStmtSyntax.self),
        !isInGuard(node), !isEmptyCase(node, statement)
      {
        add("early exit removed", statement, .statement, to: "")
      }
    default: break
    }
    return .visitChildren
  }

  /// `case x: break`: nothing is done with it and without it.
  private func isEmptyCase(_ item: CodeBlockItemSyntax, _ statement: StmtSyntax) -> Bool {
    guard let exit = statement.as(BreakStmtSyntax.self), exit.label == nil,
      let list = item.parent?.as(CodeBlockItemListSyntax.self), list.count == 1
    else { return false }
    return list.parent?.is(SwitchCaseSyntax.self) == true
  }

  private func change(_ exit: ReturnStmtSyntax, _ item: CodeBlockItemSyntax) {
    let returns = returnsValue(item)
    if let value = exit.expression, isEffect(value), !returns {
      add("effect before return dropped", exit, .statement, to: "return")
      if !isInGuard(item), !isLast(item) {
        add("early exit removed", exit, .statement, to: value.trimmedDescription)
      }
    } else if !isInGuard(item), !isLast(item) {
      add("early exit removed", exit, .statement, to: "")
    }
  }

  private func isEffect(_ node: ExprSyntax) -> Bool {
    if let attempt = node.as(TryExprSyntax.self) { return isEffect(attempt.expression) }
    if let call = node.as(FunctionCallExprSyntax.self) {
      return call.calledExpression.trimmedDescription.hasSuffix(".init") == false
    }
    if let chain = node.as(OptionalChainingExprSyntax.self) { return isEffect(chain.expression) }
    guard let infix = node.as(InfixOperatorExprSyntax.self) else { return false }
    if infix.operator.is(AssignmentExprSyntax.self) { return true }
    let sign = infix.operator.trimmedDescription
    return sign.hasSuffix("=") && !["==", "!=", "<=", ">=", "===", "!=="].contains(sign)
  }

  /// Whether a block's only item is the block's value, not a statement.
  private func isValue(_ item: CodeBlockItemSyntax) -> Bool {
    guard let list = item.parent?.as(CodeBlockItemListSyntax.self), list.count == 1,
      let owner = list.parent
    else { return false }
    if owner.is(ClosureExprSyntax.self) || owner.is(AccessorBlockSyntax.self) { return true }
    var branch: Syntax? = owner
    while let here = branch, !here.is(IfExprSyntax.self), !here.is(SwitchExprSyntax.self) {
      if let function = here.as(FunctionDeclSyntax.self) {
        return function.signature.returnClause != nil
      }
      if here.is(AccessorDeclSyntax.self) || here.is(ClosureExprSyntax.self) { return true }
      if here.is(GuardStmtSyntax.self) || here.is(ForStmtSyntax.self)
        || here.is(WhileStmtSyntax.self)
        || here.is(DoStmtSyntax.self) || here.is(DeferStmtSyntax.self)
        || here.is(InitializerDeclSyntax.self)
      {
        return false
      }
      branch = here.parent
    }
    guard let branch else { return false }
    // The `if` or `switch` itself: a value where it stands, or the only item of its own block.
    var outer = branch.parent
    if let statement = outer?.as(ExpressionStmtSyntax.self) { outer = statement.parent }
    if let item = outer?.as(CodeBlockItemSyntax.self) { return isValue(item) }
    return outer?.is(IfExprSyntax.self) != true || isValueOf(outer)
  }

  private func isValueOf(_ node: Syntax?) -> Bool {
    var outer = node?.parent
    while let here = outer, here.is(IfExprSyntax.self) || here.is(ExpressionStmtSyntax.self) {
      outer = here.parent
    }
    if let item = outer?.as(CodeBlockItemSyntax.self) { return isValue(item) }
    return true
  }

  /// Whether it gives a property its first value.
  private func initializes(_ item: CodeBlockItemSyntax, _ node: ExprSyntax) -> Bool {
    guard node.as(InfixOperatorExprSyntax.self)?.operator.is(AssignmentExprSyntax.self) == true
    else { return false }
    var at = item.parent
    while let here = at {
      if here.is(InitializerDeclSyntax.self) { return true }
      if here.is(FunctionDeclSyntax.self) || here.is(ClosureExprSyntax.self) { return false }
      at = here.parent
    }
    return false
  }

  private func isInGuard(_ item: CodeBlockItemSyntax) -> Bool {
    item.parent?.parent?.parent?.is(GuardStmtSyntax.self) == true
  }

  /// Whether nothing comes after it in the function: then leaving it out changes nothing, or leaves no
  /// value to return.
  private func isLast(_ item: CodeBlockItemSyntax) -> Bool {
    var at: Syntax? = Syntax(item)
    while let here = at {
      if let item = here.as(CodeBlockItemSyntax.self),
        item.parent?.as(CodeBlockItemListSyntax.self)?.last?.id != item.id
      {
        return false
      }
      if here.is(FunctionDeclSyntax.self) || here.is(AccessorDeclSyntax.self)
        || here.is(InitializerDeclSyntax.self) || here.is(ClosureExprSyntax.self)
        || here.is(AccessorBlockSyntax.self)
      {
        return true
      }
      at = here.parent
    }
    return true
  }

  private func returnsValue(_ item: CodeBlockItemSyntax) -> Bool {
    var at = item.parent
    while let here = at {
      if let function = here.as(FunctionDeclSyntax.self) {
        return function.signature.returnClause != nil
      }
      if here.is(InitializerDeclSyntax.self) { return false }
      if here.is(ClosureExprSyntax.self) || here.is(AccessorDeclSyntax.self)
        || here.is(AccessorBlockSyntax.self)
      {
        return true
      }
      at = here.parent
    }
    return true
  }
}

let encoder = JSONEncoder()
encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
let trees = try CommandLine.arguments.dropFirst().map { file in
  let source = try String(contentsOfFile: file, encoding: .utf8)
  return (file, OperatorTable.standardOperators.foldAll(Parser.parse(source: source)) { _ in })
}
let enums = EnumFinder(viewMode: .sourceAccurate)
for (_, tree) in trees { enums.walk(tree) }
for (file, tree) in trees {
  let finder = Finder(file: file, tree: Syntax(tree), cases: enums.cases)
  finder.walk(tree)
  for change in finder.changes {
    FileHandle.standardOutput.write(try encoder.encode(change) + Data("\n".utf8))
  }
}
