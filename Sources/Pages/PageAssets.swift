// What pages need beside them: the style sheet, and what goes along with KaTeX.

/// The style sheet of the pages.
enum PageAssets {
  /// Good at 360 pixels, in the dark and on paper; a long formula scrolls in its own box.
  static let styleSheet = """
    :root {
      color-scheme: light dark;
      --ink: #1d2430; --soft: #5b6573; --paper: #ffffff; --shade: #f3f5f8; --line: #d5dbe3; --link: #0b5fb0; --bad: #b3261e; --warm: #a84300;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ink: #e4e8ee; --soft: #a0aab8; --paper: #14181f; --shade: #1e242d; --line: #39424f; --link: #7db8f5; --bad: #ff8a80; --warm: #ffb27a;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.65 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Noto Sans CJK SC",
        "Microsoft YaHei", sans-serif;
    }
    /* Chinese quotes are as wide as a character, which they are in a Chinese font only. */
    body:lang(zh) { font-family: "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
        "Microsoft YaHei", system-ui, sans-serif; }
    main { max-width: 46rem; margin: 0 auto; padding: 0 1rem 4rem; overflow-wrap: break-word; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus { left: 1rem; top: .5rem; z-index: 2; padding: .25rem .75rem; background: var(--paper); border: 2px solid var(--link); }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .bar { display: flex; justify-content: space-between; gap: 1rem; max-width: 46rem; margin: 0 auto; padding: .75rem 1rem; }
    a { color: var(--link); text-underline-offset: .15em; }
    .bar .other { margin-left: auto; }
    .bar a, .steps a { display: inline-block; padding: .35rem 0; }
    h1 { font-size: 1.7rem; line-height: 1.25; margin: .5rem 0 .75rem; }
    h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.25rem 0 .5rem; }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
    .facts { color: var(--soft); font-size: .95rem; margin: .25rem 0; word-break: keep-all; }
    code { font: .92em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
      background: var(--shade); border-radius: .25em; padding: .1em .3em; overflow-wrap: anywhere; }
    code.whole, code .word { white-space: nowrap; }
    pre { background: var(--shade); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; overflow-x: auto; }
    pre code { background: none; padding: 0; overflow-wrap: normal; }
    pre code:not([class]) { white-space: pre-wrap; }
    .command { display: inline-block; white-space: normal; padding-left: 2ch; text-indent: -2ch; }
    blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: .25rem solid var(--line); color: var(--soft); }
    hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
    img { max-width: 100%; height: auto; }
    figure { margin: .25rem 0 .5rem; }
    figure img { display: block; width: 100%; max-width: 32rem; margin: 0 auto; background: #fff; border-radius: .3rem; }
    figcaption { color: var(--soft); font-size: .95rem; margin: .5rem 0 0; }
    table.tasks { border-collapse: collapse; margin: 1rem 0; font-size: .95rem; }
    .tasks th, .tasks td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid var(--line); }
    .tasks code { white-space: nowrap; }
    .tasks th { color: var(--soft); font-weight: 600; }
    .tasks th:last-child, .tasks td:last-child { text-align: right; padding-right: 0; }
    div.math, span.math.display { display: block; overflow-x: auto; overflow-y: hidden; padding: .35rem 0; margin: .75rem 0;
      padding-left: 1.5rem; }
    div.math > .row { padding: .25rem 0; }
    div.math .katex-display, span.math.display .katex-display { margin: 0; text-align: left; }
    .math .katex-display > .katex { text-align: left; }
    span.math.wide { display: inline-block; max-width: 100%; overflow-x: auto; overflow-y: hidden; vertical-align: middle; }
    .tied { white-space: nowrap; }
    .tied wbr, .tied.loose { white-space: normal; }
    .math.plain { font-family: ui-monospace, Menlo, Consolas, monospace; white-space: pre; }
    .math .katex-error, .math.failed { color: var(--bad); border-bottom: 2px dotted var(--bad); }
    /* Letters of a derivative in a line, and the labels below them, are not under 12 pixels. */
    .katex .sizing.reset-size6.size3, .katex .fontsize-ensurer.reset-size6.size3 { font-size: .8em; }
    .katex .sizing.reset-size3.size1 { font-size: .75em; }
    /* Without scripts each line of LaTeX keeps its own line. */
    div.math:not(.set) { white-space: pre; font-family: ui-monospace, Menlo, Consolas, monospace; }
    .contents { margin: 1rem 0 1.5rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .95rem; }
    .contents p { margin: 0; color: var(--soft); font-weight: 600; }
    .contents ul { margin: .15rem 0 0; padding: 0; list-style: none; columns: 2; column-gap: 2rem; }
    .contents li { break-inside: avoid; padding: .15rem 0; }
    @media (min-width: 84rem) {
      .contents { position: fixed; top: 4rem; left: calc(50% - 40rem); width: 15rem; margin: 0; border: 0; max-height: 85vh; overflow-y: auto; }
      .contents ul { columns: 1; }
    }
    .walk .drawing { overflow-x: auto; }
    .walk svg { display: block; width: 100%; min-width: 38rem; max-height: 32rem; color: var(--ink); }
    .walk svg text { fill: currentColor; font-family: system-ui, sans-serif; }
    .walk svg path, .walk svg polygon { stroke: var(--soft); }
    .walk svg .edge polygon { fill: var(--soft); }
    .walk svg .edge text { fill: var(--soft); }
    .walk svg .lit path, .walk svg .lit polygon { stroke: var(--link); stroke-width: 2.5; }
    .walk svg .edge.lit polygon { fill: var(--link); }
    .walk svg .node.lit path, .walk svg .node.lit polygon { fill: color-mix(in srgb, var(--link) 25%, transparent); }
    .walk svg .lit.meets path, .walk svg .lit.meets polygon { stroke: var(--warm); }
    .walk svg .node.lit.meets path { fill: color-mix(in srgb, var(--warm) 30%, transparent); }
    .walk svg .edge.lit.meets polygon { fill: var(--warm); }
    .walk button { font: inherit; font-size: .95rem; color: var(--ink); background: var(--shade); border: 1px solid var(--soft); border-radius: .3rem;
      padding: .2rem .7rem; cursor: pointer; }
    .walk button:disabled { color: var(--soft); cursor: default; }
    .walk .now { min-height: 3.5rem; padding: .5rem .75rem; border-left: .25rem solid var(--link); background: var(--shade); overflow-x: auto; }
    .walk .now.meets { border-color: var(--warm); }
    .walk ol { overflow-x: auto; padding-left: 2.5rem; }
    .walk li { padding: .1rem .25rem; }
    .walk li[aria-current] { background: var(--shade); }
    .walk .rule { color: var(--soft); margin-left: 1rem; }
    .code { position: relative; }
    .code button { position: absolute; top: .4rem; right: .4rem; padding: .1rem .6rem; border: 1px solid var(--line); border-radius: .3rem;
      background: var(--paper); color: var(--soft); font: .85rem/1.6 system-ui, sans-serif; cursor: pointer; }
    .code pre { padding-right: 5rem; }
    .search input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .3rem;
      padding: .25rem .5rem; width: min(100%, 18rem); }
    .search span { color: var(--soft); }
    ol.path > li[hidden] { display: none; }
    details { border: 1px solid var(--line); border-radius: .4rem; margin: .75rem 0; padding: 0 1rem; }
    details[open] { padding-bottom: .5rem; }
    summary { cursor: pointer; padding: .65rem 0; font-weight: 600; }
    .steps { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 2rem; margin-top: 3rem;
      border-top: 1px solid var(--line); padding-top: 1rem; }
    .steps a[rel=next] { margin-left: auto; text-align: right; }
    ol.path { list-style: none; margin: 2rem 0 0; padding: 0; counter-reset: step; }
    ol.path > li { position: relative; counter-increment: step; padding: 0 0 1.75rem 3rem; }
    ol.path > li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 2rem; height: 2rem;
      line-height: 1.9rem; text-align: center; border: 1px solid var(--line); border-radius: 50%; background: var(--shade);
      font-size: .95rem; }
    ol.path > li:not(:last-child)::after { content: ""; position: absolute; left: 1rem; top: 2.2rem; bottom: .2rem;
      border-left: 1px solid var(--line); }
    ol.path h2 { margin: 0; padding-top: .15rem; }
    @media (max-width: 30rem) {
      div.math, span.math.display { padding-left: 0; }
      ol.path > li { padding-left: 2.75rem; }
      .tasks th, .tasks td { padding-right: .75rem; }
      ul, ol:not(.path) { padding-left: 1.4rem; }
      .contents ul { columns: 1; padding: 0; }
      .code pre { padding-right: 1rem; padding-top: 2.5rem; }
    }
    @media print {
      :root { --ink: #000; --soft: #444; --paper: #fff; --shade: #fff; --line: #bbb; --link: #000; color-scheme: light; }
      body { font-size: 10.5pt; line-height: 1.45; }
      main { max-width: none; padding: 0; }
      @page { @bottom-center { content: counter(page); } }
      /* What is open is printed, hints too. */
      .skip, .bar, .steps, .contents, .search, .code button, .walk .controls, .walk .now, details:not([open]) { display: none; }
      .code pre { padding-right: 1rem; }
      details.figure { border: 0; padding: 0; break-inside: avoid; }
      /* Without a ground of its own, code is set as close as a word. */
      code { background: none; padding: 0; }
      p:has(+ ul, + ol, + pre, + div.math, + table) { break-after: avoid; }
      li, tr { break-inside: avoid; }
      a { text-decoration: none; }
      h1, h2, h3 { break-after: avoid; }
      div.math, pre, ol.path > li { break-inside: avoid; }
      div.math, span.math.display, pre { overflow: visible; }
      pre { white-space: pre-wrap; }
    }

    """

  /// What goes along with every copy of KaTeX.
  static let katexLicense = """
    KaTeX (https://katex.org) and its fonts

    The MIT License (MIT)

    Copyright (c) 2013-2020 Khan Academy and other contributors

    Permission is hereby granted, free of charge, to any person obtaining a copy
    of this software and associated documentation files (the "Software"), to deal
    in the Software without restriction, including without limitation the rights
    to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
    copies of the Software, and to permit persons to whom the Software is
    furnished to do so, subject to the following conditions:

    The above copyright notice and this permission notice shall be included in all
    copies or substantial portions of the Software.

    THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
    IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
    FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
    AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
    LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
    OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
    SOFTWARE.

    """
}
