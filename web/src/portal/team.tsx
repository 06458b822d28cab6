/** @jsxImportSource preact */
import { t } from '@lingui/core/macro';
import { Phone } from './help';
import { useHere } from './session';
import { useView } from './store';
import type { Team } from './types';
import { H2, LinkButton, Page, Shown } from './ui';

export default function TeamPage() {
  const here = useHere();
  const team = useView<Team>('team');
  return (
    <Page title={here.isSelf ? t`Your team` : t`The team of ${here.name}`}>
      <Shown of={team}>
        {(data) => (
          <>
            {data.empty && <p>{data.empty}</p>}
            <ul class="rows tall">
              {data.items.map((one) => (
                <li key={`${one.role}${one.name}`}>
                  <p>
                    <strong>{one.name}</strong>
                    <span class="soft"> {one.relationship || one.role_name}</span>
                  </p>
                  <p>{one.what}</p>
                </li>
              ))}
            </ul>
            <section>
              <H2>{data.clinic.name}</H2>
              {data.clinic.phone && (
                <p>
                  <Phone number={data.clinic.phone} />
                </p>
              )}
              {data.clinic.hours && <p>{data.clinic.hours}</p>}
            </section>
            {here.sees('messages') && (
              <LinkButton to="/portal/messages/new">{t`Write to your team`}</LinkButton>
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}
