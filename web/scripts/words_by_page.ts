// Cuts the staff catalogues for the build: the sentences of the first route are one small file, those of every part that is loaded later
// come together with that part. The .po files stay whole, for people. In tests and in development nothing is cut.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCompiledCatalog, getCatalogs } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';
import type { Plugin } from 'vite';

const web = fileURLToPath(new URL('..', import.meta.url));
/** What is always there: the frame, sign-in and the caseload, with all they import at once. */
const FIRST = ['src/main.tsx', 'src/caseload/caseload_page.tsx'];
const LATER = /\bimport\(\s*'(\.[^']+)'\s*,?\s*\)/g;

function fileOf(importer: string, path: string) {
  const bare = resolve(web, dirname(importer), path);
  const found = ['.tsx', '.ts'].map((end) => bare + end).find(existsSync);
  return found && relative(web, found);
}

const seen = new Map<string, string[]>();
/** What a file of ours imports at once (types are gone by then). */
function imports(file: string) {
  let found = seen.get(file);
  if (!found) {
    const text = readFileSync(resolve(web, file), 'utf8');
    found = [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm)]
      .map(([, path]) => fileOf(file, path!))
      .filter((one) => one !== undefined);
    seen.set(file, found);
  }
  return found;
}
function closure(file: string, files = new Set<string>()) {
  if (!files.has(file)) {
    files.add(file);
    for (const next of imports(file)) closure(next, files);
  }
  return files;
}

export function wordsByPage(): Plugin[] {
  let cut = false;
  /** sentence ids by file, as the catalogue says */
  const said = new Map<string, Set<string>>();
  const translations = new Map<string, Record<string, string>>();
  let first = new Set<string>();

  const words = (files: Iterable<string>) => {
    const ids = new Set<string>();
    for (const file of files) for (const id of said.get(file) ?? []) ids.add(id);
    return ids;
  };
  /** The sentences a part needs on top of the first ones. */
  const partOf = (file: string) => [...words(closure(file))].filter((id) => !first.has(id)).sort();

  return [
    {
      name: 'concord-words-by-page',
      enforce: 'pre',
      configResolved(config) {
        cut = config.command === 'build' && !process.env.VITEST;
      },
      async buildStart() {
        if (!cut) return;
        const config = getConfig({ cwd: web });
        const catalog = (await getCatalogs(config)).find((one) => one.path.endsWith('src/locales/{locale}'));
        if (!catalog) throw new Error('lingui.config.ts has no catalogue src/locales/{locale}');
        for (const [id, message] of Object.entries((await catalog.read('en')) ?? {}))
          for (const [file] of message.origin ?? []) said.set(file, (said.get(file) ?? new Set()).add(id));
        for (const locale of config.locales) {
          const { messages } = await catalog.getTranslations(locale, {
            sourceLocale: 'en',
            fallbackLocales: { default: 'en' },
          });
          translations.set(locale, messages);
        }
        first = words(FIRST.flatMap((file) => [...closure(file)]));
      },
      resolveId(id) {
        if (!id.startsWith('words:')) return;
        return cut ? `\0${id}.js` : resolve(web, `src/locales/${id.slice('words:'.length)}.po`);
      },
      load(id) {
        const [, locale, part] = /^\0words:(\w+)(?:\/(.+))?\.js$/.exec(id) ?? [];
        if (!locale) return;
        const all = translations.get(locale)!;
        const wanted = part ? partOf(part) : [...first].sort();
        const subset = Object.fromEntries(wanted.map((one) => [one, all[one] ?? '']));
        const { source, errors } = createCompiledCatalog(locale, subset, { namespace: 'es' });
        if (errors.length) this.error(errors.map((one) => String(one.error)).join('\n'));
        return { code: source, moduleType: 'js' };
      },
      transform(code, id) {
        const file = relative(web, id);
        if (!cut || !/^src\/(?!portal\/).*\.tsx?$/.test(file)) return;
        let cuts = 0;
        const made = code.replace(LATER, (whole, path: string) => {
          const target = fileOf(file, path);
          if (!target || partOf(target).length === 0) return whole;
          cuts += 1;
          const load = ['en', 'es'].map((one) => `${one}: () => import('words:${one}/${target}')`).join(', ');
          return `__withWords(${whole}, { ${load} })`;
        });
        if (cuts)
          return { code: `import { withWords as __withWords } from '/src/app/words';\n${made}`, map: null };
      },
    },
    {
      // A sentence used where the catalogue does not know of it would be missing from the cut: then the build stops.
      name: 'concord-words-known',
      enforce: 'post',
      transform(code, id) {
        const file = relative(web, id);
        if (!cut || !/^src\/(?!portal\/).*\.tsx?$/.test(file)) return;
        const all = translations.get('en')!;
        for (const [, one] of code.matchAll(/\bid:\s*"([^"]{6})"/g))
          if (one! in all && !said.get(file)?.has(one!))
            this.error(
              `${file} says “${all[one!]}”, and the catalogue does not know that it does: npm run extract`,
            );
      },
    },
  ];
}
