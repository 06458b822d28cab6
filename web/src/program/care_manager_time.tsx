// How much care-manager time (FTE) a site had, month by month: what the state report calls attested, and what a caseload is divided
// by. One field a month; what changed is saved together.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/ask';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { monthWords } from '../ui/months';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { careManagerTimeQuery, type MonthOfTime } from './queries';

const YEARS_BACK = 3;

export function CareManagerTime() {
  const { session, site: here, today } = useHere();
  const thisYear = Number(today().slice(0, 4));
  const [site, setSite] = useState(here ?? session.sites[0]?.id ?? '');
  const [year, setYear] = useState(String(thisYear));
  const months = useQuery({ ...careManagerTimeQuery(site, year), enabled: !!site });
  return (
    <>
      <header>
        <h1>
          <Trans>Care-manager time</Trans>
        </h1>
        <p className="soft">
          <Trans>
            1 is one full-time care manager. The state report asks for it, and caseloads are divided by it.
          </Trans>
        </p>
      </header>
      <div className="row">
        {session.sites.length > 1 && (
          <Select
            label={t`Site`}
            value={site}
            onChange={setSite}
            options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
        <Select
          label={t`Year`}
          value={year}
          onChange={setYear}
          options={Array.from({ length: YEARS_BACK + 1 }, (_, back) => String(thisYear - back)).map(
            (one) => ({
              value: one,
              label: one,
            }),
          )}
        />
      </div>
      {unreadable(months) && <ProblemNote error={months.error} onRetry={() => void months.refetch()} />}
      {months.isPending && <Skeleton rows={6} widths={[40]} />}
      {months.data && (
        <Months
          key={`${site} ${year} ${months.dataUpdatedAt}`}
          site={site}
          known={months.data.items}
          months={monthsOf(Number(year), today())}
        />
      )}
    </>
  );
}

/** The months of a year that have begun. */
function monthsOf(year: number, today: string) {
  const all = Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
  return all.filter((month) => month <= today.slice(0, 7));
}

function Months({ site, known, months }: { site: string; known: MonthOfTime[]; months: string[] }) {
  const said = (month: string) => known.find((one) => one.month === month)?.fte ?? null;
  const [typed, setTyped] = useState<Record<string, string>>({});
  const changed = months.filter((month) => typed[month]?.trim() && Number(typed[month]) !== said(month));
  const save = useSave(
    async (list: string[]) => {
      for (const month of list)
        await act<MonthOfTime>('PUT', `/api/v1/sites/${site}/care-manager-time/${month}`, {
          fte: Number(typed[month]),
          instead_of: said(month),
        });
    },
    async () => {
      say(t`Kept.`);
      await queryClient.invalidateQueries({ queryKey: ['program', 'care-manager-time'] });
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={changed.length === 0}
      onSubmit={() => save.save(changed)}
    >
      <div className="months">
        {months.map((month) => (
          <TextField
            key={month}
            label={monthWords(month).replace(/ (de )?\d{4}$/, '')}
            type="number"
            inputMode="decimal"
            step="0.05"
            min={0}
            max={200}
            short
            value={typed[month] ?? (said(month) === null ? '' : String(said(month)))}
            onChange={(text) => setTyped({ ...typed, [month]: text })}
          />
        ))}
      </div>
    </ShortForm>
  );
}
