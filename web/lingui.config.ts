import { defineConfig } from '@lingui/cli';

const TESTS = 'src/**/*_test.*';

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'es'],
  catalogs: [
    { path: 'src/locales/{locale}', include: ['src'], exclude: [TESTS, 'src/portal/**'] },
    // What patients read: its own words, its own weight.
    { path: 'src/portal/locales/{locale}', include: ['src/portal'], exclude: [TESTS] },
  ],
  orderBy: 'message',
});
