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
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import './score_entry.css';

export interface ScoreDraft {
  instrument: string;
  how: 'items' | 'total';
  answers: Record<string, number | null>;
  /** Items that had to be asked, answered or not: a blank is sent as a blank. */
  asked: string[];
  total: string;
  subscales: Record<string, string>;
}
export const emptyDraft = (instrument: string): ScoreDraft => ({
  instrument,
  how: 'items',
  answers: {},
  asked: [],
  total: '',
  subscales: {},
});

/** What to send, or null while nothing was entered. */
export function draftBody(draft: ScoreDraft, more: Partial<NewMeasurement>): NewMeasurement | null {
  const filled = Object.entries(draft.subscales).filter(([, value]) => value.trim() !== '');
  if (draft.how === 'total') {
    if (draft.total.trim() === '' && filled.length === 0) return null;
    return {
      ...more,
      instrument: draft.instrument,
      total: draft.total.trim() === '' ? null : Number(draft.total),
      ...(filled.length
        ? { subscales: Object.fromEntries(filled.map(([id, value]) => [id, Number(value)])) }
        : {}),
    };
  }
  if (Object.values(draft.answers).every((value) => value === null)) return null;
  const blanks = Object.fromEntries(draft.asked.map((item) => [item, null]));
  return { ...more, instrument: draft.instrument, answers: { ...blanks, ...draft.answers } };
}

export function safetyAnswered(draft: ScoreDraft, instrument: Instrument | undefined) {
  return (
    draft.how === 'items' &&
    !!instrument?.items.some((item) => item.safety && (draft.answers[item.id] ?? 0) > 0)
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
          Stay with the person and ask now. Saving puts it on the caseload with a clock. Danger now:{' '}
          <a href="tel:911">911</a>. To talk any time: call or text <a href="tel:988">988</a>.
        </Trans>
      </p>
    </div>
  );
}

interface Props {
  draft: ScoreDraft;
  onChange: (draft: ScoreDraft) => void;
  /** the language it is asked in */
  language: string;
  /** with its own instrument picker */
  pick?: boolean;
  error?: string;
}

export function ScoreEntry({ draft, onChange, language, pick = true, error }: Props) {
  const list = useQuery(instrumentsQuery);
  const instrument = useQuery({
    ...instrumentQuery(draft.instrument, language),
    enabled: !!draft.instrument,
  });
  const heads = (list.data?.items ?? []).filter((head) => head.may_start);
  const byItem = instrument.data?.entry !== 'total';
  const how = byItem ? draft.how : 'total';
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
            onChange={(id) => onChange({ ...emptyDraft(id), how: draft.how })}
            options={heads.map((head) => ({ value: head.id, label: head.short_title }))}
            blank={draft.instrument ? undefined : t`Choose`}
          />
        )}
        {byItem && instrument.data?.total_max != null && (
          <Choice
            label={t`How to enter`}
            value={how}
            onChange={(value) => onChange({ ...draft, how: value as ScoreDraft['how'] })}
            options={choices}
          />
        )}
      </div>
      {error && <p className="field-error">{error}</p>}
      {unreadable(instrument) && (
        <ProblemNote error={instrument.error} onRetry={() => void instrument.refetch()} />
      )}
      {instrument.isPending && draft.instrument && <Skeleton rows={4} widths={[60, 30]} />}
      {instrument.data && how === 'items' && (
        <Items instrument={instrument.data} draft={draft} onChange={onChange} />
      )}
      {instrument.data && how === 'total' && (
        <Totals instrument={instrument.data} draft={draft} onChange={onChange} />
      )}
      {safetyAnswered(draft, instrument.data) && <SafetyNotice />}
    </div>
  );
}

interface PartProps {
  instrument: Instrument;
  draft: ScoreDraft;
  onChange: (draft: ScoreDraft) => void;
}

function Totals({ instrument, draft, onChange }: PartProps) {
  const safety = instrument.items.some((item) => item.safety);
  const least = instrument.total_min ?? 0;
  const most = instrument.total_max;
  return (
    <>
      <TextField
        label={t`Total`}
        type="number"
        inputMode="decimal"
        short
        min={least}
        max={most ?? undefined}
        hint={
          most != null
            ? safety
              ? t`${least} to ${most}. A total alone cannot show the answer about self-harm.`
              : t`${least} to ${most}`
            : undefined
        }
        value={draft.total}
        onChange={(total) => onChange({ ...draft, how: 'total', total })}
      />
      {!!instrument.subscales?.length && (
        <div className="pair">
          {instrument.subscales.map((scale) => (
            <TextField
              key={scale.id}
              label={scale.title}
              type="number"
              inputMode="decimal"
              short
              min={scale.min ?? 0}
              max={scale.max ?? undefined}
              value={draft.subscales[scale.id] ?? ''}
              onChange={(value) =>
                onChange({ ...draft, how: 'total', subscales: { ...draft.subscales, [scale.id]: value } })
              }
            />
          ))}
        </div>
      )}
    </>
  );
}

/** A gate of the questionnaire: these answers make the item not apply. */
export function isSkipped(item: Instrument['items'][number], answers: ScoreDraft['answers']) {
  return !!item.skip_when?.some(
    (group) => group.length > 0 && group.every((when) => answers[when.item] === when.equals),
  );
}

type Item = Instrument['items'][number];
const isShared = (item: Item, scale: Item['options'] | null) =>
  !!scale &&
  item.options.length === scale.length &&
  item.options.every((option, index) => option.label === scale[index]!.label);

/** Two answers need no key: their words stand on the buttons. */
const isPair = (scale: Item['options'] | null) => scale?.length === 2;

/** The answers most items share; they are said once, and the items then show only their numbers. */
export function sharedScale(instrument: Instrument): Item['options'] | null {
  const first = instrument.items[0]?.options;
  if (!first || first.length > 5) return null;
  return instrument.items.filter((item) => isShared(item, first)).length > 2 ? first : null;
}

function Items({ instrument, draft, onChange }: PartProps) {
  const id = useId();
  const asked = instrument.items.filter((item) => !isSkipped(item, draft.answers));
  const answered = asked.filter((item) => draft.answers[item.id] != null).length;
  const scale = sharedScale(instrument);
  const answer = (link: string, value: number | null) => {
    const answers = { ...draft.answers, [link]: value };
    const must = instrument.items.filter(
      (item) => item.scored && !item.optional && !isSkipped(item, answers),
    );
    onChange({ ...draft, how: 'items', answers, asked: must.map((item) => item.id) });
  };
  return (
    <fieldset className="items">
      <legend className="small soft">{instrument.stem}</legend>
      {scale && !isPair(scale) && (
        <ul className="scale small soft">
          {scale.map((option) => (
            <li key={option.value}>
              <span className="strong">{option.value}</span> {option.label}
            </li>
          ))}
        </ul>
      )}
      {asked.map((item, index) => (
        <RadioGroup
          key={item.id}
          className="item"
          aria-labelledby={`${id}-${index}`}
          value={draft.answers[item.id] == null ? '' : String(draft.answers[item.id])}
          onChange={(value) => answer(item.id, Number(value))}
        >
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys come from the radios inside */}
          <div
            className={isShared(item, scale) ? 'item-row item-brief' : 'item-row'}
            // Digits answer and walk on, so that a phone call needs one hand.
            onKeyDown={(event) => {
              const option = item.options.find(
                (one) =>
                  String(one.value) === event.key ||
                  (item.options.length === 2 && one.label.toLowerCase().startsWith(event.key.toLowerCase())),
              );
              if (!option || event.ctrlKey || event.metaKey || event.altKey) return;
              event.preventDefault();
              answer(item.id, option.value);
              const group = event.currentTarget.parentElement?.nextElementSibling;
              group?.querySelector<HTMLElement>('input:checked, input')?.focus();
            }}
          >
            <span id={`${id}-${index}`} className="item-text">
              {item.lead_in && <span className="soft block-words">{item.lead_in}</span>}
              {item.number || `${index + 1}.`} {item.text}
              {item.optional && <span className="soft small"> {t`(optional)`}</span>}
            </span>
            <div className="item-options">
              {item.options.map((option) => (
                <Radio key={option.value} value={String(option.value)} className="choice item-choice">
                  {isPair(scale) && isShared(item, scale) ? (
                    option.label
                  ) : (
                    <>
                      <span className="strong">{option.value}</span>{' '}
                      <span className="small item-label">{option.label}</span>
                    </>
                  )}
                </Radio>
              ))}
            </div>
          </div>
        </RadioGroup>
      ))}
      <p className="small soft" role="status">
        {t`${answered} of ${asked.length} answered`}
      </p>
    </fieldset>
  );
}
