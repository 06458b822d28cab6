// The papers themselves, in the words and the language of the patient. What was typed stays as it was said.
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Aid, Decision, Goal, PlanVersion } from '../api/types';
import { usePaper } from '../ui/paper';
import { AID_WORDS } from './aid_words';
import { AidGrid } from './decision_page';
import { paperRoleWords } from './paper_words';
import './plans.css';

function Said({ title, children }: { title: ReactNode; children?: string | null }) {
  if (!children) return null;
  return (
    <section>
      <h2>{title}</h2>
      <p className="paper-words">{children}</p>
    </section>
  );
}
function Items({ title, items }: { title: ReactNode; items?: string[] }) {
  if (!items?.length) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}

/** A plan nobody agreed to must not look like one that holds. */
function Standing({ version, name }: { version: PlanVersion; name: string }) {
  const { date } = usePaper();
  if (version.state === 'in_effect')
    return (
      <>
        {version.effective_date && (
          <p>
            <Trans>This plan began on {date(version.effective_date)}.</Trans>
          </p>
        )}
        {version.patient_words && (
          <section>
            <h2>
              <Trans>What {name} said about it</Trans>
            </h2>
            <p className="paper-said">{version.patient_words}</p>
          </section>
        )}
      </>
    );
  return (
    <p className="paper-said">
      <strong>
        <Trans>This is a draft. It begins only when you say yes.</Trans>
      </strong>{' '}
      <Trans>You may change it, ask for time, or say no.</Trans>
    </p>
  );
}

export function PlanPaper({
  version,
  name,
  goals,
  team,
}: {
  version: PlanVersion;
  name: string;
  goals: Goal[];
  team: { name: string; role: string }[];
}) {
  const { date, word } = usePaper();
  const { content } = version;
  return (
    <>
      <h1>
        <Trans>My care plan</Trans>
      </h1>
      {version.state !== 'in_effect' && <Standing version={version} name={name} />}
      <Said title={<Trans>What I want to be different</Trans>}>{content.wants}</Said>
      {!!content.steps?.length && (
        <section>
          <h2>
            <Trans>What we do</Trans>
          </h2>
          <ul>
            {content.steps.map((step) => (
              <li key={step.text}>
                {step.text}
                {step.who && <> ({step.who})</>}
                {step.by && (
                  <>
                    , <Trans>by {date(step.by)}</Trans>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <GoalList goals={goals} />
      <Said title={<Trans>How I want to be treated</Trans>}>{content.preferences}</Said>
      <Said title={<Trans>What gives me strength</Trans>}>{content.values}</Said>
      <Said title={<Trans>Who and what helps me</Trans>}>{content.supports}</Said>
      <Said title={<Trans>What gets in the way</Trans>}>{content.barriers}</Said>
      {team.length > 0 && (
        <section>
          <h2>
            <Trans>My team</Trans>
          </h2>
          <ul>
            {team.map((one) => (
              <li key={one.name + one.role}>
                {one.name}, {word(paperRoleWords, one.role)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {version.state === 'in_effect' && <Standing version={version} name={name} />}
      <p>
        <Trans>You can change this plan at any time. Tell your team.</Trans>
      </p>
    </>
  );
}

function GoalList({ goals }: { goals: Goal[] }) {
  if (goals.length === 0) return null;
  return (
    <section>
      <h2>
        <Trans>My goals</Trans>
      </h2>
      <ul>
        {goals.map((goal) => (
          <li key={goal.id}>
            <span lang={goal.language ?? undefined}>{goal.statement}</span>
            {goal.obstacle && goal.obstacle_plan && (
              <span lang={goal.language ?? undefined}>
                <br />
                {goal.obstacle} → {goal.obstacle_plan}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function GoalsPaper({ goals, name }: { goals: Goal[]; name: string }) {
  const { t } = useLingui();
  const days = [t`Mon`, t`Tue`, t`Wed`, t`Thu`, t`Fri`, t`Sat`, t`Sun`];
  return (
    <>
      <h1>
        <Trans>Goals of {name}</Trans>
      </h1>
      {goals.map((goal) => (
        <section key={goal.id} className="paper-goal">
          <h2 lang={goal.language ?? undefined}>{goal.statement}</h2>
          {goal.obstacle && (
            <p lang={goal.language ?? undefined}>
              {goal.obstacle} {goal.obstacle_plan && <>→ {goal.obstacle_plan}</>}
            </p>
          )}
          <table className="paper-week">
            <caption className="hidden-text">
              <Trans>Four weeks to tick off</Trans>
            </caption>
            <thead>
              <tr>
                {days.map((day) => (
                  <th key={day} scope="col">
                    {day}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[1, 2, 3, 4].map((week) => (
                <tr key={week}>
                  {days.map((day) => (
                    <td key={day} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      <p>
        <Trans>
          Tick a day when you did it. Something else you did counts too. A blank day is just a day.
        </Trans>
      </p>
    </>
  );
}

export function RelapsePaper({ version, name }: { version: PlanVersion; name: string }) {
  const { content } = version;
  return (
    <>
      <h1>
        <Trans>Staying well</Trans>
      </h1>
      {version.state !== 'in_effect' && <Standing version={version} name={name} />}
      <Items title={<Trans>My warning signs</Trans>} items={content.warning_signs} />
      <Items title={<Trans>What helps me</Trans>} items={content.helps} />
      {!!content.contacts?.length && (
        <section>
          <h2>
            <Trans>Whom I call</Trans>
          </h2>
          <ul>
            {content.contacts.map((one) => (
              <li key={one.name}>
                {one.name} <strong>{one.phone}</strong>
                {one.when && <>, {one.when}</>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Said title={<Trans>What I keep doing</Trans>}>{content.maintenance}</Said>
      <Said title={<Trans>How I come back</Trans>}>{content.way_back}</Said>
      {version.state === 'in_effect' && <Standing version={version} name={name} />}
    </>
  );
}

export function DecisionPaper({ decision, aid, name }: { decision: Decision; aid?: Aid; name: string }) {
  const { date, word, locale } = usePaper();
  const { t } = useLingui();
  const option = aid?.options.find((one) => one.id === decision.choice);
  const matters = [...decision.weights].sort((a, b) => b.weight - a.weight);
  const text = (item: string, fallback?: string) =>
    aid?.matters.find((one) => one.id === item)?.text ?? fallback ?? item;
  return (
    <>
      <h1>
        <Trans>What {name} decided</Trans>
      </h1>
      <p>{date(decision.on)}</p>
      <section>
        <h2>{aid?.question ?? decision.topic}</h2>
        <p className="paper-said">
          <strong>
            {option?.name ??
              (decision.choice === 'undecided'
                ? t`Not decided yet. That is all right.`
                : (decision.choice_name ?? t`Something else`))}
          </strong>
          {decision.choice_words && (
            <>
              <br />“{decision.choice_words}”
            </>
          )}
        </p>
        {option?.what && <p>{option.what}</p>}
        {option?.living_with && <p>{option.living_with}</p>}
      </section>
      {matters.length > 0 && (
        <section>
          <h2>
            <Trans>What matters to me</Trans>
          </h2>
          <ul>
            {matters.map((one) => (
              <li key={one.item}>
                {text(one.item, one.text)} <strong>{t`${one.weight} of 5`}</strong>
              </li>
            ))}
          </ul>
        </section>
      )}
      {decision.options.length > 0 && (
        <section>
          <h2>
            <Trans>What we looked at</Trans>
          </h2>
          <ul>
            {decision.options.map((one) => (
              <li key={one.id}>{aid?.options.find((known) => known.id === one.id)?.name ?? one.name}</li>
            ))}
          </ul>
        </section>
      )}
      <p lang={locale}>
        <Trans>Took part:</Trans> {decision.took_part.map((who) => word(paperRoleWords, who)).join(', ')}.
      </p>
      <p>
        <Trans>You may change your mind at any time. Tell your team.</Trans>
      </p>
    </>
  );
}

export function AidPaper({ aid }: { aid: Aid }) {
  const says = AID_WORDS[aid.language === 'es' ? 'es' : 'en'];
  return (
    <>
      <h1>{aid.question}</h1>
      {aid.introduction && <p>{aid.introduction}</p>}
      <section className="paper-options">
        {aid.options.map((one) => (
          <div key={one.id}>
            <h2>{one.name}</h2>
            <p>{one.what}</p>
            {one.living_with && <p>{one.living_with}</p>}
          </div>
        ))}
      </section>
      <div className="paper-grid">
        <AidGrid aid={aid} />
      </div>
      {aid.uncertainty && <p>{aid.uncertainty}</p>}
      {aid.talk_first && <p className="paper-said">{aid.talk_first}</p>}
      <section>
        <h2>{says.matters}</h2>
        <p>{says.scale}</p>
        <ul>
          {aid.matters.map((matter) => (
            <li key={matter.id}>{matter.text} ___</li>
          ))}
        </ul>
      </section>
      {!!aid.sources?.length && <p className="paper-sources">{aid.sources.join(' · ')}</p>}
    </>
  );
}
