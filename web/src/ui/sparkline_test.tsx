import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Sparkline, sparkRuns } from './sparkline';

const TODAY = '2026-03-03';
const RANGE: [number, number] = [0, 27];

describe('sparkline', () => {
  it('uses the same axis in every row, whatever the scores', () => {
    const low = sparkRuns([{ date: TODAY, total: 5 }], TODAY, RANGE)[0]![0]!;
    const among = sparkRuns(
      [
        { date: '2026-02-10', total: 27 },
        { date: TODAY, total: 5 },
      ],
      TODAY,
      RANGE,
    )[0]![1]!;
    expect(among.y).toBe(low.y);
    expect(among.x).toBe(low.x);
  });
  it('draws nothing over a gap of more than six weeks', () => {
    const runs = sparkRuns(
      [
        { date: '2025-11-01', total: 18 },
        { date: '2025-11-20', total: 16 },
        { date: '2026-02-20', total: 9 },
      ],
      TODAY,
      RANGE,
    );
    expect(runs.map((run) => run.length)).toEqual([2, 1]);
  });
  it('leaves out what is older than 26 weeks', () => {
    expect(sparkRuns([{ date: '2025-08-01', total: 18 }], TODAY, RANGE)).toEqual([]);
  });
  it('is silent for screen readers: the words beside it say the same', () => {
    const { container } = render(<Sparkline points={[{ date: TODAY, total: 5 }]} today={TODAY} line={5} />);
    expect(container.querySelector('svg')!.getAttribute('aria-hidden')).toBe('true');
    expect(container.querySelectorAll('.spark-last')).toHaveLength(1);
  });
});
