import { lingui } from '@lingui/vite-plugin';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { wordsByPage } from './scripts/words_by_page.ts';

export default defineConfig({
  plugins: [
    // react-aria carries its texts in 30 languages; two are ours.
    { ...optimizeLocales.vite({ locales: ['en-US', 'es-ES'] }), enforce: 'pre' },
    react({ babel: { plugins: ['@lingui/babel-plugin-lingui-macro'] } }),
    lingui(),
    wordsByPage(),
  ],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: 'manifest.json',
    // Two fronts: the care team's (React) and the patients' (Preact, src/portal).
    // The check-in pages are the server's (src/checkins); it finds script and style in the manifest.
    rolldownOptions: {
      input: ['index.html', 'portal.html', 'src/checkin/checkin.ts', 'src/checkin/checkin.css'],
    },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/app/test_setup.ts'],
    include: ['src/**/*_test.{ts,tsx}'],
  },
});
