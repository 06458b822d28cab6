// A decision made together. Every option is told the same way, doing nothing for now among them; what matters to
// the patient is asked before the choice; the page is read aloud or side by side, in the patient's language.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { client, create } from '../api/client';
import { refreshPatient, summaryQuery } from '../api/queries';
import type { Aid, NewDecision, Summary } from '../api/types';
import { LANGUAGES, type Language } from '../app/i18n';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { LinkButton } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { TextArea } from '../ui/field';
import { ShortForm } from '../ui/form';
import { PrintIcon } from '../ui/icons';
import { useNarrow } from '../ui/narrow';
import { paperLanguage } from '../ui/paper';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { options, word } from '../ui/words';
import { AID_WORDS, WEIGHTS } from './aid_words';
import { aidQuery, decisionsQuery } from './queries';
import { choiceWords, tookPartWords } from './words';
import './plans.css';

const route = getRouteApi('/patients/$patient/decide/$aid');

export function DecisionPage() {
  const { patient, aid: id } = route.useParams();
  const { can, today } = useHere();
  const allowed = can('content.read') && can('plans.read');
  const summary = useQuery({ ...summaryQuery(patient), enabled: allowed });
  const [chosen, setLanguage] = useState<Language | null>(null);
  const language = chosen ?? paperLanguage(summary.data?.patient.language);
  const aid = useQuery({ ...aidQuery(id, language), enabled: allowed && !!summary.data });
  useEffect(() => {
    document.title = `${t`Decide together`} · Concord`;
  }, []);
  if (!allowed) return <NoPermission />;
  const failed = [summary, aid].find((read) => unreadable<unknown>(read));
  if (failed) return <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!summary.data || !aid.data) return <Skeleton rows={8} widths={[30, 30, 30]} />;
  return (
    <Decide
      key={aid.data.id}
      aid={aid.data}
      summary={summary.data}
      today={today(summary.data.episode?.site_id ?? summary.data.patient.site_id)}
      language={language}
      onLanguage={setLanguage}
    />
  );
}

function Decide({
  aid,
  summary,
  today,
  language,
  onLanguage,
}: {
  aid: Aid;
  summary: Summary;
  today: string;
  language: Language;
  onLanguage: (language: Language) => void;
}) {
  const { can, hasRole } = useHere();
  const navigate = useNavigate();
  const patient = summary.patient.id;
  const before = useQuery(decisionsQuery(patient));
  const former = before.data?.items.find((one) => one.aid === aid.id && !one.replaced_by);
  const [weights, setWeights] = useState<Record<string, number>>({});
  const [choice, setChoice] = useState('');
  const [words, setWords] = useState('');
  const [note, setNote] = useState('');
  const [tookPart, setTookPart] = useState(() => [
    'patient',
    ...['care_manager', 'pcp', 'psychiatric_consultant', 'bh_specialist'].filter((role) => hasRole(role)),
    ...(summary.patient.interpreter_needed ? ['interpreter'] : []),
  ]);
  const narrow = useNarrow(720);
  const says = AID_WORDS[language];
  const save = useSave(
    (body: NewDecision) =>
      create(`${patient}/decisions`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/decisions', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (decision) => {
      say(t`The decision is recorded.`);
      await refreshPatient(patient);
      await navigate({
        to: '/patients/$patient/paper/$what',
        params: { patient, what: 'decision' },
        search: { id: decision.id },
      });
    },
  );
  const option = (id: string) => aid.options.find((one) => one.id === id);
  return (
    <div className="decide">
      <div className="stack" lang={aid.language}>
        <div className="row-apart">
          <p className="small" lang={undefined}>
            <Link to="/patients/$patient/plan" params={{ patient }}>
              <Trans>Back to the plan</Trans>
            </Link>
          </p>
          <div className="row no-print">
            <Choice
              label={t`Language of this page`}
              hideLabel
              quiet
              value={language}
              onChange={(value) => onLanguage(value as Language)}
              options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
                value,
                label: LANGUAGES[value],
              }))}
            />
            <LinkButton
              small
              to="/patients/$patient/paper/$what"
              params={{ patient, what: 'aid' }}
              search={{ id: aid.id }}
            >
              <PrintIcon />
              <Trans>To take home</Trans>
            </LinkButton>
          </div>
        </div>
        {aid.review && (
          <p className="small soft" lang={undefined}>
            <Trans>The Spanish text awaits clinical review.</Trans>
          </p>
        )}
        <div className="decide-lead">
          <h1>{aid.question}</h1>
          {aid.introduction && <p>{aid.introduction}</p>}
          {aid.for_whom && <p className="soft">{aid.for_whom}</p>}
        </div>
        <div className="decide-options">
          {aid.options.map((one) => (
            <section key={one.id} className="decide-option">
              <h2>{one.name}</h2>
              <p>{one.what}</p>
              {one.living_with && <p className="soft">{one.living_with}</p>}
            </section>
          ))}
        </div>
        <section className="stack">
          <h2>{says.compare}</h2>
          {narrow ? <AidCards aid={aid} /> : <AidGrid aid={aid} />}
          {aid.uncertainty && <p className="soft">{aid.uncertainty}</p>}
          {aid.talk_first && <p className="note">{aid.talk_first}</p>}
        </section>
        <section className="stack">
          <div>
            <h2>{says.matters}</h2>
            <p className="soft">{says.scale}</p>
          </div>
          <div className="decide-matters">
            {aid.matters.map((matter) => (
              <div key={matter.id} className="decide-matter">
                <p id={`matter-${matter.id}`}>{matter.text}</p>
                <Choice
                  label={matter.text}
                  hideLabel
                  value={weights[matter.id] === undefined ? '' : String(weights[matter.id])}
                  onChange={(value) => setWeights({ ...weights, [matter.id]: Number(value) })}
                  options={WEIGHTS}
                />
              </div>
            ))}
          </div>
        </section>
        {aid.help_now && <p className="paper-help-line">{aid.help_now}</p>}
      </div>
      {can('plans.write') && (
        <section className="decide-record" aria-labelledby="record">
          <h2 id="record">
            <Trans>What was decided</Trans>
          </h2>
          {former && (
            <p className="soft">
              <Trans>There is a decision from before. It is kept, and this one takes its place.</Trans>
            </p>
          )}
          <ShortForm
            state={save}
            action={<Trans>Record the decision</Trans>}
            disabled={!choice}
            onSubmit={() =>
              save.save({
                aid: aid.id,
                aid_version: aid.version,
                language: aid.language,
                options: aid.options.map((one) => one.id),
                weights: Object.entries(weights).map(([item, weight]) => ({ item, weight })),
                choice,
                choice_words: words.trim() || undefined,
                took_part: tookPart,
                on: today,
                note: note.trim() || undefined,
                replaces: former?.id,
              })
            }
          >
            <Choice
              label={t`${summary.patient.given_name} chose`}
              value={choice}
              onChange={setChoice}
              options={[
                ...aid.options.map((one) => ({ value: one.id, label: one.name })),
                { value: 'undecided', label: word(choiceWords, 'undecided') },
                { value: 'other', label: word(choiceWords, 'other') },
              ]}
              error={issueFor(save.error, 'choice')}
            />
            {choice === 'undecided' && (
              <p className="soft" role="status">
                <Trans>Nothing has to be decided today. It will be asked again.</Trans>
              </p>
            )}
            <TextArea
              label={t`In ${summary.patient.given_name}'s words`}
              hint={choice === 'other' ? t`What instead?` : option(choice)?.name}
              value={words}
              onChange={setWords}
              rows={2}
              required={choice === 'other'}
              error={issueFor(save.error, 'choice_words')}
            />
            <Choices
              label={t`Who took part`}
              value={tookPart}
              onChange={setTookPart}
              options={options(tookPartWords)}
              error={issueFor(save.error, 'took_part')}
            />
            <TextArea label={t`Note for the team`} value={note} onChange={setNote} rows={2} />
          </ShortForm>
        </section>
      )}
      {!!aid.sources?.length && (
        <details className="small soft">
          <summary>
            <Trans>Sources</Trans>
          </summary>
          <ul className="plan-list">
            {aid.sources.map((source) => (
              <li key={source}>{source}</li>
            ))}
          </ul>
          <p>{[aid.reviewed, aid.update_due].filter(Boolean).join(' – ')}</p>
        </details>
      )}
    </div>
  );
}

export function AidGrid({ aid }: { aid: Aid }) {
  const says = AID_WORDS[aid.language === 'es' ? 'es' : 'en'];
  return (
    <TableScroll label={says.compare}>
      <table className="decide-grid">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">{says.question}</span>
            </th>
            {aid.options.map((one) => (
              <th scope="col" key={one.id}>
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {aid.issues.map((issue) => (
            <tr key={issue.id}>
              <th scope="row">{issue.question}</th>
              {aid.options.map((one) => (
                <td key={one.id}>
                  <Answer answer={issue.answers.find((answer) => answer.option === one.id)} says={says} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** On a phone: choose the question that matters, then every option answers it, in the same order each time. */
function AidCards({ aid }: { aid: Aid }) {
  const says = AID_WORDS[aid.language === 'es' ? 'es' : 'en'];
  const [chosen, setChosen] = useState(aid.issues[0]?.id ?? '');
  const issue = aid.issues.find((one) => one.id === chosen) ?? aid.issues[0];
  if (!issue) return null;
  return (
    <div className="stack">
      <Choice
        label={says.question}
        value={issue.id}
        onChange={setChosen}
        options={aid.issues.map((one) => ({ value: one.id, label: one.question }))}
      />
      {aid.options.map((one) => (
        <section key={one.id} className="decide-card">
          <h3>{one.name}</h3>
          <Answer answer={issue.answers.find((answer) => answer.option === one.id)} says={says} />
        </section>
      ))}
    </div>
  );
}

function Answer({
  answer,
  says,
}: {
  answer: Aid['issues'][number]['answers'][number] | undefined;
  says: { benefit: string; harm: string; of100: (n: number) => string };
}) {
  if (!answer) return <>–</>;
  return (
    <dl>
      <div>
        <dt>{says.benefit}</dt>
        <dd>
          <Effect effect={answer.benefit} of100={says.of100} />
        </dd>
      </div>
      <div>
        <dt>{says.harm}</dt>
        <dd>
          <Effect effect={answer.harm} of100={says.of100} />
        </dd>
      </div>
    </dl>
  );
}

/** Numbers with the same denominator on both sides, and where they come from. */
function Effect({
  effect,
  of100,
}: {
  effect: { words: string; per_100?: number | null; source?: string | null };
  of100: (n: number) => string;
}) {
  return (
    <span title={effect.source ?? undefined}>
      {effect.words}
      {effect.per_100 != null && <strong className="nowrap"> {of100(effect.per_100)}</strong>}
    </span>
  );
}
