// Starts the interface: its words first, then the core, then the screen.

import { render } from "preact";
import "./style/main.css";
import { client } from "./core/client.ts";
import { installOffline } from "./core/update.ts";
import { App } from "./ui/app.tsx";
import { use } from "./ui/core.ts";
import { lang, speak } from "./ui/words.ts";

use(client);
await speak(lang.peek());
const root = document.getElementById("app");
if (root) render(<App />, root);
await installOffline();
