// Entering one score: item by item as it is asked, or the total on a sheet of paper. The server scores.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { instrumentQuery, instrumentsQuery } from '../api/queries';
import type { Instrument, NewMeasurement } from '../api/types';
import { Choice } from '../ui/choice';
import { Select, TextField } from '../ui/field';
import { NeedIcon } from '../ui/icons';
import { ProblemNote, Skeleton } from '../ui/states';
import { instrumentName } from '../ui/words';
import './score_entry.css';

export interface ScoreDraft {
  instrument: string;
  how: 'items' | 'total' | 'subscales';
  answers: Record<string, number | null>;
  total: string;
  subscales: Record<string, string>;
}
export const emptyDraft = (instrument: string): ScoreDraft => ({
  instrument,
  how: 'items',
  answers: {},
  total: '',
  subscales: {},
});

/** What to send, or null while nothing was entered. */
export function draftBody(draft: ScoreDraft, more: Pick<NewMeasurement, 'mode'> & Partial<NewMeasurement>): NewMeasurement | null {
  if (draft.how === 'total') {
    if (draft.total.trim() === '') return null;
    return { ...more, instrument: draft.instrument, total: Number(draft.total) };
  }
  if (draft.how === 'subscales') {
    const filled = Object.entries(draft.subscales).filter(([, value]) => value.trim() !== '');
    if (filled.length === 0) return null;
    return { ...more, instrument: draft.instrument, subscales: Object.fromEntries(filled.map(([id, value]) => [id, Number(value)])) };
  }
  if (Object.values(draft.answers).every((value) => value === null)) return null;
  return { ...more, instrument: draft.instrument, answers: draft.answers };
}

export function safetyAnswered(draft: ScoreDraft, instrument: Instrument | undefined) {
  return (
    draft.how === 'items' &&
    !!instrument?.items.some((item) => item.safety && (draft.answers[item.link_id] ?? 0) > 0)
  );
}

export function SafetyNotice() {
  return (
    <div className="note need-safety" role="status">
      <h3 className="row">
        <NeedIcon need="safety" />
        <Trans>This answer is about self-harm.</Trans>
      </h3>
      <p>
        <Trans>
          Stay with the person and ask now. Saving puts it on the caseload with a clock. Danger now: <a href="tel:911">911</a>. To
          talk any time: call or text <a href="tel:988">988</a>.
        </Trans>
      </p>
    </div>
  );
}

interface Props {
  draft: ScoreDraft;
  onChange: (draft: ScoreDraft) => void;
  /** with its own instrument picker */
  pick?: boolean;
  error?: string;
}

export function ScoreEntry({ draft, onChange, pick = true, error }: Props) {
  const list = useQuery(instrumentsQuery);
  const instrument = useQuery({ ...instrumentQuery(draft.instrument), enabled: !!draft.instrument });
  const heads = (list.data?.items ?? []).filter((head) => head.enabled !== false);
  const entry = instrument.data?.entry ?? 'items';
  const how = entry === 'items' ? (draft.how === 'subscales' ? 'items' : draft.how) : entry;
  const choices = [
    { value: 'items', label: t`Answer by answer` },
    { value: 'total', label: t`Only the total` },
  ];
  return (
    <div className="stack">
      <div className="pair">
        {pick && (
          <Select
            label={t`Questionnaire`}
            value={draft.instrument}
            onChange={(id) => onChange({ ...emptyDraft(id), how: draft.how === 'subscales' ? 'items' : draft.how })}
            options={heads.map((head) => ({ value: head.id, label: head.title || instrumentName(head.id) }))}
            blank={draft.instrument ? undefined : t`Choose`}
          />
        )}
        {entry === 'items' && (
          <Choice label={t`How to enter`} value={how} onChange={(value) => onChange({ ...draft, how: value as ScoreDraft['how'] })} options={choices} />
        )}
      </div>
      {error && <p className="field-error">{error}</p>}
      {instrument.isError && <ProblemNote error={instrument.error} onRetry={() => void instrument.refetch()} />}
      {instrument.isPending && draft.instrument && <Skeleton rows={4} widths={[60, 30]} />}
      {instrument.data && how === 'items' && <Items instrument={instrument.data} draft={draft} onChange={onChange} />}
      {instrument.data && how === 'total' && (
        <TextField
          label={t`Total`}
          type="number"
          inputMode="numeric"
          short
          min={instrument.data.min_total ?? 0}
          max={instrument.data.max_total ?? undefined}
          hint={instrument.data.max_total != null ? t`0 to ${instrument.data.max_total}. A total alone cannot show the answer about self-harm.` : undefined}
          value={draft.total}
          onChange={(total) => onChange({ ...draft, how: 'total', total })}
        />
      )}
      {instrument.data && how === 'subscales' && (
        <div className="pair">
          {(instrument.data.subscales ?? []).map((scale) => (
            <TextField
              key={scale.id}
              label={scale.title}
              type="number"
              inputMode="numeric"
              short
              min={0}
              max={scale.max ?? undefined}
              value={draft.subscales[scale.id] ?? ''}
              onChange={(value) => onChange({ ...draft, how: 'subscales', subscales: { ...draft.subscales, [scale.id]: value } })}
            />
          ))}
        </div>
      )}
      {safetyAnswered(draft, instrument.data) && <SafetyNotice />}
    </div>
  );
}

function Items({ instrument, draft, onChange }: { instrument: Instrument; draft: ScoreDraft; onChange: (draft: ScoreDraft) => void }) {
  const id = useId();
  const answered = instrument.items.filter((item) => draft.answers[item.link_id] != null).length;
  const answer = (link: string, value: number | null) => onChange({ ...draft, how: 'items', answers: { ...draft.answers, [link]: value } });
  return (
    <fieldset className="items">
      <legend className="small soft">{instrument.stem}</legend>
      {instrument.items.map((item, index) => (
        <RadioGroup
          key={item.link_id}
          className="item"
          aria-labelledby={`${id}-${index}`}
          value={draft.answers[item.link_id] == null ? '' : String(draft.answers[item.link_id])}
          onChange={(value) => answer(item.link_id, Number(value))}
        >
          <div
            className="item-row"
            // Digits answer and walk on, so that a phone call needs one hand.
            onKeyDown={(event) => {
              const option = item.options.find((one) => String(one.value) === event.key);
              if (!option || event.ctrlKey || event.metaKey || event.altKey) return;
              event.preventDefault();
              answer(item.link_id, option.value);
              const group = event.currentTarget.parentElement?.nextElementSibling;
              group?.querySelector<HTMLElement>('input:checked, input')?.focus();
            }}
          >
            <span id={`${id}-${index}`} className="item-text">
              {index + 1}. {item.text}
            </span>
            <div className="item-options">
              {item.options.map((option) => (
                <Radio key={option.value} value={String(option.value)} className="choice item-choice">
                  <span className="strong">{option.value}</span> <span className="small">{option.text}</span>
                </Radio>
              ))}
            </div>
          </div>
        </RadioGroup>
      ))}
      <p className="small soft" role="status">
        {t`${answered} of ${instrument.items.length} answered`}
      </p>
    </fieldset>
  );
}
