/** @jsxImportSource preact */
// Who looked at the record, changed it, printed it; refusals too.
import { plural, t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { capital, dateOf, momentWords } from './dates';
import { roleName } from './roles';
import { useHere } from './session';
import { useView } from './store';
import type { Accesses } from './types';
import { Button, Page, Shown } from './ui';

export default function AccessesPage() {
  return (
    <Page title={t`Who looked at your record`}>
      <p>{t`Every look and every change is written down. Something you do not understand? Ask your clinic.`}</p>
      <Part />
    </Page>
  );
}

type Access = Accesses['items'][number];
/** The same look again and again on one day is one line. */
export function together(items: Access[], zone: string) {
  const lines: { one: Access; times: number }[] = [];
  for (const one of items) {
    const last = lines.at(-1);
    const same =
      last &&
      last.one.text === one.text &&
      last.one.who.kind === one.who.kind &&
      last.one.who.name === one.who.name &&
      dateOf(last.one.at, zone) === dateOf(one.at, zone);
    if (same) last.times += 1;
    else lines.push({ one, times: 1 });
  }
  return lines;
}

function Part({ after }: { after?: string }) {
  const here = useHere();
  const [more, setMore] = useState(false);
  const list = useView<Accesses>(`accesses${after ? `?after=${encodeURIComponent(after)}` : ''}`);
  return (
    <Shown of={list}>
      {(data) => (
        <>
          {!after && data.items.length === 0 && <p>{t`Nobody yet.`}</p>}
          <ul class="rows">
            {together(data.items, here.zone).map(({ one, times }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a log never changes its order
              <li key={`${one.at}${index}`}>
                <strong>{one.who.kind === 'you' ? t`You` : (one.who.name ?? roleName(one.who.role))}</strong>
                {one.who.kind !== 'you' && one.who.name && (
                  <span class="soft"> {roleName(one.who.role)}</span>
                )}
                <span class="block">
                  {one.text}
                  {times > 1 && ` (${plural(times, { one: '# time', other: '# times' })})`}
                </span>
                <span class="soft block">{capital(momentWords(one.at, here.today, here.zone))}</span>
              </li>
            ))}
          </ul>
          {data.next &&
            (more ? (
              <Part after={data.next} />
            ) : (
              <Button onClick={() => setMore(true)}>{t`Show older looks`}</Button>
            ))}
        </>
      )}
    </Shown>
  );
}
