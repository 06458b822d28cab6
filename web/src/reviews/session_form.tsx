// A meeting of the consultant and the care team: when, how long, who comes.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient, staffQuery } from '../api/queries';
import type { ReviewSession } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Choices } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { fullDate } from '../ui/dates';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor } from '../ui/states';

interface Values {
  date: string;
  starts_at: string;
  minutes: string;
  consultant: string;
  managers: string[];
  site: string;
}
const DEFAULT_MINUTES = '60';

export function SessionForm({
  session,
  today,
  onDone,
}: {
  session?: ReviewSession;
  today: string;
  onDone: (session?: ReviewSession) => void;
}) {
  const here = useHere();
  const [values, setValues] = useState<Values>({
    date: session?.date ?? today,
    starts_at: session?.starts_at ?? '',
    minutes: session ? String(session.minutes) : DEFAULT_MINUTES,
    consultant:
      session?.consultant?.id ?? (here.hasRole('psychiatric_consultant') ? here.session.user.id : ''),
    managers: session
      ? session.attendees
          .filter((one) => one.role === 'care_manager' && one.user_id)
          .map((one) => one.user_id!)
      : here.hasRole('care_manager')
        ? [here.session.user.id]
        : [],
    site: session?.site_id ?? here.site ?? here.session.sites[0]?.id ?? '',
  });
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }));
  const consultants = useQuery(staffQuery('psychiatric_consultant'));
  const managers = useQuery(staffQuery('care_manager'));
  const chosen = values.consultant || consultants.data?.items[0]?.id || '';

  const body = () => ({
    date: values.date,
    minutes: Number(values.minutes),
    starts_at: values.starts_at || null,
    consultant_id: chosen || null,
    attendees: [
      ...(chosen ? [{ user_id: chosen, role: 'psychiatric_consultant' }] : []),
      ...values.managers.map((id) => ({ user_id: id, role: 'care_manager' })),
      // Guests written down elsewhere stay.
      ...(session?.attendees ?? [])
        .filter((one) => !['care_manager', 'psychiatric_consultant'].includes(one.role))
        .map((one) => ({ user_id: one.user_id ?? undefined, name: one.name, role: one.role })),
    ],
  });
  const save = useSave(
    async (version: number | null) => {
      if (session)
        return call(
          client.PATCH('/api/v1/review-sessions/{session_id}', {
            params: { path: { session_id: session.id }, header: ifMatch(version ?? session.version) },
            body: body(),
          }),
        );
      const made = { site_id: values.site, ...body() };
      return create('review-sessions', made, (key) =>
        client.POST('/api/v1/review-sessions', { params: { header: key }, body: made }),
      );
    },
    async (saved) => {
      await queryClient.invalidateQueries({ queryKey: ['reviews'] });
      onDone(saved);
    },
  );
  const theirs = save.theirs as unknown as ReviewSession | null;
  if (theirs)
    return (
      <Conflict
        fields={[
          { key: 'date', label: t`On`, theirs: theirs.date, yours: values.date },
          { key: 'minutes', label: t`Minutes`, theirs: String(theirs.minutes), yours: values.minutes },
        ]}
        onResolve={(kept) => {
          set({ date: kept.date ?? values.date, minutes: kept.minutes ?? values.minutes });
          save.save(theirs.version);
        }}
        onCancel={save.reset}
      />
    );
  return (
    <ShortForm
      state={save}
      action={session ? <Trans>Save</Trans> : <Trans>Prepare the agenda</Trans>}
      onSubmit={() => save.save(session?.version ?? null)}
      onCancel={() => onDone()}
    >
      {!session && here.session.sites.length > 1 && (
        <Select
          label={t`Site`}
          value={values.site}
          onChange={(site) => set({ site })}
          options={here.session.sites.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      <div className="pair">
        <DateField
          label={t`On`}
          hint={values.date ? fullDate(values.date) : undefined}
          value={values.date}
          onChange={(date) => set({ date })}
          required
          error={issueFor(save.error, 'date')}
        />
        <label className="field">
          <span className="label">
            <Trans>Starts at (optional)</Trans>
          </span>
          <input
            className="input input-short"
            type="time"
            value={values.starts_at}
            onChange={(event) => set({ starts_at: event.target.value })}
          />
        </label>
        <TextField
          label={t`Minutes the consultant has`}
          type="number"
          inputMode="numeric"
          short
          min={1}
          max={480}
          value={values.minutes}
          onChange={(minutes) => set({ minutes })}
          required
          error={issueFor(save.error, 'minutes')}
        />
      </div>
      <Select
        label={t`Psychiatric consultant`}
        value={chosen}
        onChange={(consultant) => set({ consultant })}
        options={(consultants.data?.items ?? []).map((one) => ({ value: one.id, label: one.display_name }))}
        error={issueFor(save.error, 'consultant_id')}
      />
      <Choices
        label={t`Care managers who come`}
        hint={t`Their caseloads make the agenda. Nobody chosen: everybody's at the site.`}
        value={values.managers}
        onChange={(list) => set({ managers: list })}
        options={(managers.data?.items ?? []).map((one) => ({ value: one.id, label: one.display_name }))}
        error={issueFor(save.error, 'attendees')}
      />
    </ShortForm>
  );
}
