// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (language: string) => readFileSync(new URL(`./locales/${language}.po`, import.meta.url), 'utf8');
function entries(text: string) {
  const joined = (part: string) => [...part.matchAll(/"(.*)"/g)].map(([, words]) => words).join('');
  return [...text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm)]
    .map(([, id, words]) => ({ id: joined(id!), words: joined(words!) }))
    .filter((entry) => entry.id);
}
const holes = (text: string) => [...new Set([...text.matchAll(/\{(\w+)[},]/g)].map(([hole]) => hole))].sort();

describe("the patients' catalogues", () => {
  const spanish = entries(read('es'));
  it('every sentence has its Spanish', () => {
    expect(spanish.length).toBeGreaterThan(400);
    expect(spanish.filter((entry) => !entry.words).map((entry) => entry.id)).toEqual([]);
  });
  it('both languages have the same sentences', () => {
    expect(spanish.map((entry) => entry.id).sort()).toEqual(
      entries(read('en'))
        .map((entry) => entry.id)
        .sort(),
    );
  });
  it('names and numbers stand in the Spanish where they stand in the English', () => {
    for (const entry of spanish.filter((one) => !one.id.includes('plural')))
      expect(holes(entry.words), entry.id).toEqual(holes(entry.id));
  });
  it('the Spanish says that clinicians have not reviewed it yet', () => {
    expect(read('es')).toContain('X-Review: awaiting clinical review');
  });
  it('nobody is called ill, treatment is never drugs, nothing is promised to be watched', () => {
    for (const entry of entries(read('en')))
      expect(entry.id, entry.id).not.toMatch(/\bdrugs?\b|mentally ill|\bproxy\b|24\/7|non-?complian/i);
  });
});
