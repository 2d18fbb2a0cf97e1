// How far an amount may move without asking: its band, in words.

import type { Path, SectionId } from "../../core/contract.ts";
import { Icon } from "../parts/icon.tsx";
import { side } from "../words.ts";
import { samePath, useDoc } from "./context.ts";

export function Band({ section, path }: { section: SectionId; path: Path }) {
  const doc = useDoc();
  const band = doc.bands.value.find((one) => one.place.section === section && samePath(one.place.path, path));
  if (!band) return null;
  return (
    <p class={`band-line fine ${band.within ? "soft" : "state-wait"}`}>
      <Icon mark={band.within ? "flexible" : "choose"} /> {side(band.said)}
    </p>
  );
}
