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
    <body>
    <header class="bar">
    <nav>{{#home}}<a href="{{file}}">{{word}}</a>{{/home}}</nav>
    {{#other}}<nav><a href="{{file}}" hreflang="{{language}}" lang="{{language}}">{{word}}</a></nav>{{/other}}
    </header>
    <main>
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
    {{#sections}}
    {{#figure}}
    {{>figure}}
    {{/figure}}
    {{#hint}}<details><summary>{{summary}}</summary>
    {{{html}}}
    </details>{{/hint}}
    {{^hint}}{{{html}}}{{/hint}}
    {{/sections}}
    {{#figure}}
    {{>figure}}
    {{/figure}}
    {{#steps}}
    <nav class="steps">
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

  private static let index = """
    {{<frame}}
    {{$content}}
    <h1>{{title}}</h1>
    <p>{{introduction}}</p>
    <ol class="path">
    {{#sheets}}
    <li>
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
