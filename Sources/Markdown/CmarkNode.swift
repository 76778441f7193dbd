// The only file that knows cmark: a text parsed into a tree of nodes, which may be read, rearranged and rendered.

import CCmark
import Glibc

/// A node of cmark's tree. It is a reference: valid until it, or the document that it stands in, is freed.
struct CmarkNode {
  /// What a node is; `document` for the root.
  enum Kind {
    case document, quote, list, item, codeBlock, htmlBlock, customBlock, paragraph, heading, rule
    case text, softBreak, lineBreak, code, htmlInline, customInline, emphasis, strong, link, image
  }

  private let pointer: OpaquePointer

  private init?(_ pointer: OpaquePointer?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  /// A new node that stands nowhere yet: text, or a piece of HTML of our own.
  init?(_ kind: Kind) {
    switch kind {
    case .text: self.init(cmark_node_new(CMARK_NODE_TEXT))
    case .customInline: self.init(cmark_node_new(CMARK_NODE_CUSTOM_INLINE))
    case .customBlock: self.init(cmark_node_new(CMARK_NODE_CUSTOM_BLOCK))
    default: return nil
    }
  }

  /// The document of a text, runs of text joined; whoever parses it frees it.
  init(parsing text: [UInt8]) {
    pointer = text.withUnsafeBytes { bytes in
      cmark_parse_document(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, CMARK_OPT_SOURCEPOS)
    }
    cmark_consolidate_text_nodes(pointer)
  }

  /// Frees a node and all that stands in it; a node of a tree is taken out of it.
  func free() { cmark_node_free(pointer) }

  // MARK: What it is

  var kind: Kind {
    switch cmark_node_get_type(pointer) {
    case CMARK_NODE_BLOCK_QUOTE: .quote
    case CMARK_NODE_LIST: .list
    case CMARK_NODE_ITEM: .item
    case CMARK_NODE_CODE_BLOCK: .codeBlock
    case CMARK_NODE_HTML_BLOCK: .htmlBlock
    case CMARK_NODE_CUSTOM_BLOCK: .customBlock
    case CMARK_NODE_PARAGRAPH: .paragraph
    case CMARK_NODE_HEADING: .heading
    case CMARK_NODE_THEMATIC_BREAK: .rule
    case CMARK_NODE_TEXT: .text
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_LINEBREAK: .lineBreak
    case CMARK_NODE_CODE: .code
    case CMARK_NODE_HTML_INLINE: .htmlInline
    case CMARK_NODE_CUSTOM_INLINE: .customInline
    case CMARK_NODE_EMPH: .emphasis
    case CMARK_NODE_STRONG: .strong
    case CMARK_NODE_LINK: .link
    case CMARK_NODE_IMAGE: .image
    default: .document
    }
  }

  /// The text of a node of text or code; empty for others.
  var literal: String {
    get { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
    nonmutating set { cmark_node_set_literal(pointer, newValue) }
  }

  /// Whether the literal has one of some ASCII characters; the literal is not copied.
  func literal(hasAnyOf characters: String) -> Bool {
    cmark_node_get_literal(pointer).map { strpbrk($0, characters) != nil } ?? false
  }

  /// Where a link or an image leads; empty for others.
  var url: String {
    get { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
    nonmutating set { cmark_node_set_url(pointer, newValue) }
  }

  /// The title of a link or an image; empty for others.
  var title: String {
    get { cmark_node_get_title(pointer).map { String(cString: $0) } ?? "" }
    nonmutating set { cmark_node_set_title(pointer, newValue) }
  }

  /// What stands behind the fence of a block of code.
  var info: String { cmark_node_get_fence_info(pointer).map { String(cString: $0) } ?? "" }
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  /// The first number of an ordered list; nil for one with bullets.
  var listStart: Int? {
    cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(pointer)) : nil
  }
  /// Whether there are no blank lines between the items of a list.
  var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }

  /// What a custom node is written as; its children stand between the two.
  func render(_ opening: String, _ closing: String = "") {
    cmark_node_set_on_enter(pointer, opening)
    cmark_node_set_on_exit(pointer, closing)
  }

  /// A number from 0 of the caller's own; nil where none was set.
  var mark: Int? {
    get { cmark_node_get_user_data(pointer).map { Int(bitPattern: $0) - 1 } }
    nonmutating set {
      cmark_node_set_user_data(pointer, newValue.flatMap { UnsafeMutableRawPointer(bitPattern: $0 + 1) })
    }
  }

  // MARK: Where it stands

  /// Lines and columns from 1, columns in UTF-8 bytes, the last one included; 0 where cmark knows none.
  var start: (line: Int, column: Int) {
    (Int(cmark_node_get_start_line(pointer)), Int(cmark_node_get_start_column(pointer)))
  }
  var end: (line: Int, column: Int) {
    (Int(cmark_node_get_end_line(pointer)), Int(cmark_node_get_end_column(pointer)))
  }

  var parent: CmarkNode? { CmarkNode(cmark_node_parent(pointer)) }
  var previous: CmarkNode? { CmarkNode(cmark_node_previous(pointer)) }
  var next: CmarkNode? { CmarkNode(cmark_node_next(pointer)) }
  var firstChild: CmarkNode? { CmarkNode(cmark_node_first_child(pointer)) }
  var lastChild: CmarkNode? { CmarkNode(cmark_node_last_child(pointer)) }

  /// The children as they stand now; the tree may be changed while they are gone through.
  var children: [CmarkNode] {
    var children: [CmarkNode] = []
    var child = firstChild
    while let node = child {
      children.append(node)
      child = node.next
    }
    return children
  }

  /// Every node in the order of the text, when it is entered, and, where it may have children, when it is left.
  func events() -> [(node: CmarkNode, isEntered: Bool)] {
    var events: [(node: CmarkNode, isEntered: Bool)] = []
    let iterator = cmark_iter_new(pointer)
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { return events }
      if let node = CmarkNode(cmark_iter_get_node(iterator)) { events.append((node, event == CMARK_EVENT_ENTER)) }
    }
  }

  /// Whether a walk enters it and never leaves it.
  var isLeaf: Bool {
    switch kind {
    case .htmlBlock, .rule, .codeBlock, .text, .softBreak, .lineBreak, .code, .htmlInline: true
    default: false
    }
  }

  // MARK: Rearranging

  func insert(before node: CmarkNode) { cmark_node_insert_before(node.pointer, pointer) }
  func append(_ child: CmarkNode) { cmark_node_append_child(pointer, child.pointer) }
  func unlink() { cmark_node_unlink(pointer) }

  /// Puts another node in this one's place and frees this one.
  func replace(with other: CmarkNode) {
    cmark_node_replace(pointer, other.pointer)
    free()
  }

  /// Takes it out of its tree and frees it.
  func remove() {
    unlink()
    free()
  }

  /// HTML by cmark's own renderer, in its safe mode.
  func html() -> String? {
    guard let text = cmark_render_html(pointer, CMARK_OPT_DEFAULT) else { return nil }
    defer { cmark_get_default_mem_allocator().pointee.free(text) }
    return String(cString: text)
  }
}
