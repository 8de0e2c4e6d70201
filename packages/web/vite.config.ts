import { defineConfig } from 'vite'

/** The pages are served by the node below the same address as its API, so every path is absolute and nothing is inlined. */
export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'error',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // A style sheet or script inside the page would need an exception from the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
})
