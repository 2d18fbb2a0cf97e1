/** The one file that touches wasm: the Rust core, loaded once. */

import init, { askForOffsets, atWork, bareView, Core, readLink, Stored } from "../../wasm/entente_web.js";
import url from "../../wasm/entente_web_bg.wasm?url";
import { offsetOf } from "./zones";

export { atWork, bareView, Core, readLink, Stored };

/** Which build of the core this is: its address holds its hash. */
export const PROGRAM = url;

/** What the core asks its shell to do, in order. */
export type Effect =
  | { do: "keep"; document: string; entries: { seq: number; bytes: Uint8Array }[] }
  | { do: "set-aside"; document: string }
  | { do: "write"; key: Uint8Array; value: Uint8Array | null }
  | { do: "witness"; document: string; bytes: Uint8Array }
  | { do: "send"; bytes: Uint8Array }
  | { do: "refill"; document: string; from: number }
  | { do: "salvage"; document: string }
  | { do: "close" };

/** Loads the core; the worker does so before anything else. */
export async function load(): Promise<void> {
  await init({ module_or_path: url });
  askForOffsets(offsetOf);
}

/** The effects that are due. */
export function effectsOf(core: Core): Effect[] {
  return core.takeEffects() as Effect[];
}
