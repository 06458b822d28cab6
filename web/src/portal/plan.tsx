/** @jsxImportSource preact */
// What was agreed, in plain words, in the language it was written in.
import { t } from '@lingui/core/macro';
import { longDate, plainDate } from './dates';
import { Phone } from './help';
import { Link } from './router';
import { useHere } from './session';
import { useView } from './store';
import type { Plan } from './types';
import { Button, H2, H3, Notice, Page, print, Shown, Words } from './ui';

export default function PlanPage() {
  const here = useHere();
  const plan = useView<Plan>('plan');
  return (
    <Page title={here.isSelf ? t`Your plan` : t`The plan of ${here.name}`}>
      <Shown of={plan}>{(data) => <Body data={data} />}</Shown>
    </Page>
  );
}

function Body({ data }: { data: Plan }) {
  const here = useHere();
  const { plan, relapse_prevention: later } = data;
  return (
    <>
      {data.in_progress && (
        <Notice>
          <p>{t`Your team is writing something new. They will ask what you think before it counts.`}</p>
        </Notice>
      )}
      {data.empty && <p>{data.empty}</p>}
      {plan && (
        <section lang={plan.language}>
          <p class="soft">
            {plan.since && t`Since ${plainDate(plan.since, here.today)}`}
            {plan.note && `. ${plan.note}`}
          </p>
          {plan.sections.map((part) => (
            <section key={part.id}>
              <H2>{part.heading}</H2>
              <Words>{part.text}</Words>
            </section>
          ))}
          {plan.steps.length > 0 && (
            <section>
              <H2>{t`Who does what`}</H2>
              <ul class="rows tall">
                {plan.steps.map((one) => (
                  <li key={one.text}>
                    <Words>{one.text}</Words>
                    <p class="soft">
                      {one.who}
                      {one.by && `, ${t`until ${longDate(one.by, here.today)}`}`}
                    </p>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {plan.your_words && (
            <section>
              <H2>{here.isSelf ? t`What you said about it` : t`What ${here.name} said about it`}</H2>
              <Words>{plan.your_words}</Words>
              {plan.agreed_on && <p class="soft">{plainDate(plan.agreed_on, here.today)}</p>}
            </section>
          )}
        </section>
      )}
      {later && (
        <section lang={later.language}>
          <H2>{later.title}</H2>
          {later.note && <p class="soft">{later.note}</p>}
          {later.sections.map((part) => (
            <section key={part.id}>
              <H3>{part.heading}</H3>
              <ul class="points">
                {part.lines.map((line) => (
                  <li key={line} dir="auto">
                    {line}
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {later.contacts.length > 0 && (
            <section>
              <H3>{t`Whom to call`}</H3>
              <ul class="rows">
                {later.contacts.map((one) => (
                  <li key={one.name + one.phone}>
                    {one.name} <Phone number={one.phone} />
                    {one.when && <span class="soft block">{one.when}</span>}
                  </li>
                ))}
              </ul>
            </section>
          )}
        </section>
      )}
      {(plan || later) && (
        <div class="row no-print">
          <Button onClick={print}>{t`Print`}</Button>
          {here.sees('messages') && (
            <Link to="/portal/messages/new">{t`Something should change? Write to your team`}</Link>
          )}
        </div>
      )}
    </>
  );
}
