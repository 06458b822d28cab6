// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokens = readFileSync(new URL('../ui/tokens.css', import.meta.url), 'utf8');
const css = readFileSync(new URL('./portal.css', import.meta.url), 'utf8');

function block(after: string) {
  const start = tokens.indexOf(':root', tokens.indexOf(after));
  const body = tokens.slice(tokens.indexOf('{', start) + 1, tokens.indexOf('}', start));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]),
  );
}
const light = block(':root');
const dark = { ...light, ...block('prefers-color-scheme: dark') };

function luminance(hex: string) {
  const part = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
function contrast(a: string, b: string) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}
const PAIRS = [
  ['brand', 'paper'],
  ['brand', 'surface'],
  ['brand', 'sunken'],
  ['surface', 'brand'],
  ['safety', 'surface'],
  ['safety', 'paper'],
  ['ink', 'sunken'],
  ['ink-soft', 'sunken'],
  ['ink', 'target-met-tint'],
  ['ink', 'overdue-tint'],
  ['ink', 'review-due-tint'],
  ['ink-soft', 'surface'],
] as const;

describe.each([
  ['light', light],
  ['dark', dark],
])("colours of the patients' page, %s", (_, colours) => {
  it.each(PAIRS)('%s on %s can be read', (ink, ground) => {
    expect(contrast(colours[ink]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5);
  });
});

it('the page has no colour, and no web font, of its own', () => {
  expect(css).not.toMatch(/#[0-9a-f]{3,6}\b/i);
  expect(css).not.toContain('@font-face');
  expect(css).not.toContain('url(');
});
