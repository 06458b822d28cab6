// What the consultant writes: notes, and each recommendation with what, to whom, how soon. Kept as a draft while
// it is written; signing makes it part of the record and sends it.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client, create } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { NewRecommendation, ReviewDraft, ReviewQuestion, TeamMember, Treatment } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { timeOf } from '../ui/dates';
import { DateField, Select, TextArea, TextField } from '../ui/field';
import { ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { options, roleWords, word } from '../ui/words';
import { blankRecommendation, type DraftWords, useReviewDraft, wordsOf, worthKeeping } from './draft';
import { draftWords, isBlank, recommendationKindWords, toWords, urgencyWords, WITH_MEDICINE } from './words';

interface Props {
  patient: string;
  session?: string;
  draft: ReviewDraft | null | undefined;
  questions: ReviewQuestion[];
  team: TeamMember[];
  treatments: Treatment[];
  /** given for a review outside of a session: its day may be an earlier one */
  today?: string;
  onSigned: () => void;
  onCancel?: () => void;
}

/** Who it goes to, by name where the care team has one. */
function recipient(role: string, team: TeamMember[]) {
  const member = team.find((one) => one.role === role && !one.until);
  return member ? member.name : word(toWords, role) || word(roleWords, role);
}

/** What signing will do, in a plain sentence: it leaves the writer's hands. */
export function signingWords(recommendations: NewRecommendation[], questions: number, team: TeamMember[]) {
  const sent = recommendations.filter((one) => one.to_role);
  const names = [...new Set(sent.map((one) => recipient(one.to_role!, team)))];
  const parts = [];
  if (sent.length) {
    const to = new Intl.ListFormat(document.documentElement.lang || 'en', { type: 'conjunction' }).format(
      names,
    );
    parts.push(
      plural(sent.length, {
        one: `Signing sends the recommendation to ${to}.`,
        other: `Signing sends # recommendations to ${to}.`,
      }),
    );
  } else parts.push(t`Signing records the review; nobody is asked to act.`);
  if (questions)
    parts.push(plural(questions, { one: 'It answers the question.', other: 'It answers # questions.' }));
  return parts.join(' ');
}

export function Builder({
  patient,
  session,
  draft: loaded,
  questions,
  team,
  treatments,
  today,
  onSigned,
  onCancel,
}: Props) {
  const { zone } = useHere();
  const cache = useQueryClient();
  const draft = useReviewDraft(patient, session, loaded);
  const { words, change } = draft;
  // One empty row stands ready; the row that is open is the one being written.
  const rows = words.recommendations.length ? words.recommendations : [blankRecommendation()];
  const [open, setOpen] = useState(rows.length - 1);
  const [date, setDate] = useState(today ?? '');
  const set = (index: number, part: Partial<NewRecommendation>) =>
    change({ recommendations: rows.map((one, at) => (at === index ? { ...one, ...part } : one)) });

  const sign = useSave(
    async (body: DraftWords & { date?: string }) => {
      await draft.settle();
      const whole = {
        ...(body.date ? { date: body.date } : {}),
        ...(session ? { session_id: session } : {}),
        // What was asked stands with the review, in the words of whoever asked.
        question: body.question.trim() || questions.map((one) => one.question).join('\n\n'),
        notes: body.notes.trim(),
        question_ids: questions.map((one) => one.id),
        recommendations: body.recommendations.map((one) => ({
          ...one,
          medication: WITH_MEDICINE.includes(one.kind) ? one.medication : undefined,
          dose: WITH_MEDICINE.includes(one.kind) ? one.dose : undefined,
        })),
      };
      return create(`${patient}/reviews`, whole, (key) =>
        client.POST('/api/v1/patients/{patient_id}/reviews', {
          params: { path: { patient_id: patient }, header: key },
          body: whole,
        }),
      );
    },
    async (review) => {
      draft.end();
      await Promise.all([refreshPatient(patient), cache.invalidateQueries({ queryKey: ['reviews'] })]);
      const sent = (review.recommendations ?? []).filter((one) => one.state === 'sent').length;
      say(
        sent
          ? plural(sent, {
              one: 'Signed. One recommendation is on its way.',
              other: 'Signed. # recommendations are on their way.',
            })
          : t`Signed.`,
      );
      onSigned();
    },
  );

  const kept = worthKeeping(words);
  const ready = kept.recommendations.length > 0 || words.notes.trim() !== '';
  if (draft.theirs) {
    const theirs = wordsOf(draft.theirs);
    const row = draft.theirs;
    return (
      <Conflict
        fields={[
          { key: 'notes', label: t`Notes`, theirs: theirs.notes, yours: words.notes, joinable: true },
          {
            key: 'question',
            label: t`Question`,
            theirs: theirs.question,
            yours: words.question,
            joinable: true,
          },
          {
            key: 'recommendations',
            label: t`Recommendations`,
            theirs: theirs.recommendations.map(draftWords).join('\n'),
            yours: kept.recommendations.map(draftWords).join('\n'),
            joinable: true,
          },
        ]}
        onResolve={(values) => {
          const mine = kept.recommendations.map(draftWords).join('\n');
          const other = theirs.recommendations.map(draftWords).join('\n');
          draft.keepMine(row, {
            notes: values.notes ?? words.notes,
            question: values.question ?? words.question,
            recommendations:
              values.recommendations === mine
                ? kept.recommendations
                : values.recommendations === other
                  ? theirs.recommendations
                  : [...theirs.recommendations, ...kept.recommendations],
          });
        }}
        onCancel={() => draft.take(row)}
      />
    );
  }
  return (
    <form
      className="builder"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) sign.save({ ...kept, date: today ? date : undefined });
      }}
    >
      {!!sign.error && <ProblemNote error={sign.error} focus />}
      {today && <DateField label={t`Reviewed on`} value={date} onChange={setDate} max={today} required />}
      {questions.length === 0 && (
        <TextField label={t`Question`} value={words.question} onChange={(question) => change({ question })} />
      )}
      <TextArea label={t`Notes`} rows={3} value={words.notes} onChange={(notes) => change({ notes })} />
      <fieldset className="builder-rows">
        <legend>
          <Trans>Recommendations</Trans>
        </legend>
        {rows.map((one, index) =>
          index === Math.min(open, rows.length - 1) ? (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name before they are stored
              key={index}
              row={one}
              treatments={treatments}
              team={team}
              onChange={(part) => set(index, part)}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <p key={index} className="builder-done">
              <button type="button" className="text-button" onClick={() => setOpen(index)}>
                {isBlank(one) ? t`Empty` : draftWords(one)}
              </button>{' '}
              <span className="small soft">{one.to_role && recipient(one.to_role, team)}</span>
            </p>
          ),
        )}
        <div className="row">
          <Button
            small
            isDisabled={isBlank(rows.at(-1)!)}
            onPress={() => {
              change({ recommendations: [...rows, blankRecommendation()] });
              setOpen(rows.length);
            }}
          >
            <Trans>One more</Trans>
          </Button>
          {(rows.length > 1 || !isBlank(rows[0]!)) && (
            <Button
              small
              look="quiet"
              onPress={() => {
                change({ recommendations: rows.filter((_, at) => at !== Math.min(open, rows.length - 1)) });
                setOpen(Math.max(0, rows.length - 2));
              }}
            >
              <Trans>Take this one away</Trans>
            </Button>
          )}
        </div>
      </fieldset>
      <div className="builder-foot">
        {ready && <p className="small">{signingWords(kept.recommendations, questions.length, team)}</p>}
        <div className="row">
          <Button look="primary" type="submit" isDisabled={!ready} isPending={sign.saving}>
            <Trans>Sign and send</Trans>
          </Button>
          {onCancel && (
            <Button look="quiet" onPress={onCancel}>
              <Trans>Cancel</Trans>
            </Button>
          )}
          <span className="small soft" role="status">
            {draft.state === 'saved' && draft.savedAt
              ? t`Draft kept ${timeOf(draft.savedAt, zone())}`
              : draft.state === 'failed'
                ? ''
                : draft.state === 'saving' || draft.state === 'waiting'
                  ? t`Keeping the draft`
                  : ''}
          </span>
        </div>
        {draft.state === 'failed' && (
          <p className="small need-overdue hue">
            <Trans>The draft is not kept yet.</Trans>{' '}
            <button type="button" className="text-button" onClick={draft.retry}>
              <Trans>Try again</Trans>
            </button>
          </p>
        )}
      </div>
    </form>
  );
}

function Row({
  row,
  treatments,
  team,
  onChange,
}: {
  row: NewRecommendation;
  treatments: Treatment[];
  team: TeamMember[];
  onChange: (part: Partial<NewRecommendation>) => void;
}) {
  const medicine = WITH_MEDICINE.includes(row.kind);
  const running = treatments.filter((one) => !one.stop_date && one.kind === 'medication');
  return (
    <div className="builder-row">
      <div className="builder-pair">
        <Select
          label={t`What`}
          value={row.kind}
          onChange={(kind) => {
            // A change of dose speaks of the medicine that runs, when there is just one.
            const only = running.length === 1 ? running[0]! : null;
            const speaks = ['increase', 'taper'].includes(kind) && only && !row.medication;
            onChange({
              kind,
              ...(speaks ? { medication: only.name, treatment_id: only.id } : {}),
              ...(kind === 'continue' ? { to_role: '' } : !row.to_role ? { to_role: 'pcp' } : {}),
            });
          }}
          options={options(recommendationKindWords)}
          blank={row.kind ? undefined : t`Choose`}
        />
        <Select
          label={t`To`}
          value={row.to_role ?? ''}
          onChange={(to_role) => onChange({ to_role })}
          options={[
            ...Object.keys(toWords).map((role) => {
              const name = recipient(role, team);
              const title = word(toWords, role);
              return { value: role, label: name === title ? title : `${name}, ${title}` };
            }),
            { value: '', label: t`For the record` },
          ]}
        />
      </div>
      {medicine && (
        <div className="builder-pair">
          <TextField
            label={t`Medicine`}
            value={row.medication ?? ''}
            onChange={(medication) =>
              onChange({
                medication,
                treatment_id:
                  running.find((one) => one.name.toLowerCase() === medication.trim().toLowerCase())?.id ??
                  null,
              })
            }
          />
          <TextField
            label={row.kind === 'increase' ? t`To dose` : t`Dose`}
            value={row.dose ?? ''}
            onChange={(dose) => onChange({ dose })}
          />
        </div>
      )}
      <TextArea
        label={medicine ? t`Words (optional)` : t`Words`}
        rows={2}
        value={row.text ?? ''}
        onChange={(text) => onChange({ text })}
      />
      {row.to_role && (
        <Choice
          label={t`Needed`}
          hideLabel
          quiet
          value={row.urgency ?? 'routine'}
          onChange={(urgency) => onChange({ urgency })}
          options={options(urgencyWords)}
        />
      )}
    </div>
  );
}
