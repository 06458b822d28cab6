// What happened when: a line in the chart, written by who runs the program. Ended ones are kept and no longer drawn.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { act, make } from '../api/ask';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { DateField, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { type Annotation, type FigurePage, PATH } from './queries';

const again = () => queryClient.invalidateQueries({ queryKey: ['reports'] });

export function Annotations({ page }: { page: FigurePage }) {
  const { can, today } = useHere();
  const [open, setOpen] = useState<'new' | Annotation | null>(null);
  const notes = page.annotations.filter((one) => !one.ended_at);
  const may = can('reports.settings');
  if (!notes.length && !may) return null;
  return (
    <div className="stack-tight">
      {notes.length > 0 && (
        <ul className="annotations small">
          {notes.map((one) => (
            <li key={one.id}>
              <When date={one.date} today={today()} /> {one.text}{' '}
              <span className="soft">{[one.site?.name, one.by.name].filter(Boolean).join(', ')}</span>
              {may && (
                <span className="no-print">
                  {' '}
                  <Button
                    small
                    look="quiet"
                    aria-label={t`Take out: ${one.text}`}
                    onPress={() => setOpen(one)}
                  >
                    <Trans>Take out</Trans>
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {may && (
        <div className="no-print">
          <Button small look="quiet" onPress={() => setOpen('new')}>
            <Trans>Note what happened</Trans>
          </Button>
        </div>
      )}
      {open === 'new' && <NewNote figure={page.figure.id} onClose={() => setOpen(null)} />}
      {open && open !== 'new' && <EndNote note={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function NewNote({ figure, onClose }: { figure: string; onClose: () => void }) {
  const { today } = useHere();
  const [date, setDate] = useState(today());
  const [text, setText] = useState('');
  const save = useSave(
    () => make<Annotation>(`${PATH}/annotations`, { date, text: text.trim(), figure }),
    async () => {
      say(t`It stands in the chart.`);
      onClose();
      await again();
    },
  );
  return (
    <Sheet title={t`Note what happened`} onClose={onClose}>
      <ShortForm
        state={save}
        action={<Trans>Save</Trans>}
        disabled={!text.trim()}
        onSubmit={() => save.save(undefined as never)}
        onCancel={onClose}
      >
        <DateField
          label={t`When`}
          value={date}
          onChange={setDate}
          max={today()}
          error={issueFor(save.error, 'date')}
        />
        <TextField
          label={t`What`}
          hint={t`A few words, without anybody’s name: “second care manager started”.`}
          value={text}
          onChange={setText}
          required
          autoFocus
          error={issueFor(save.error, 'text')}
        />
      </ShortForm>
    </Sheet>
  );
}

function EndNote({ note, onClose }: { note: Annotation; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const save = useSave(
    () => act('POST', `${PATH}/annotations/${note.id}/end`, { reason: reason.trim() }, note.version),
    async () => {
      say(t`It is no longer drawn.`);
      onClose();
      await again();
    },
  );
  return (
    <Sheet title={t`Take out`} subtitle={note.text} onClose={onClose}>
      <ShortForm
        state={save}
        action={<Trans>Take out</Trans>}
        disabled={!reason.trim()}
        onSubmit={() => save.save(undefined as never)}
        onCancel={onClose}
      >
        <TextField
          label={t`Because`}
          value={reason}
          onChange={setReason}
          required
          autoFocus
          error={issueFor(save.error, 'reason')}
        />
      </ShortForm>
    </Sheet>
  );
}
