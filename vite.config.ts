import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Built into files only, nothing inline: the content policy allows scripts and styles from `'self'` and no other. */
export default defineConfig({
  root: 'web',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/public',
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first versions that know light-dark(): older ones would need every colour twice.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
});
