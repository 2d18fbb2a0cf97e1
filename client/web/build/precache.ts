// Tells the service worker which files one version of the app consists of.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** What stands in `sw.ts` for the list. */
const PLACE = "__ENTENTE_FILES__";

export function precache(): Plugin {
  let folder = "";
  return {
    name: "precache",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      folder = config.publicDir;
    },
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => name !== "sw.js" && !name.endsWith(".map"));
      const version = createHash("sha256");
      for (const name of files.sort()) {
        const file = bundle[name];
        version.update(name);
        if (file) version.update(file.type === "chunk" ? file.code : file.source);
      }
      // Files that are copied as they are: icons, and what the page is called when it is installed.
      const copied = readdirSync(folder).sort();
      for (const name of copied) version.update(name).update(readFileSync(join(folder, name)));
      files.push(...copied);
      // The page itself is asked for by its address.
      const paths = files.map((name) => (name === "index.html" ? "/" : `/${name}`));
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") return;
      const known = JSON.stringify({ version: version.digest("hex").slice(0, 16), paths });
      worker.code = worker.code.replace(new RegExp(`["'\`]${PLACE}["'\`]`), () => JSON.stringify(known));
    },
  };
}
