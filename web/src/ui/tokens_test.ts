// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function block(after: string) {
  const start = css.indexOf(':root', css.indexOf(after));
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]),
  );
}
const light = block(':root');
const dark = { ...light, ...block('prefers-color-scheme: dark') };
const paper = { ...light, ...block('@media print') };

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

const NEEDS = ['safety', 'overdue', 'not-improving', 'review-due', 'target-met'];
const GROUNDS = ['paper', 'surface', 'sunken'];
const texts: [string, string][] = [
  ...GROUNDS.flatMap((ground) => ['ink', 'ink-soft', ...NEEDS].map((ink): [string, string] => [ink, ground])),
  ...NEEDS.map((need): [string, string] => [need, `${need}-tint`]),
  ...NEEDS.map((need): [string, string] => ['ink', `${need}-tint`]),
  ...NEEDS.map((need): [string, string] => ['surface', need]),
  ['ink-soft', 'review-due-tint'],
  ['ink', 'line'],
  ['on-press', 'press'],
  ['on-press', 'ink-soft'],
  ['on-safety', 'safety'],
  ...[0, 1, 2, 3, 4].map((band): [string, string] => ['ink-soft', `band-${band}`]),
  ['target-met', 'band-0'],
  ['target-met', 'band-1'],
];
/** Edges of fields and marks of a chart: 3 to 1 (WCAG 1.4.11). */
const edges: [string, string][] = GROUNDS.slice(0, 2).map((ground) => ['line-strong', ground]);

describe.each([
  ['light', light],
  ['dark', dark],
  ['print', paper],
])('tokens, %s', (_, tokens) => {
  it.each(texts)('%s on %s can be read', (ink, ground) => {
    expect(contrast(tokens[ink]!, tokens[ground]!)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(edges)('%s on %s can be seen', (edge, ground) => {
    expect(contrast(tokens[edge]!, tokens[ground]!)).toBeGreaterThanOrEqual(3);
  });
});
