/** @jsxImportSource preact */
// One card that says what comes next, then what there is to know. Never a verdict in colour.
import { plural, t } from '@lingui/core/macro';
import { useAct } from './act';
import { startCheckIn } from './check_in';
import { longDate, momentWords } from './dates';
import { Link } from './router';
import { useHere } from './session';
import { useView } from './store';
import type { Home } from './types';
import { Button, H2, LinkButton, Page, Shown, Trouble } from './ui';

const PAGES: Record<string, string> = {
  'check-ins': 'check-ins',
  decisions: 'choices',
  visits: 'visits',
  goals: 'goals',
  messages: 'messages',
  education: 'learn',
  'safety-plan': 'safety-plan',
};
/** The page of what comes next. */
export function placeOf(next: Home['next']): string | null {
  const page = next.view ? PAGES[next.view] : undefined;
  if (!page) return null;
  const object = next.object ?? next.object_id;
  const opens = page === 'goals' || page === 'messages' || page === 'learn' || page === 'choices';
  return object && opens ? `/portal/${page}/${object}` : `/portal/${page}`;
}

export default function HomePage() {
  const here = useHere();
  const home = useView<Home>('home');
  const today = longDate(here.today);
  return (
    <Page title={here.isSelf ? t`Hello, ${here.name}` : t`The page of ${here.name}`}>
      <p class="soft">{today.charAt(0).toLocaleUpperCase() + today.slice(1)}</p>
      <Shown of={home}>{(data) => <Body home={data} />}</Shown>
    </Page>
  );
}

function Body({ home }: { home: Home }) {
  const here = useHere();
  const { next, scores, goals, messages, visit, reading, plan, milestones } = home;
  return (
    <>
      <Next next={next} />
      {milestones && milestones.length > 0 && (
        <ul class="quiet-list">
          {milestones.map((one) => (
            <li key={`${one.goal_id}${one.id}`}>{one.text}</li>
          ))}
        </ul>
      )}
      <div class="cards">
        {visit && (
          <section>
            <H2>{t`Your next visit`}</H2>
            <p>{visit.text}</p>
            <p>
              <Link to="/portal/visits">{t`See your visits`}</Link>
            </p>
          </section>
        )}
        {messages && (
          <section>
            <H2>{t`Messages`}</H2>
            <p>
              {messages.unread
                ? plural(messages.unread, {
                    one: 'You have # new message.',
                    other: 'You have # new messages.',
                  })
                : t`No new messages.`}
            </p>
            <p>
              <Link to="/portal/messages">{t`Read or write a message`}</Link>
            </p>
          </section>
        )}
        {goals && (
          <section>
            <H2>{t`Your goals`}</H2>
            <p>
              {goals.active === 0
                ? t`No goal yet. A small one is a good start.`
                : goals.for_today
                  ? t`Today: ${goals.done_today} of ${goals.for_today} done.`
                  : plural(goals.active, { one: 'You have # goal.', other: 'You have # goals.' })}
            </p>
            <p>
              <Link to={goals.active ? '/portal/goals' : '/portal/goals/new'}>
                {goals.active ? t`See your goals` : t`Make a goal`}
              </Link>
            </p>
          </section>
        )}
        {scores && scores.length > 0 && (
          <section>
            <H2>{t`How you are doing`}</H2>
            {scores.map((one) => (
              <p key={one.instrument}>
                <strong>{one.title}:</strong> {one.words}
              </p>
            ))}
            <p>
              <Link to="/portal/scores">{t`See your scores over time`}</Link>
            </p>
          </section>
        )}
        {plan?.in_effect && (
          <section>
            <H2>{t`Your plan`}</H2>
            <p>
              {plan.since ? t`You agreed on it on ${longDate(plan.since, home.today)}.` : t`You have a plan.`}
            </p>
            <p>
              <Link to="/portal/plan">{t`Read your plan`}</Link>
            </p>
          </section>
        )}
        {reading && reading.unread > 0 && (
          <section>
            <H2>{t`To read`}</H2>
            <p>
              {plural(reading.unread, {
                one: 'Your team picked # thing for you to read.',
                other: 'Your team picked # things for you to read.',
              })}
            </p>
            <p>
              <Link to="/portal/learn">{t`See what to read`}</Link>
            </p>
          </section>
        )}
        {here.sees('team') && (
          <section>
            <H2>{t`Your team`}</H2>
            <p>{home.response_time}</p>
            <p>
              <Link to="/portal/team">{t`See who is on your team`}</Link>
            </p>
          </section>
        )}
      </div>
      <p class="soft">{home.not_for_emergencies}</p>
    </>
  );
}

function Next({ next }: { next: Home['next'] }) {
  const here = useHere();
  const act = useAct();
  const place = placeOf(next);
  const start = () => act.run(() => startCheckIn());
  return (
    <section class="next" aria-labelledby="next-heading">
      <h2 id="next-heading">{t`Next for you`}</h2>
      <p class="title">{next.title}</p>
      {next.text && <p>{next.text}</p>}
      {next.kind === 'visit' && next.at && !next.text && <p>{momentWords(next.at, here.today, here.zone)}</p>}
      <Trouble act={act} again={start} />
      {next.act && next.kind === 'check_in' ? (
        <Button look="main" busy={act.saving} onClick={start}>
          {next.act}
        </Button>
      ) : (
        next.act &&
        place && (
          <LinkButton look="main" to={place}>
            {next.act}
          </LinkButton>
        )
      )}
    </section>
  );
}
