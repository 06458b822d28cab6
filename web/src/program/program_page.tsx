// For who runs the program: what patients say about their care, what they wrote, the numbers they see in a crisis, and what stays
// between a young person and the team. Small groups are never shown: nobody can be told apart in a number.
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { act } from '../api/ask';
import { queryClient } from '../api/queries';
import { NoPermission } from '../app/missing';
import type { ProgramSearch } from '../app/router';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { addDays, dateOf, shortDate } from '../ui/dates';
import { DateField, Select, TextArea } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { waitedWords } from '../ui/waited';
import { When } from '../ui/when';
import { type Words, word } from '../ui/words';
import { CareManagerTime } from './care_manager_time';
import { CrisisForm } from './crisis_form';
import {
  crisisQuery,
  type FeedbackRow,
  feedbackQuery,
  type SurveyResult,
  surveyResultsQuery,
} from './queries';
import { RulesShown } from './rules';
import { VisitSettingsShown } from './visit_settings';
import '../inbox/inbox.css';
import './program.css';

const route = getRouteApi('/program');
const stateWords: Words = { new: msg`new`, answered: msg`answered`, closed: msg`closed` };

export function ProgramPage() {
  const { can } = useHere();
  const search = route.useSearch();
  const tabs: [string, boolean, string][] = [
    ['surveys', can('surveys.results'), t`Surveys`],
    ['feedback', can('feedback.read'), t`Feedback`],
    ['help', can('crisis.write'), t`Help now`],
    ['visits', can('visits.settings'), t`Visits`],
    ['time', can('reports.settings'), t`Care-manager time`],
    ['rules', can('content.read') || can('crisis.write'), t`Confidentiality`],
  ];
  const open = tabs.filter(([, allowed]) => allowed);
  const shown = open.find(([id]) => id === search.show)?.[0] ?? open[0]?.[0];
  useEffect(() => {
    document.title = `${t`Program`} · Concord`;
  }, []);
  if (!shown) return <NoPermission />;
  return (
    <div className="inbox">
      {open.length > 1 && (
        <nav className="tabs no-print" aria-label={t`Program`}>
          {open.map(([id, , name]) => (
            <Link
              key={id}
              to="/program"
              search={{ show: id as ProgramSearch['show'] }}
              aria-current={id === shown ? 'page' : undefined}
              activeProps={{}}
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      {shown === 'surveys' && <Surveys />}
      {shown === 'feedback' && <FeedbackList />}
      {shown === 'help' && <HelpNow />}
      {shown === 'visits' && <VisitSettingsShown />}
      {shown === 'time' && <CareManagerTime />}
      {shown === 'rules' && <RulesShown />}
    </div>
  );
}

const DAYS = 90;

function Surveys() {
  const { site, today: todayAt } = useHere();
  const today = todayAt();
  const [from, setFrom] = useState(addDays(today, -DAYS));
  const [to, setTo] = useState(today);
  const results = useQuery(surveyResultsQuery(site ?? undefined, from, to));
  return (
    <>
      <header className="row-apart">
        <h1>
          <Trans>What patients say about their care</Trans>
        </h1>
        <div className="row">
          <DateField label={t`From`} value={from} onChange={setFrom} max={to} />
          <DateField label={t`Until`} value={to} onChange={setTo} min={from} />
        </div>
      </header>
      {unreadable(results) && <ProblemNote error={results.error} onRetry={() => void results.refetch()} />}
      {results.isPending && <Skeleton rows={5} widths={[40, 12, 12]} />}
      {results.data && (
        <p className="soft">{t`Fewer than ${results.data.smallest_cell} answers are not shown.`}</p>
      )}
      {results.data?.surveys.length === 0 && <Empty title={t`No survey is offered here.`} />}
      {results.data?.surveys.map((one) => (
        <OneSurvey key={one.id} one={one} few={results.data.smallest_cell} />
      ))}
    </>
  );
}

function OneSurvey({ one, few }: { one: SurveyResult; few: number }) {
  return (
    <section className="stack-tight">
      <h2>{one.title}</h2>
      <p className="soft">
        {one.suppressed || one.answered === null
          ? t`Fewer than ${few} people have answered.`
          : plural(one.answered, { 0: 'No answers yet.', one: '# answer', other: '# answers' })}
        {!one.suppressed &&
          !!one.declined &&
          `, ${plural(one.declined, { one: '# did not want to answer', other: '# did not want to answer' })}`}
      </p>
      {!one.suppressed && !!one.answered && one.items.length > 0 && (
        <TableScroll label={one.title}>
          <table className="results">
            <thead>
              <tr>
                <th scope="col">
                  <Trans>Question</Trans>
                </th>
                <th scope="col">
                  <Trans>Answers</Trans>
                </th>
                <th scope="col">
                  <Trans>Mean</Trans>
                </th>
                <th scope="col">
                  <Trans>Best answer</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {one.items.map((item) => (
                <tr key={item.id}>
                  <th scope="row">{item.text ?? t`Question ${item.id.replace(/^q/, '')}`}</th>
                  <td>{item.n ?? t`too few`}</td>
                  <td>{item.mean == null ? '–' : item.mean.toFixed(1)}</td>
                  <td>{item.top_percent == null ? '–' : `${Math.round(item.top_percent)}%`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </section>
  );
}

function FeedbackList() {
  const [state, setState] = useState('new');
  const list = useQuery(feedbackQuery(state));
  const [pages, setPages] = useState<string[]>([]);
  return (
    <>
      <header className="row-apart">
        <h1>
          {list.data
            ? plural(list.data.new, {
                0: 'No new feedback',
                one: '# new word of feedback',
                other: '# new words of feedback',
              })
            : t`Feedback`}
        </h1>
        <Choice
          label={t`Which`}
          hideLabel
          quiet
          value={state}
          onChange={(value) => {
            setState(value);
            setPages([]);
          }}
          options={[
            { value: 'new', label: t`New` },
            { value: 'answered', label: t`Answered` },
            { value: 'closed', label: t`Closed` },
          ]}
        />
      </header>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[12, 60]} />}
      {list.data?.items.length === 0 && (
        <Empty title={t`Nothing here.`}>
          <p>
            <Trans>Patients can say what was good or bad, with their name or without it.</Trans>
          </p>
        </Empty>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <FeedbackItem key={one.id} one={one} />
        ))}
        {pages.map((after) => (
          <FeedbackMore
            key={after}
            state={state}
            after={after}
            onMore={(next) => setPages([...pages, next])}
          />
        ))}
      </ul>
      {list.data?.next && pages.length === 0 && (
        <div>
          <Button onPress={() => setPages([list.data.next!])}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

function FeedbackMore({
  state,
  after,
  onMore,
}: {
  state: string;
  after: string;
  onMore: (next: string) => void;
}) {
  const page = useQuery(feedbackQuery(state, after));
  if (unreadable(page)) return <ProblemNote error={page.error} />;
  if (!page.data) return <Skeleton rows={3} widths={[12, 60]} />;
  return (
    <>
      {page.data.items.map((one) => (
        <FeedbackItem key={one.id} one={one} />
      ))}
      {page.data.next && (
        <li>
          <Button onPress={() => onMore(page.data.next!)}>
            <Trans>Show more</Trans>
          </Button>
        </li>
      )}
    </>
  );
}

function FeedbackItem({ one }: { one: FeedbackRow }) {
  const { can, zone, today } = useHere();
  const [form, setForm] = useState<'answer' | 'close' | null>(null);
  const [text, setText] = useState('');
  const save = useSave(
    (version: number) => act('POST', `/api/v1/feedback/${one.id}/${form}`, { text: text.trim() }, version),
    async () => {
      say(t`Kept. The patient is told.`);
      setForm(null);
      await queryClient.invalidateQueries({ queryKey: ['program', 'feedback'] });
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <li className="inbox-row">
      <span className="soft">
        {one.state === 'new' ? waitedWords(one.at) : shortDate(dateOf(one.at, zone(one.site_id)), today())}
      </span>
      <div className="stack-tight">
        <p>
          <span className="strong">{one.topic_name}</span>{' '}
          <span className="soft">
            {one.anonymous || !one.patient ? <Trans>without a name</Trans> : one.patient.name}
            {one.state !== 'new' && `, ${word(stateWords, one.state)}`}
          </span>
        </p>
        <p className="talk-words inbox-said">{one.text}</p>
        {one.answer && (
          <p className="soft inbox-said">
            {one.answered_by?.name}
            {one.answered_at && (
              <>
                , <When date={dateOf(one.answered_at, zone(one.site_id))} today={today()} />
              </>
            )}
            : {one.answer}
          </p>
        )}
        {form && (
          <ShortForm
            state={save}
            action={form === 'answer' ? <Trans>Answer</Trans> : <Trans>Close it</Trans>}
            disabled={form === 'answer' && !text.trim()}
            onSubmit={() => save.save(theirs ?? one.version)}
            onCancel={() => setForm(null)}
          >
            {theirs !== undefined && (
              <p className="note" role="alert">
                <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
              </p>
            )}
            <TextArea
              label={
                form === 'answer' ? t`Answer, the patient reads it` : t`A last word, the patient reads it`
              }
              value={text}
              onChange={setText}
              required={form === 'answer'}
              autoFocus
              error={issueFor(save.error, 'text')}
            />
          </ShortForm>
        )}
      </div>
      {can('feedback.answer') && one.state !== 'closed' && !form && (
        <div className="row">
          {one.state === 'new' && (
            <Button small onPress={() => setForm('answer')}>
              <Trans>Answer</Trans>
            </Button>
          )}
          <Button small look="quiet" onPress={() => setForm('close')}>
            <Trans>Close</Trans>
          </Button>
        </div>
      )}
    </li>
  );
}

function HelpNow() {
  const { session, site: here } = useHere();
  const [site, setSite] = useState(here ?? session.sites[0]?.id ?? '');
  const crisis = useQuery({ ...crisisQuery(site), enabled: !!site });
  return (
    <>
      <header className="stack-tight">
        <h1>
          <Trans>Help now</Trans>
        </h1>
        <p className="soft">
          <Trans>
            What patients see under “Get help now”, on every page. 988 and 911 are always there; here the
            program adds its own numbers and says when somebody reads.
          </Trans>
        </p>
      </header>
      {session.sites.length > 1 && (
        <Select
          label={t`Site`}
          value={site}
          onChange={setSite}
          options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      {unreadable(crisis) && <ProblemNote error={crisis.error} onRetry={() => void crisis.refetch()} />}
      {crisis.isPending && <Skeleton rows={5} widths={[40, 30]} />}
      {crisis.data && <CrisisForm key={`${site} ${crisis.data.version}`} crisis={crisis.data} />}
    </>
  );
}
