import { t } from '@lingui/core/macro';
import { instrumentName } from '../ui/words';

/** "phq-9 item 9 = 1" -> 'PHQ-9 item 9 "several days"'; anything else as the record says it. */
export function signalWords(signal: string) {
  const item = /^(phq-9m?|epds) item (\d+) = (\d)$/.exec(signal);
  if (!item) return signal === 'staff concern' ? t`A colleague is worried` : signal;
  const name = instrumentName(item[1]!);
  const number = item[2]!;
  const words = item[1]!.startsWith('phq')
    ? [t`not at all`, t`several days`, t`more than half the days`, t`nearly every day`][Number(item[3])]!
    : item[3]!;
  return t`${name} item ${number} “${words}”`;
}
