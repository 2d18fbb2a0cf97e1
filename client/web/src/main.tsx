// Starts the interface: its words first, then the core, then the screen.

import { render } from "preact";
import "./style/main.css";
import { startClient } from "./core/client.ts";
import { installOffline } from "./core/update.ts";
import { App } from "./ui/app.tsx";
import { use } from "./ui/core.ts";
import { UnsafePage } from "./ui/start/unsafe.tsx";
import { lang, speak } from "./ui/words.ts";

const root = document.getElementById("app");
await speak(lang.peek());
if (isSecureContext) {
  use(startClient());
  if (root) render(<App />, root);
  await installOffline();
} else if (root) {
  // Without a secure connection the browser gives a page neither keys nor locks.
  render(<UnsafePage />, root);
}
