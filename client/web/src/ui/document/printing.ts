// Whether the document is being printed: then it is drawn for paper. A browser takes its picture right
// after `beforeprint`, so what changes then is drawn at once.

import { signal } from "@preact/signals";
import { options } from "preact";

export const printing = signal(false);

function draw(forPaper: boolean): void {
  const usual = options.debounceRendering;
  options.debounceRendering = (render) => render();
  printing.value = forPaper;
  options.debounceRendering = usual;
}

addEventListener("beforeprint", () => draw(true));
addEventListener("afterprint", () => draw(false));
