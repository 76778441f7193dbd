// Copies cmark's tree out into Swift values.

import Diagnostics

extension MarkdownTree {
  /// A node that was entered and not yet left, with what its children came to.
  private struct Frame {
    var blocks: [Block] = []
    var inlines: [Inline] = []
    var items: [[Block]] = []
  }

  /// The blocks of the tree and the mathematics that stands in it.
  func copyOut(depthLimit: Int) throws(DiagnosticList) -> (blocks: [Block], math: [MathSpan]) {
    var stack: [Frame] = []
    var math: [MathSpan] = []
    for (node, isEntered) in root.events() {
      if isEntered {
        stack.append(Frame())
        if stack.count > depthLimit {
          throw DiagnosticList([
            Diagnostic(
              "quotes, lists and emphasis are nested deeper than \(depthLimit); write it flatter", in: source,
              at: offset(line: node.start.line, column: 0)..<range(node).lowerBound)
          ])
        }
        if !node.isLeaf { continue }
      }
      let frame = stack.removeLast()
      if stack.isEmpty { return (frame.blocks, math) }
      let parent = stack.count - 1
      if node.kind == .customBlock || node.kind == .customInline { math.append(span(node)) }
      if node.kind == .item {
        stack[parent].items.append(frame.blocks)
      } else if let inline = inline(node, frame) {
        stack[parent].inlines.append(inline)
      } else if let kind = block(node, frame) {
        let range = node.kind == .customBlock ? span(node).range : range(node)
        stack[parent].blocks.append(Block(kind: kind, range: range))
      }
    }
    return ([], math)
  }

  private func inline(_ node: CmarkNode, _ frame: Frame) -> Inline? {
    switch node.kind {
    case .text: .text(node.literal)
    case .code: .code(node.literal)
    case .customInline: .math(span(node))
    case .emphasis: .emphasis(frame.inlines)
    case .strong: .strong(frame.inlines)
    case .link: .link(destination: node.url, frame.inlines)
    case .image: .image(source: node.url, frame.inlines)
    case .softBreak: .softBreak
    case .lineBreak: .lineBreak
    default: nil
    }
  }

  private func block(_ node: CmarkNode, _ frame: Frame) -> Block.Kind? {
    switch node.kind {
    case .heading: .heading(level: node.headingLevel, frame.inlines)
    case .paragraph: .paragraph(frame.inlines)
    case .quote: .quote(frame.blocks)
    case .list: .list(start: node.listStart, tight: node.isTight, items: frame.items)
    case .codeBlock: .code(info: node.info, content(node))
    case .customBlock: .math(span(node))
    case .rule: .rule
    default: nil
    }
  }
}
