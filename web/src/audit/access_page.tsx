// Who has looked at this record? The privacy officer can answer it, completely and in order.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, readHeaders } from '../api/client';
import { searchQuery } from '../api/queries';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { patientNameQuery } from '../billing/patient_name';
import { Button } from '../ui/button';
import { dateOf, fullDate, plainDate, timeOf } from '../ui/dates';
import { TextField } from '../ui/field';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { roleWords, word } from '../ui/words';
import { actionWord, resultWord } from './words';
import '../caseload/why.css';
import '../billing/billing.css';

const route = getRouteApi('/access');

export function AccessPage() {
  const { can } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [words, setWords] = useState('');
  const hits = useQuery(searchQuery(words));
  useEffect(() => {
    document.title = `${t`Who has looked`} · Concord`;
  }, []);
  if (!can('audit.read')) return <NoPermission />;
  return (
    <div className="minutes">
      <header>
        <h1>
          <Trans>Who has looked at a record</Trans>
        </h1>
        <p className="soft">
          <Trans>Every look and every change is kept, this one too.</Trans>
        </p>
      </header>
      <div className="access-find">
        <TextField
          label={t`Patient`}
          hint={t`Name, birth date or number`}
          type="search"
          value={words}
          onChange={setWords}
        />
        {words.trim().length >= 2 && hits.isPending && <Skeleton rows={2} widths={[40]} />}
        {unreadable(hits) && <ProblemNote error={hits.error} onRetry={() => void hits.refetch()} />}
        {hits.data && words.trim().length >= 2 && (
          <ul className="access-hits">
            {hits.data.items.length === 0 && (
              <li className="soft">
                <Trans>Nobody found.</Trans>
              </li>
            )}
            {hits.data.items.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="why-words"
                  onClick={() => {
                    setWords('');
                    void navigate({ search: { patient: one.id } });
                  }}
                >
                  {one.family_name}, {one.given_name}
                  {one.birth_date && <span className="soft"> {plainDate(one.birth_date)}</span>}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {search.patient ? (
        <Log patient={search.patient} key={search.patient} />
      ) : (
        words.trim().length < 2 && (
          <Empty title={t`Choose a patient.`}>
            <p>
              <Trans>The list of everybody who opened or changed their record appears here.</Trans>
            </p>
          </Empty>
        )
      )}
    </div>
  );
}

function Log({ patient }: { patient: string }) {
  const { zone } = useHere();
  const who = useQuery(patientNameQuery(patient));
  const [only, setOnly] = useState('');
  const log = useInfiniteQuery({
    queryKey: ['access', patient, 'pages'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      call(
        client.GET('/api/v1/patients/{patient_id}/access-log', {
          headers: readHeaders(),
          params: { path: { patient_id: patient }, query: { after: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  if (log.isPending || who.isLoading) return <Skeleton rows={6} widths={[14, 20, 30]} />;
  if (unreadable(log)) return <ProblemNote error={log.error} onRetry={() => void log.refetch()} />;
  const entries = log.data.pages.flatMap((page) => page.items);
  const people = [...new Set(entries.map((one) => one.actor))].sort();
  const shown = entries.filter((one) => !only || one.actor === only);
  return (
    <section className="stack">
      <h2>
        {who.data ? `${who.data.given_name} ${who.data.family_name}` : ''}{' '}
        <span className="soft">{people.length > 0 && `${people.length} ${t`people`}`}</span>
      </h2>
      {people.length > 1 && (
        <div className="row no-print">
          <Button small look={only ? 'quiet' : 'plain'} onPress={() => setOnly('')}>
            <Trans>Everybody</Trans>
          </Button>
          {people.map((name) => (
            <Button
              key={name}
              small
              look={only === name ? 'plain' : 'quiet'}
              aria-pressed={only === name}
              onPress={() => setOnly(only === name ? '' : name)}
            >
              {name}
            </Button>
          ))}
        </div>
      )}
      {entries.length === 0 && <Empty title={t`Nobody has looked yet.`} />}
      {shown.length > 0 && (
        <TableScroll label={t`Who has looked at this`}>
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">{t`When`}</th>
                <th scope="col">{t`Who`}</th>
                <th scope="col">{t`What`}</th>
                <th scope="col">{t`How it ended`}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id of their own and never move
                <tr key={`${entry.at}${entry.action}${index}`}>
                  <td className="nowrap">
                    {fullDate(dateOf(entry.at, zone()))} {timeOf(entry.at, zone())}
                  </td>
                  <td>
                    {entry.actor} <span className="soft small">{word(roleWords, entry.role)}</span>
                  </td>
                  <td>
                    {actionWord(entry.action)} <span className="soft small">{entry.action}</span>
                  </td>
                  <td>{resultWord(entry.result)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {log.hasNextPage && (
        <div className="no-print">
          <Button isPending={log.isFetchingNextPage} onPress={() => void log.fetchNextPage()}>
            <Trans>Show earlier</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}
