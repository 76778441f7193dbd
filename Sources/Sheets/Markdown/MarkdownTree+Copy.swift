// Copies cmark's tree out into Swift values.

import CCmark
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
    let iterator = cmark_iter_new(root)
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return ([], math) }
      let type = cmark_node_get_type(node)
      if event == CMARK_EVENT_ENTER {
        stack.append(Frame())
        if stack.count > depthLimit {
          throw DiagnosticList([
            Diagnostic(
              "quotes, lists and emphasis are nested deeper than \(depthLimit); write it flatter", in: source,
              at: offset(line: cmark_node_get_start_line(node), column: 0)..<range(node).lowerBound)
          ])
        }
        if !Self.isLeaf(type) { continue }
      }
      let frame = stack.removeLast()
      if stack.isEmpty { return (frame.blocks, math) }
      let parent = stack.count - 1
      if type == CMARK_NODE_CUSTOM_BLOCK || type == CMARK_NODE_CUSTOM_INLINE { math.append(span(node)) }
      if type == CMARK_NODE_ITEM {
        stack[parent].items.append(frame.blocks)
      } else if let inline = inline(node, type, frame) {
        stack[parent].inlines.append(inline)
      } else if let kind = block(node, type, frame) {
        let range = type == CMARK_NODE_CUSTOM_BLOCK ? span(node).range : range(node)
        stack[parent].blocks.append(Block(kind: kind, range: range))
      }
    }
  }

  /// Whether cmark's walk enters a node of a type and never leaves it.
  private static func isLeaf(_ type: cmark_node_type) -> Bool {
    switch type {
    case CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK, CMARK_NODE_CODE_BLOCK, CMARK_NODE_TEXT, CMARK_NODE_SOFTBREAK,
      CMARK_NODE_LINEBREAK, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE:
      true
    default: false
    }
  }

  private func inline(_ node: OpaquePointer, _ type: cmark_node_type, _ frame: Frame) -> Inline? {
    switch type {
    case CMARK_NODE_TEXT: .text(literal(node))
    case CMARK_NODE_CODE: .code(literal(node))
    case CMARK_NODE_CUSTOM_INLINE: .math(span(node))
    case CMARK_NODE_EMPH: .emphasis(frame.inlines)
    case CMARK_NODE_STRONG: .strong(frame.inlines)
    case CMARK_NODE_LINK: .link(destination: url(node), frame.inlines)
    case CMARK_NODE_IMAGE: .image(source: url(node), frame.inlines)
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_LINEBREAK: .lineBreak
    default: nil
    }
  }

  private func block(_ node: OpaquePointer, _ type: cmark_node_type, _ frame: Frame) -> Block.Kind? {
    switch type {
    case CMARK_NODE_HEADING: .heading(level: Int(cmark_node_get_heading_level(node)), frame.inlines)
    case CMARK_NODE_PARAGRAPH: .paragraph(frame.inlines)
    case CMARK_NODE_BLOCK_QUOTE: .quote(frame.blocks)
    case CMARK_NODE_LIST:
      .list(
        start: cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(node)) : nil,
        tight: cmark_node_get_list_tight(node) != 0, items: frame.items)
    case CMARK_NODE_CODE_BLOCK: .code(info: info(node), content(node))
    case CMARK_NODE_CUSTOM_BLOCK: .math(span(node))
    case CMARK_NODE_THEMATIC_BREAK: .rule
    default: nil
    }
  }
}
