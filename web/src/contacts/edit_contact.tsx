// Mending a stored contact: the note, the minutes, the next date. The server keeps the original.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Contact } from '../api/types';
import { useSave } from '../app/save';
import { Conflict } from '../ui/conflict';
import { plainDate } from '../ui/dates';
import { DateField, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';

interface Draft {
  note: string;
  minutes: string;
  next: string;
}
const draftOf = (contact: Contact): Draft => ({
  note: contact.note ?? '',
  minutes: contact.minutes == null ? '' : String(contact.minutes),
  next: contact.next_due_date ?? '',
});

export function EditContact({
  patient,
  contact,
  onDone,
}: {
  patient: string;
  contact: Contact | undefined;
  onDone: () => void;
}) {
  // The ground of the edit: a live update behind this form must not make an old edit look fresh.
  const [before] = useState(contact);
  const [draft, setDraft] = useState<Draft>(() =>
    contact ? draftOf(contact) : { note: '', minutes: '', next: '' },
  );
  const save = useSave(
    ({ version, values }: { version: number; values: Draft }) =>
      call(
        client.PATCH('/api/v1/patients/{patient_id}/contacts/{contact_id}', {
          params: { path: { patient_id: patient, contact_id: before!.id }, header: ifMatch(version) },
          body: {
            note: values.note,
            minutes: values.minutes === '' ? null : Number(values.minutes),
            next_due_date: values.next || null,
          },
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Saved. The first wording is kept.`);
      onDone();
    },
  );
  if (!before) return <Empty title={t`This is not here.`} />;
  const theirs = save.theirs as unknown as Contact | null;
  if (theirs) {
    const other = draftOf(theirs);
    const date = (value: string) => (value ? plainDate(value) : '');
    return (
      <Conflict
        fields={[
          { key: 'note', label: t`Note`, theirs: other.note, yours: draft.note, joinable: true },
          { key: 'minutes', label: t`Minutes`, theirs: other.minutes, yours: draft.minutes },
          { key: 'next', label: t`Next contact`, theirs: date(other.next), yours: date(draft.next) },
        ]}
        onResolve={(values) => {
          const merged = {
            note: values.note ?? '',
            minutes: values.minutes ?? '',
            next: values.next === date(other.next) ? other.next : draft.next,
          };
          setDraft(merged);
          save.save({ version: theirs.version, values: merged });
        }}
        onCancel={save.reset}
      />
    );
  }
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save({ version: before.version, values: draft })}
      onCancel={onDone}
    >
      <TextArea
        label={t`Note`}
        value={draft.note}
        onChange={(note) => set({ note })}
        rows={7}
        error={issueFor(save.error, 'note')}
      />
      <div className="pair">
        <TextField
          label={t`Minutes`}
          type="number"
          inputMode="numeric"
          short
          min={0}
          value={draft.minutes}
          onChange={(minutes) => set({ minutes })}
          error={issueFor(save.error, 'minutes')}
        />
        <DateField
          label={t`Next contact`}
          value={draft.next}
          onChange={(next) => set({ next })}
          error={issueFor(save.error, 'next_due_date')}
        />
      </div>
    </ShortForm>
  );
}
