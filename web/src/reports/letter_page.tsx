// The month on one page, in words: what went well, what needs a look, three figures, who fell out, what to do next. For printing.
import { t } from '@lingui/core/macro';
import { useLingui } from '@lingui/react';
import { Trans } from '@lingui/react/macro';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { read } from '../api/ask';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { dateOf, fullDate } from '../ui/dates';
import { Select } from '../ui/field';
import { PrintIcon } from '../ui/icons';
import { addMonths, monthOf, monthWords } from '../ui/months';
import { Skeleton, unreadable } from '../ui/states';
import { roleWords, word } from '../ui/words';
import { ReportProblem, Reports, useQuestion } from './frame';
import { noMonths, runModel } from './model';
import { Counts, FigureLink, Headline } from './parts';
import { type Letter, PATH } from './queries';
import { RunChart, RunTable } from './run_chart';
import type { Question, ReportSearch } from './search';

type Line = Letter['went_well'][number];

const letterQuery = (at: string, site: string | undefined, language: string) =>
  queryOptions({
    queryKey: ['reports', 'letter', at, site ?? '', language],
    queryFn: () => read<Letter>(`${PATH}/letter`, { at, site, language }),
  });

const route = getRouteApi('/reports/letter');

export function LetterPage() {
  const { can, today } = useHere();
  const { i18n } = useLingui();
  const { search, question } = useQuestion();
  const navigate = route.useNavigate();
  const newest = addMonths(monthOf(today()), -1);
  const at = search.at ?? newest;
  const letter = useQuery({
    ...letterQuery(at, question.site, i18n.locale === 'es' ? 'es' : 'en'),
    enabled: can('reports.read'),
  });
  const asked: Question = { period: 'month', at, site: question.site };
  return (
    <Reports title={t`Letter`}>
      <div className="paper-tools letter-tools no-print">
        <Select
          label={<span className="hidden-text">{t`Month`}</span>}
          value={at}
          onChange={(next) =>
            void navigate({
              search: (old: ReportSearch) => ({ ...old, at: next === newest ? undefined : next }),
            })
          }
          options={Array.from({ length: 24 }, (_, back) => addMonths(newest, -back)).map((month) => ({
            value: month,
            label: monthWords(month),
          }))}
        />
        <Button look="primary" onPress={() => window.print()}>
          <PrintIcon />
          <Trans>Print</Trans>
        </Button>
      </div>
      {unreadable(letter) && <ReportProblem error={letter.error} onRetry={() => void letter.refetch()} />}
      {letter.isPending && <Skeleton rows={10} widths={[80]} />}
      {letter.data && <Shown letter={letter.data} question={asked} />}
    </Reports>
  );
}

function Shown({ letter, question }: { letter: Letter; question: Question }) {
  const { zone } = useHere();
  const bare = letter.figures.every((one) => noMonths(one.series));
  const lines = (rows: Line[]) => (
    <ul>
      {rows.map((one) => (
        <li key={one.text}>
          {one.figure ? (
            <FigureLink figure={{ id: one.figure }} question={question}>
              {one.text}
            </FigureLink>
          ) : (
            one.text
          )}
        </li>
      ))}
    </ul>
  );
  return (
    <article className="letter" lang={letter.language}>
      <header>
        <h1>{letter.title}</h1>
      </header>
      <p>{letter.greeting}</p>
      <div className="letter-columns">
        {letter.went_well.length > 0 && (
          <section>
            <h2>
              <Trans>What went well</Trans>
            </h2>
            {lines(letter.went_well)}
          </section>
        )}
        {letter.needs_a_look.length > 0 && (
          <section>
            <h2>
              <Trans>What needs a look</Trans>
            </h2>
            {lines(letter.needs_a_look)}
          </section>
        )}
      </div>
      <section className={bare ? 'letter-figures letter-figures-bare' : 'letter-figures'}>
        <h2 className="hidden-text">
          <Trans>Figures</Trans>
        </h2>
        {letter.figures.map((one) => {
          const model = runModel(one, 12);
          return (
            <div key={one.figure.id} className="letter-figure">
              <div>
                <h3>{one.figure.name}</h3>
                <Headline figure={one.figure} className="main-value" />
                <p className="soft small">
                  <Counts figure={one.figure} question={question} />
                </p>
              </div>
              {!noMonths(one.series) && (
                <div className="main-chart">
                  <RunChart model={model} compact />
                  <RunTable model={model} hidden />
                </div>
              )}
            </div>
          );
        })}
      </section>
      <div className="letter-columns">
        {letter.fell_out.length > 0 && (
          <section>
            <h2>
              <Trans>Who fell out</Trans>
            </h2>
            {lines(letter.fell_out)}
          </section>
        )}
        {letter.next_steps.length > 0 && (
          <section>
            <h2>
              <Trans>What to do next</Trans>
            </h2>
            <ul>
              {letter.next_steps.map((one) => (
                <li key={one.text}>{one.text}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
      <footer className="small soft">
        {letter.footnotes.map((one) => (
          <p key={one}>{one}</p>
        ))}
        <p className="print-only">
          {t`Printed ${fullDate(dateOf(letter.printed.at, zone()))}, ${word(roleWords, letter.printed.role)}.`}
        </p>
      </footer>
    </article>
  );
}
