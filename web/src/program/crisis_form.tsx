// The program's own numbers and hours, in both languages, and beside it what patients see.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { act } from '../api/ask';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { say } from '../ui/toast';
import { type Words, word } from '../ui/words';
import type { Both, Crisis, CrisisLine } from './queries';

const missingWords: Words = {
  clinic_phone: msg`The site has no phone number yet.`,
  clinic_hours: msg`The hours are not written in both languages yet.`,
  read_when: msg`It does not say yet when somebody reads answers and messages.`,
};
const MOST = 6;
const none: Both = { en: '', es: '' };
const both = (pair: Both | null) => pair ?? none;
const kept = (pair: Both) =>
  pair.en.trim() || pair.es.trim() ? { en: pair.en.trim(), es: pair.es.trim() } : null;
const newLine = (): CrisisLine => ({ label: { ...none }, number: '', sms: null, text: null, hours: null });

function Pair({
  label,
  value,
  onChange,
  required,
  hint,
  error,
}: {
  label: string;
  value: Both;
  onChange: (value: Both) => void;
  required?: boolean;
  hint?: string;
  error?: string;
}) {
  return (
    <div className="pair">
      <TextField
        label={t`${label} (English)`}
        hint={hint}
        value={value.en}
        onChange={(en) => onChange({ ...value, en })}
        required={required}
        error={error}
      />
      <TextField
        label={t`${label} (Spanish)`}
        hint={hint}
        value={value.es}
        onChange={(es) => onChange({ ...value, es })}
        required={required}
      />
    </div>
  );
}

export function CrisisForm({ crisis }: { crisis: Crisis }) {
  const [lines, setLines] = useState(crisis.lines);
  const [readWhen, setReadWhen] = useState(both(crisis.read_when));
  const [hours, setHours] = useState(both(crisis.clinic_hours));
  const [shown, setShown] = useState<'en' | 'es'>('en');
  const save = useSave(
    (version: number) =>
      act<Crisis>(
        'PATCH',
        `/api/v1/sites/${crisis.site_id}/crisis`,
        {
          lines: lines.map((line) => ({
            label: kept(line.label),
            number: line.number.trim(),
            sms: line.sms?.trim() || null,
            text: line.text && kept(line.text),
            hours: line.hours && kept(line.hours),
          })),
          read_when: kept(readWhen),
          clinic_hours: kept(hours),
        },
        version,
      ),
    async () => {
      say(t`Kept. Patients see it at once.`);
      await queryClient.invalidateQueries({ queryKey: ['program', 'crisis'] });
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  const set = (index: number, change: Partial<CrisisLine>) =>
    setLines(lines.map((line, at) => (at === index ? { ...line, ...change } : line)));
  const help = crisis.help[shown];
  return (
    <div className="crisis-grid">
      <ShortForm
        state={save}
        action={<Trans>Save</Trans>}
        onSubmit={() => save.save(theirs ?? crisis.version)}
      >
        {theirs !== undefined && (
          <p className="note" role="alert">
            <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>{' '}
            <Trans>Save again to put yours on top.</Trans>
          </p>
        )}
        {crisis.missing.length > 0 && (
          <ul className="note">
            {crisis.missing.map((one) => (
              <li key={one}>{word(missingWords, one)}</li>
            ))}
          </ul>
        )}
        <Pair
          label={t`When somebody reads`}
          hint={t`“On weekdays before 5 pm”`}
          value={readWhen}
          onChange={setReadWhen}
        />
        <Pair label={t`Hours of the clinic`} value={hours} onChange={setHours} />
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no id before they are kept; they never move
          <fieldset key={index} className="crisis-line stack">
            <legend>{t`Number ${index + 1}`}</legend>
            <Pair label={t`Name`} value={line.label} onChange={(label) => set(index, { label })} required />
            <div className="pair">
              <TextField
                label={t`Phone number`}
                type="tel"
                value={line.number}
                onChange={(number) => set(index, { number })}
                required
              />
              <TextField
                label={t`Number for text messages`}
                type="tel"
                value={line.sms ?? ''}
                onChange={(sms) => set(index, { sms: sms || null })}
              />
            </div>
            <Pair
              label={t`Hours`}
              value={both(line.hours)}
              onChange={(value) => set(index, { hours: value })}
            />
            <Pair
              label={t`A word about it`}
              value={both(line.text)}
              onChange={(text) => set(index, { text })}
            />
            <div>
              <Button
                small
                look="quiet"
                onPress={() => setLines(lines.filter((_, at) => at !== index))}
                aria-label={t`Remove: number ${index + 1}`}
              >
                <Trans>Remove</Trans>
              </Button>
            </div>
          </fieldset>
        ))}
        {lines.length < MOST && (
          <div>
            <Button small onPress={() => setLines([...lines, newLine()])}>
              <Trans>Add a number</Trans>
            </Button>
          </div>
        )}
      </ShortForm>
      <section className="stack-tight" aria-label={t`What patients see`}>
        <div className="row-apart">
          <h2>
            <Trans>What patients see</Trans>
          </h2>
          <Choice
            label={t`Language`}
            hideLabel
            quiet
            value={shown}
            onChange={(value) => setShown(value as 'en')}
            options={[
              { value: 'en', label: 'English' },
              { value: 'es', label: 'Español' },
            ]}
          />
        </div>
        <div className="crisis-seen" lang={shown}>
          <h3>{help.title}</h3>
          {help.outside_text && <p>{help.outside_text}</p>}
          <p>{help.intro}</p>
          <ul className="stack-tight">
            {help.lines.map((line) => (
              <li key={line.id + line.number}>
                <span className="strong">
                  {line.label} {line.number}
                </span>
                <span className="soft block-words">{[line.text, line.hours].filter(Boolean).join(' ')}</span>
              </li>
            ))}
          </ul>
          <p className="soft">
            {help.read_when} {help.not_watched}
          </p>
        </div>
      </section>
    </div>
  );
}
