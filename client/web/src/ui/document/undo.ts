// Undo and redo of the reader's own edits in the document on the screen.

import { call, look, problemText } from "../core.ts";
import { say } from "../parts/toast.tsx";
import { route } from "../router.ts";
import { t } from "../words.ts";
import { commitSoon } from "./edit.ts";

export const undoHere = () => step("undo");
export const redoHere = () => step("redo");

async function step(what: "undo" | "redo"): Promise<void> {
  const here = route.peek();
  if (here.at !== "document") return;
  try {
    const { document } = await look("document", { document: here.name });
    const { done } = await call(what, { document });
    say(done ? t(`web-${what}-done`) : t(`web-${what}-nothing`));
    if (done) commitSoon(false);
  } catch (error) {
    say(problemText(error));
  }
}
