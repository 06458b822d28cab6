// Writing a plan together: the words are the patient's, so every question is asked in plain words.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '../ui/button';
import { Choices } from '../ui/choice';
import { DateField, Select, TextArea, TextField } from '../ui/field';
import { issueFor } from '../ui/states';
import { languageWords, options } from '../ui/words';
import { emptyPhone, emptyStep, type PlanDraft, type PlanKind } from './content';
import { writtenWithWords } from './words';

/** The server names content fields "content.wants"; steps as "content.steps[0].text". */
function issue(error: unknown, field: string) {
  return issueFor(error, field) ?? contentIssue(error, field);
}
function contentIssue(error: unknown, field: string): string | undefined {
  const issues = (error as { problem?: { issues?: { path: string; text: string }[] } } | null)?.problem
    ?.issues;
  return issues?.find((one) =>
    one.path.replace(/^\//, '').replaceAll('/', '.').startsWith(`content.${field}`),
  )?.text;
}

export function PlanFields({
  kind,
  draft,
  onChange,
  error,
  today,
}: {
  kind: PlanKind;
  draft: PlanDraft;
  onChange: (draft: PlanDraft) => void;
  error: unknown;
  today: string;
}) {
  const set = (change: Partial<PlanDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      {kind === 'care_plan' ? (
        <>
          <TextArea
            label={t`What would you like to be different?`}
            hint={t`In the patient's own words`}
            value={draft.wants}
            onChange={(wants) => set({ wants })}
            error={issue(error, 'wants')}
            autoFocus
          />
          <TextArea
            label={t`How would you like to be treated, and how not?`}
            hint={t`Talking, medicine, both; by phone or here; who may know`}
            value={draft.preferences}
            onChange={(preferences) => set({ preferences })}
            rows={2}
            error={issue(error, 'preferences')}
          />
          <TextArea
            label={t`What is important to you, and gives you strength?`}
            value={draft.values}
            onChange={(values) => set({ values })}
            rows={2}
            error={issue(error, 'values')}
          />
          <TextArea
            label={t`Who and what supports you?`}
            value={draft.supports}
            onChange={(supports) => set({ supports })}
            rows={2}
            error={issue(error, 'supports')}
          />
          <TextArea
            label={t`What gets in the way?`}
            hint={t`Money, work, travel, children, side effects, worries`}
            value={draft.barriers}
            onChange={(barriers) => set({ barriers })}
            rows={2}
            error={issue(error, 'barriers')}
          />
          <Steps draft={draft} set={set} error={error} today={today} />
        </>
      ) : (
        <>
          <TextArea
            label={t`How would you notice first that it is coming back?`}
            hint={t`One sign a line`}
            value={draft.warning_signs}
            onChange={(warning_signs) => set({ warning_signs })}
            error={issue(error, 'warning_signs')}
            autoFocus
          />
          <TextArea
            label={t`What has helped you?`}
            hint={t`One thing a line`}
            value={draft.helps}
            onChange={(helps) => set({ helps })}
            error={issue(error, 'helps')}
          />
          <Phones draft={draft} set={set} error={error} />
          <TextArea
            label={t`What goes on, and until when?`}
            hint={t`Medicine with dose, sessions, monthly calls`}
            value={draft.maintenance}
            onChange={(maintenance) => set({ maintenance })}
            rows={2}
            error={issue(error, 'maintenance')}
          />
          <TextArea
            label={t`How do you come back to us?`}
            hint={t`Whom to call and what happens then; nobody has to start from zero`}
            value={draft.way_back}
            onChange={(way_back) => set({ way_back })}
            rows={2}
            error={issue(error, 'way_back')}
          />
        </>
      )}
      <div className="pair">
        <Choices
          label={t`Written with`}
          value={draft.written_with}
          onChange={(written_with) => set({ written_with })}
          options={options(writtenWithWords)}
          error={issue(error, 'written_with')}
        />
        <Select
          label={t`Written in`}
          value={draft.language}
          onChange={(language) => set({ language })}
          options={options(languageWords)}
          error={issue(error, 'language')}
        />
      </div>
    </>
  );
}

interface ListProps {
  draft: PlanDraft;
  set: (change: Partial<PlanDraft>) => void;
  error: unknown;
}

function Steps({ draft, set, error, today }: ListProps & { today: string }) {
  return (
    <fieldset className="stack-tight">
      <legend>
        <Trans>What do we do, who does it, by when?</Trans>
      </legend>
      {contentIssue(error, 'steps') && <span className="field-error">{contentIssue(error, 'steps')}</span>}
      {draft.steps.map((step, index) => {
        const change = (part: Partial<typeof step>) =>
          set({ steps: draft.steps.map((one, at) => (at === index ? { ...one, ...part } : one)) });
        const n = index + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is all a new step has
          <div key={index} className="plan-row">
            <TextField label={t`Step ${n}`} value={step.text} onChange={(text) => change({ text })} />
            <TextField label={t`Who`} value={step.who} onChange={(who) => change({ who })} />
            <DateField label={t`By`} value={step.by} onChange={(by) => change({ by })} min={today} />
            <Button
              small
              look="quiet"
              aria-label={t`Remove step ${n}`}
              isDisabled={draft.steps.length === 1}
              onPress={() => set({ steps: draft.steps.filter((_, at) => at !== index) })}
            >
              <Trans>Remove</Trans>
            </Button>
          </div>
        );
      })}
      <div>
        <Button small onPress={() => set({ steps: [...draft.steps, emptyStep] })}>
          <Trans>One more step</Trans>
        </Button>
      </div>
    </fieldset>
  );
}

function Phones({ draft, set, error }: ListProps) {
  return (
    <fieldset className="stack-tight">
      <legend>
        <Trans>Whom do you call?</Trans>
      </legend>
      {contentIssue(error, 'contacts') && (
        <span className="field-error">{contentIssue(error, 'contacts')}</span>
      )}
      {draft.contacts.map((one, index) => {
        const change = (part: Partial<typeof one>) =>
          set({ contacts: draft.contacts.map((each, at) => (at === index ? { ...each, ...part } : each)) });
        const n = index + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is all a new line has
          <div key={index} className="plan-row">
            <TextField label={t`Name ${n}`} value={one.name} onChange={(name) => change({ name })} />
            <TextField
              label={t`Phone`}
              type="tel"
              value={one.phone}
              onChange={(phone) => change({ phone })}
            />
            <TextField label={t`When`} value={one.when} onChange={(when) => change({ when })} />
            <Button
              small
              look="quiet"
              aria-label={t`Remove name ${n}`}
              isDisabled={draft.contacts.length === 1}
              onPress={() => set({ contacts: draft.contacts.filter((_, at) => at !== index) })}
            >
              <Trans>Remove</Trans>
            </Button>
          </div>
        );
      })}
      <div>
        <Button small onPress={() => set({ contacts: [...draft.contacts, emptyPhone] })}>
          <Trans>One more</Trans>
        </Button>
      </div>
      <p className="small soft">
        <Trans>988 and 911 stand on the printed page by themselves.</Trans>
      </p>
    </fieldset>
  );
}
