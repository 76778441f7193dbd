// The frame of the pages, as Mustache templates.

import Mustache

/// The templates of a sheet's page and of the index, parsed.
struct PageTemplates {
  private let library: MustacheLibrary

  init() throws {
    library = MustacheLibrary(templates: [
      "frame": try MustacheTemplate(string: Self.frame),
      "sheet": try MustacheTemplate(string: Self.sheet),
      "index": try MustacheTemplate(string: Self.index),
      "figure": try MustacheTemplate(string: Self.figure),
      "walk": try MustacheTemplate(string: Self.walk),
    ])
  }

  /// A page by the name of its template.
  func page(_ name: String, _ values: [String: Any]) -> String {
    library.render(values, withTemplate: name) ?? ""
  }

  private static let frame = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="unroll">
    <title>{{title}}</title>
    <link rel="stylesheet" href="katex/katex.min.css">
    <link rel="stylesheet" href="unroll.css">
    <script defer src="katex/katex.min.js"></script>
    <script defer src="unroll.js"></script>
    </head>
    <body data-copy="{{copyWord}}" data-copied="{{copiedWord}}">
    <a class="skip" href="#text">{{skipWord}}</a>
    <header class="bar">
    {{#home}}<nav aria-label="{{courseWord}}"><a href="{{file}}">{{word}}</a></nav>{{/home}}
    {{#other}}<nav class="other" aria-label="{{languageWord}}"><a href="{{file}}" hreflang="{{language}}" lang="{{language}}">{{word}}</a></nav>{{/other}}
    </header>
    <main id="text">
    {{$content}}{{/content}}
    </main>
    </body>
    </html>

    """

  private static let sheet = """
    {{<frame}}
    {{$content}}
    <h1>{{title}}</h1>
    <p class="facts"><code>{{id}}</code>{{#facts}} · {{.}}{{/facts}}</p>
    {{#needs}}<p class="facts">{{needsWord}} {{#links}}<a href="{{file}}">{{title}}</a>{{separator}}{{/links}}</p>{{/needs}}
    <table class="tasks">
    <thead><tr><th scope="col">{{taskWord}}</th><th scope="col">{{kindWord}}</th><th scope="col">{{pointsWord}}</th></tr></thead>
    <tbody>
    {{#tasks}}
    <tr><td><code>{{id}}</code></td><td>{{kind}}</td><td>{{points}}</td></tr>
    {{/tasks}}
    </tbody>
    </table>
    {{#contents}}
    <nav class="contents" aria-labelledby="contents">
    <p id="contents">{{word}}</p>
    <ul>
    {{#headings}}
    <li><a href="#{{id}}">{{{html}}}</a></li>
    {{/headings}}
    </ul>
    </nav>
    {{/contents}}
    {{#sections}}
    {{#walk}}
    {{>walk}}
    {{/walk}}
    {{#figure}}
    {{>figure}}
    {{/figure}}
    {{#hint}}<details class="hint" id="{{id}}"><summary>{{summary}}</summary>
    {{{html}}}
    </details>{{/hint}}
    {{^hint}}{{{html}}}{{/hint}}
    {{/sections}}
    {{#walk}}
    {{>walk}}
    {{/walk}}
    {{#figure}}
    {{>figure}}
    {{/figure}}
    {{#steps}}
    <nav class="steps" aria-label="{{label}}">
    {{#previous}}<a rel="prev" href="{{file}}">←&nbsp;{{title}}</a>{{/previous}}
    {{#next}}<a rel="next" href="{{file}}">{{title}}&nbsp;→</a>{{/next}}
    </nav>
    {{/steps}}
    {{/content}}
    {{/frame}}
    """

  private static let figure = """
    <details class="figure"><summary>{{summary}}</summary>
    <figure><img src="{{file}}" alt="{{alternative}}">
    <figcaption>{{caption}} {{again}} <code>{{{command}}}</code></figcaption></figure>
    </details>

    """

  private static let walk = """
    <details class="walk"><summary>{{summary}}</summary>
    <p>{{caption}} <span class="math">{{loss}}</span>{{entry}}</p>
    {{#drawing}}
    <div class="drawing">{{{.}}}</div>
    {{/drawing}}
    <p class="controls" hidden><button type="button" data-go="first">{{first}}</button> <button type="button" data-go="previous">←&nbsp;{{previous}}</button> <button type="button" data-go="next">{{next}}&nbsp;→</button> <span class="place"></span></p>
    <div class="now" role="status" hidden></div>
    <details><summary>{{listWord}}</summary>
    <h3>{{forwardWord}}</h3>
    <ol class="events">
    {{#forward}}
    <li data-lights="{{lights}}"><span class="math">{{latex}}</span>{{#rule}} <span class="rule"><span class="math">{{.}}</span></span>{{/rule}}</li>
    {{/forward}}
    </ol>
    <h3>{{backwardWord}}</h3>
    <ol class="events" start="{{count}}">
    {{#backward}}
    <li data-lights="{{lights}}" class="back{{#meets}} meets{{/meets}}"><span class="math">{{latex}}</span></li>
    {{/backward}}
    </ol>
    </details>
    </details>

    """

  private static let index = """
    {{<frame}}
    {{$content}}
    <h1>{{title}}</h1>
    <p>{{introduction}}</p>
    <p class="search" hidden><label>{{searchWord}} <input type="search" autocomplete="off"></label> <span role="status"></span></p>
    <ol class="path">
    {{#sheets}}
    <li data-words="{{words}}">
    <h2><a href="{{file}}"{{#foreign}} hreflang="en" lang="en"{{/foreign}}>{{title}}</a></h2>
    <p class="facts"><code>{{id}}</code>{{#facts}} · {{.}}{{/facts}}</p>
    {{#needs}}<p class="facts">{{needsWord}} {{#links}}<a href="{{file}}">{{title}}</a>{{separator}}{{/links}}</p>{{/needs}}
    </li>
    {{/sheets}}
    </ol>{{#total}}<p class="facts">{{total}}</p>{{/total}}
    {{/content}}
    {{/frame}}
    """
}
