// Whether the screen is a phone's: a few layouts differ in more than style.

import { signal } from "@preact/signals";

const query = matchMedia("(max-width: 46rem)");

export const narrow = signal(query.matches);
query.addEventListener("change", () => {
  narrow.value = query.matches;
});
