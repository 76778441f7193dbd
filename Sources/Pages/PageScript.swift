// The script of the pages: formulas, search, copying, and the walk through two steps. Without it everything can be read.

/// The script of the pages.
enum PageScript {
  /// Has KaTeX set every formula, the lines of a block aligned, and marks what KaTeX does not know.
  static let text = #"""
    "use strict";
    function setFormula(target, latex, isDisplay) {
      try {
        katex.render(latex, target, { displayMode: isDisplay, throwOnError: false, strict: false, trust: false });
        const error = target.querySelector(".katex-error");
        if (error) { target.classList.add("failed"); }
      } catch (error) {
        target.textContent = latex;
        target.title = String(error);
        target.classList.add("failed");
      }
    }
    // Where the first = of a line stands outside braces and brackets, or -1.
    function relation(line) {
      let depth = 0;
      for (let index = 0; index < line.length; index += 1) {
        const letter = line[index];
        if (letter === "\\") { index += 1; continue; }
        if ("{[(".includes(letter)) { depth += 1; }
        if ("}])".includes(letter)) { depth -= 1; }
        if (letter === "=" && depth === 0) { return index; }
      }
      return -1;
    }
    // A block of plain lines is set one below the other, equation signs aligned.
    function setBlock(block, latex) {
      const lines = latex.split("\n").filter(line => line.trim() && !line.trim().startsWith("%"));
      const isPlain = lines.length > 1 && !/\\begin|\\\\|%/.test(latex);
      const places = lines.map(relation);
      if (isPlain && places.some(place => place >= 0)) {
        const aligned = lines.map((line, index) => {
          const place = places[index];
          return place < 0 ? "&\\quad " + line : line.slice(0, place) + "&" + line.slice(place);
        });
        setFormula(block, "\\begin{aligned}" + aligned.join("\\\\[.25em]") + "\\end{aligned}", true);
        if (!block.classList.contains("failed")) { return; }
        block.classList.remove("failed");
      }
      block.textContent = "";
      for (const row of isPlain ? lines : [latex]) {
        const line = document.createElement("div");
        line.className = "row";
        block.append(line);
        setFormula(line, row, true);
      }
    }
    // A formula that is wider than its text scrolls; one tied to marks beside it needs room for them too.
    function fit(element) {
      let box = element.parentElement;
      const isTied = box.classList.contains("tied");
      while (box.parentElement && getComputedStyle(box).display === "inline") { box = box.parentElement; }
      const style = getComputedStyle(box);
      const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - (isTied ? 18 : 0);
      const isWide = Array.from(element.querySelectorAll(".base")).some(base => base.getBoundingClientRect().width > room);
      element.classList.toggle("wide", isWide);
      if (isTied) { element.parentElement.classList.toggle("loose", isWide); }
    }
    // A block that is a little too wide is set a little smaller; a wider one scrolls.
    function shrink(block) {
      block.style.fontSize = "";
      const ratio = block.clientWidth / block.scrollWidth;
      if (ratio < 1 && ratio > .85) { block.style.fontSize = Math.floor(ratio * 98) + "%"; }
    }
    // What scrolls can be reached by keyboard, and nothing else takes a stop.
    function letScroll() {
      for (const box of document.querySelectorAll("pre, div.math, span.math.wide, .drawing")) {
        if (box.scrollWidth > box.clientWidth + 1) { box.tabIndex = 0; } else { box.removeAttribute("tabindex"); }
      }
    }
    function addCopyButtons() {
      const words = document.body.dataset;
      for (const code of document.querySelectorAll("pre > code")) {
        const frame = document.createElement("div");
        const button = document.createElement("button");
        frame.className = "code";
        button.type = "button";
        button.textContent = words.copy;
        button.addEventListener("click", async () => {
          try {
            await navigator.clipboard.writeText(code.textContent.replace(/\n$/, ""));
            button.textContent = words.copied;
            setTimeout(() => { button.textContent = words.copy; }, 2000);
          } catch {
            // Where a browser forbids it, what was to be copied is selected.
            getSelection().selectAllChildren(code);
          }
        });
        code.parentElement.replaceWith(frame);
        frame.append(code.parentElement, button);
      }
    }
    // Shows the sheets in whose title, id, source or headings every word stands that is typed.
    function addSearch() {
      const box = document.querySelector(".search");
      if (!box) { return; }
      const field = box.querySelector("input");
      const sheets = Array.from(document.querySelectorAll("ol.path > li"));
      box.hidden = false;
      const search = () => {
        const words = field.value.toLowerCase().split(/\s+/).filter(word => word);
        for (const sheet of sheets) {
          const text = (sheet.textContent + " " + sheet.dataset.words).toLowerCase();
          sheet.hidden = !words.every(word => text.includes(word));
        }
        const found = sheets.filter(sheet => !sheet.hidden).length;
        box.querySelector("span").textContent = words.length ? found + " / " + sheets.length : "";
      };
      field.addEventListener("input", search);
      search();
    }
    // Follows the list of a walk one event at a time, and shows each in the drawing.
    function addWalk(walk) {
      const events = Array.from(walk.querySelectorAll(".events > li"));
      const controls = walk.querySelector(".controls");
      const [first, previous, next] = controls.querySelectorAll("button");
      const now = walk.querySelector(".now");
      let index = 0;
      const show = () => {
        const event = events[index];
        walk.querySelectorAll("svg .lit").forEach(part => part.classList.remove("lit", "meets"));
        for (const id of event.dataset.lights.split(" ")) {
          const part = document.getElementById(id);
          if (part) { part.classList.add("lit"); part.classList.toggle("meets", event.classList.contains("meets")); }
        }
        // On a narrow page the drawing scrolls along.
        const node = walk.querySelector("svg .node.lit");
        const frame = walk.querySelector(".drawing");
        if (node) {
          const [inner, outer] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
          frame.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
        }
        events.forEach(one => one.removeAttribute("aria-current"));
        event.setAttribute("aria-current", "step");
        now.replaceChildren(...Array.from(event.childNodes, node => node.cloneNode(true)));
        now.classList.toggle("meets", event.classList.contains("meets"));
        controls.querySelector(".place").textContent = (index + 1) + " / " + events.length;
        first.disabled = previous.disabled = index === 0;
        next.disabled = index === events.length - 1;
      };
      const go = to => {
        index = Math.max(0, Math.min(events.length - 1, to));
        show();
        // A button that can no longer be pressed would lose the place of the keyboard.
        if (document.activeElement === document.body) { (next.disabled ? previous : next).focus(); }
      };
      first.addEventListener("click", () => go(0));
      previous.addEventListener("click", () => go(index - 1));
      next.addEventListener("click", () => go(index + 1));
      controls.addEventListener("keydown", event => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step) { event.preventDefault(); go(index + step); }
      });
      controls.hidden = now.hidden = false;
      show();
    }
    // A link to a hint opens it.
    function openTarget() {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.tagName === "DETAILS") { target.open = true; }
    }
    function setFormulas() {
      const formulas = Array.from(document.querySelectorAll(".math"));
      if (typeof katex === "undefined") {
        formulas.forEach(formula => formula.classList.add("plain"));
        letScroll();
        return;
      }
      for (const formula of formulas) {
        formula.classList.add("set");
        const latex = formula.textContent;
        if (formula.tagName === "DIV") {
          setBlock(formula, latex);
        } else {
          setFormula(formula, latex, formula.classList.contains("display"));
          // Tied to marks beside it, a formula may still be broken after a relation or a sum.
          const bases = Array.from(formula.querySelectorAll(".tied .base"));
          bases.slice(0, -1).forEach(base => base.after(document.createElement("wbr")));
        }
      }
      const inline = formulas.filter(formula => formula.tagName === "SPAN" && !formula.classList.contains("display"));
      const blocks = formulas.filter(formula => formula.tagName === "DIV");
      const fitAll = () => { inline.forEach(fit); blocks.forEach(shrink); letScroll(); };
      fitAll();
      addEventListener("resize", fitAll);
      document.addEventListener("toggle", fitAll, true);
    }
    document.addEventListener("DOMContentLoaded", () => {
      addCopyButtons();
      addSearch();
      openTarget();
      addEventListener("hashchange", openTarget);
      setFormulas();
      document.querySelectorAll(".walk").forEach(addWalk);
    });

    """#
}
