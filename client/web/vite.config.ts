import { defineConfig } from "vite";
import { precache } from "./build/precache.ts";
import { precompress } from "./build/precompress.ts";

// The relay serves the built files from its own origin under a strict policy: nothing is inlined,
// and nothing is fetched from elsewhere.
export default defineConfig({
  base: "/",
  plugins: [precache(), precompress()],
  build: {
    outDir: "dist/app",
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { app: "index.html", sw: "src/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
  server: { fs: { allow: ["../.."] } },
});
