import { defineConfig } from "vite";

// The relay serves the built files from its own origin under `default-src 'self'`: nothing is inlined,
// and nothing is fetched from elsewhere.
export default defineConfig({
  base: "/",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { fs: { allow: ["../.."] } },
});
