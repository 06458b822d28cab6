/** @jsxImportSource preact */
// My safety plan: six steps, one to a page when written, all on one page when needed and on paper.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { ApiError, post } from './api';
import { plainDate } from './dates';
import { Phone } from './help';
import { go, Link } from './router';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { SafetyPerson, SafetyPlan, SafetySteps } from './types';
import { Button, H2, LinkButton, Notice, Page, print, Shown, Sure, TextArea, TextField, Trouble } from './ui';

interface Draft {
  based_on: number;
  steps: SafetySteps;
  not_for_me: string[];
}
const isPerson = (line: string | SafetyPerson): line is SafetyPerson => typeof line !== 'string';
const lineWords = (line: string | SafetyPerson) =>
  isPerson(line) ? [line.name, line.phone].filter(Boolean).join(', ') : line;

export default function SafetyPlanPage({ id, step }: { id?: string; step?: string }) {
  const plan = useView<SafetyPlan>('safety-plan');
  const here = useHere();
  if (id === 'write' && plan.data && here.isSelf && plan.data.may_edit)
    return <Write plan={plan.data} step={step} key="write" />;
  return (
    <Page
      title={
        plan.data
          ? here.isSelf
            ? plan.data.words.title
            : t`The safety plan of ${here.name}`
          : t`Safety plan`
      }
    >
      <Shown of={plan}>{(data) => <Read data={data} />}</Shown>
    </Page>
  );
}

function Lines({ lines }: { lines: (string | SafetyPerson)[] }) {
  return (
    <ul class="points">
      {lines.map((line) => (
        <li key={lineWords(line)} dir="auto">
          {isPerson(line) ? (
            <>
              {line.name} {line.phone && <Phone number={line.phone} />}
            </>
          ) : (
            line
          )}
        </li>
      ))}
    </ul>
  );
}

function Read({ data }: { data: SafetyPlan }) {
  const here = useHere();
  const { plan, words } = data;
  return (
    <>
      <p>{words.intro}</p>
      {words.review && <p class="soft no-print">{t`These words still wait for a check by clinicians.`}</p>}
      <p class="soft no-print">{data.made_with}</p>
      {!plan && <p>{data.empty ?? t`There is no plan yet.`}</p>}
      {plan && (
        <>
          <ol class="steps">
            {words.steps.map((step, index) => {
              const lines = plan.steps[step.id] as (string | SafetyPerson)[] | undefined;
              const skipped = plan.not_for_me.includes(step.id);
              if (!lines && !skipped) return null;
              return (
                <li key={step.id}>
                  <H2>
                    {index + 1}. {step.heading}
                  </H2>
                  {lines && lines.length > 0 ? (
                    <Lines lines={lines} />
                  ) : (
                    <p class="soft">{skipped ? words.not_for_me : t`Nothing yet.`}</p>
                  )}
                </li>
              );
            })}
          </ol>
          <section>
            <H2>{t`If I am in danger now`}</H2>
            <ul class="points">
              {data.help.lines.map((line) => (
                <li key={line.label + line.number}>
                  <strong>{line.label}</strong>:{' '}
                  {line.call ? <a href={line.call}>{line.number}</a> : <Phone number={line.number} />}
                  {(line.hours ?? line.text) && <span class="soft block">{line.hours ?? line.text}</span>}
                </li>
              ))}
            </ul>
          </section>
          <p class="soft">{t`Written on ${plainDate(plan.written_on, here.today)}.`}</p>
        </>
      )}
      <div class="row no-print">
        {here.isSelf && data.may_edit && (
          <LinkButton look={plan ? 'plain' : 'main'} to="/portal/safety-plan/write">
            {plan ? t`Change my plan` : t`Begin my plan`}
          </LinkButton>
        )}
        {plan && <Button onClick={print}>{t`Print on one page`}</Button>}
        {plan && here.isSelf && (
          <Sure
            act={t`Save to this phone`}
            ask={t`The plan will be a plain file. Anybody who uses this phone can read it. Do not do this on a shared phone.`}
            yes={t`Save the file`}
            onYes={() => download(planText(data), `${t`my-plan`}.txt`, 'text/plain')}
          />
        )}
      </div>
    </>
  );
}

/** The plan as plain words, for a file that opens without anything. */
export function planText(data: SafetyPlan) {
  const lines = [data.words.title, ''];
  for (const [index, step] of data.words.steps.entries()) {
    const mine = (data.plan?.steps[step.id] ?? []) as (string | SafetyPerson)[];
    if (!mine.length) continue;
    lines.push(`${index + 1}. ${step.heading}`, ...mine.map((line) => `   - ${lineWords(line)}`), '');
  }
  lines.push(...data.help.lines.map((line) => `${line.label}: ${line.number}`));
  return `${lines.join('\n')}\n`;
}
export function download(text: string, name: string, type: string) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function Write({ plan, step: name }: { plan: SafetyPlan; step?: string }) {
  const { words } = plan;
  const [draft, setDraft, forget] = useDraft<Draft>('safety-plan', {
    based_on: plan.version,
    steps: plan.plan?.steps ?? {},
    not_for_me: plan.plan?.not_for_me ?? [],
  });
  const at =
    name === 'check'
      ? words.steps.length
      : Math.max(
          0,
          words.steps.findIndex((one) => one.id === name),
        );
  const address = (index: number) => `/portal/safety-plan/write/${words.steps[index]?.id ?? 'check'}`;
  const step = words.steps[at];
  const act = useAct();
  const [newer, setNewer] = useState(false);
  const save = () =>
    void act.run(async () => {
      try {
        await post('safety-plan', draft);
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) {
          const current = error.problem.current as { version?: number } | undefined;
          if (current?.version !== undefined) setDraft({ ...draft, based_on: current.version });
          setNewer(true);
        }
        throw error;
      }
      forget();
      changed('safety-plan', 'home');
      go('/portal/safety-plan', true);
    });
  const skipped = step ? draft.not_for_me.includes(step.id) : false;
  const [place, steps] = [at + 1, words.steps.length];
  const back =
    at === 0 ? { to: '/portal/safety-plan', words: words.title } : { to: address(at - 1), words: t`Back` };
  if (!step)
    return (
      <Page title={t`Look at your plan`} back={back} key="check">
        <Trouble act={act} again={save} />
        {newer && <p>{t`Your team changed the plan meanwhile. Save again to keep your words.`}</p>}
        {words.steps.map((one, index) => (
          <section key={one.id}>
            <H2>
              {index + 1}. {one.heading}
            </H2>
            {draft.not_for_me.includes(one.id) ? (
              <p class="soft">{words.not_for_me}</p>
            ) : (
              <Lines lines={(draft.steps[one.id] ?? []) as (string | SafetyPerson)[]} />
            )}
            <Link to={address(index)}>
              {t`Change`} <span class="hidden-text">{one.heading}</span>
            </Link>
          </section>
        ))}
        <p>{t`Your team sees your plan and may talk with you about it.`}</p>
        <div>
          <Button look="main" busy={act.saving} onClick={save}>
            {t`Save my plan`}
          </Button>
        </div>
      </Page>
    );
  return (
    <Page title={step.heading} back={back} key={step.id}>
      <p class="soft">{t`Step ${place} of ${steps}`}</p>
      <p>{step.hint}</p>
      <Trouble act={act} again={save} />
      {skipped ? (
        <>
          <Notice>
            <p>{words.not_for_me}</p>
          </Notice>
          <div>
            <Button
              onClick={() =>
                setDraft({ ...draft, not_for_me: draft.not_for_me.filter((one) => one !== step.id) })
              }
            >
              {t`Fill it in after all`}
            </Button>
          </div>
        </>
      ) : (
        <LineEditor
          kind={step.kind}
          lines={(draft.steps[step.id] ?? []) as (string | SafetyPerson)[]}
          onLines={(lines) =>
            setDraft({ ...draft, steps: { ...draft.steps, [step.id]: lines } as SafetySteps })
          }
        />
      )}
      <div class="row">
        <Button look="main" onClick={() => go(address(at + 1))}>
          {t`Continue`}
        </Button>
        {!skipped && (
          <Button
            onClick={() => {
              setDraft({
                ...draft,
                steps: { ...draft.steps, [step.id]: [] },
                not_for_me: [...draft.not_for_me, step.id],
              });
              go(address(at + 1));
            }}
          >
            {words.not_for_me}
          </Button>
        )}
        <Button look="quiet" busy={act.saving} onClick={save}>
          {t`Save and stop here`}
        </Button>
      </div>
    </Page>
  );
}

/** Lines that can be added, taken away and moved with buttons. */
function LineEditor({
  kind,
  lines,
  onLines,
}: {
  kind: 'lines' | 'people';
  lines: (string | SafetyPerson)[];
  onLines: (lines: (string | SafetyPerson)[]) => void;
}) {
  const [text, setText] = useState('');
  const [phone, setPhone] = useState('');
  const [wrong, setWrong] = useState<Issue[]>([]);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (!wanted.current) return;
    const [line] = wanted.current.split('-');
    // At an end of the list only the way back is left.
    const target =
      list.current?.querySelector<HTMLElement>(`[data-to="${wanted.current}"]`) ??
      list.current?.querySelector<HTMLElement>(`[data-to^="${line}-"]`);
    (target ?? document.getElementById('line'))?.focus();
    wanted.current = null;
  });
  const add = () => {
    if (!text.trim()) return setWrong([{ field: 'line', text: t`Write something first.` }]);
    setWrong([]);
    onLines([...lines, kind === 'people' ? { name: text.trim(), phone: phone.trim() || null } : text.trim()]);
    setText('');
    setPhone('');
    setSaid(t`Added: ${text.trim()}`);
    document.getElementById('line')?.focus();
  };
  const move = (from: number, to: number) => {
    const next = [...lines];
    const [line] = next.splice(from, 1);
    next.splice(to, 0, line!);
    wanted.current = `${to}-${to < from ? 'up' : 'down'}`;
    const place = to + 1;
    setSaid(t`${lineWords(line!)} is number ${place} now`);
    onLines(next);
  };
  return (
    <div class="stack">
      <ol class="editor" ref={list}>
        {lines.map((line, index) => (
          <li key={lineWords(line)}>
            <span dir="auto">{lineWords(line)}</span>
            <span class="row">
              {index > 0 && (
                <button
                  type="button"
                  class="button small"
                  data-to={`${index}-up`}
                  aria-label={t`Move up: ${lineWords(line)}`}
                  onClick={() => move(index, index - 1)}
                >
                  ↑
                </button>
              )}
              {index < lines.length - 1 && (
                <button
                  type="button"
                  class="button small"
                  data-to={`${index}-down`}
                  aria-label={t`Move down: ${lineWords(line)}`}
                  onClick={() => move(index, index + 1)}
                >
                  ↓
                </button>
              )}
              <Button
                look="small"
                label={t`Take away: ${lineWords(line)}`}
                onClick={() => {
                  wanted.current = 'none';
                  setSaid(t`Taken away: ${lineWords(line)}`);
                  onLines(lines.filter((_, at) => at !== index));
                }}
              >
                {t`Take away`}
              </Button>
            </span>
          </li>
        ))}
      </ol>
      <p role="status" class="hidden-text">
        {said}
      </p>
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          add();
        }}
      >
        {kind === 'people' ? (
          <>
            <TextField
              id="line"
              label={t`Name`}
              issues={wrong}
              value={text}
              onValue={setText}
              maxLength={120}
            />
            <TextField
              id="phone"
              label={t`Phone number`}
              optional
              type="tel"
              value={phone}
              onValue={setPhone}
              maxLength={40}
            />
          </>
        ) : (
          <TextArea
            id="line"
            label={t`In your words`}
            issues={wrong}
            value={text}
            onValue={setText}
            rows={2}
            maxLength={500}
          />
        )}
        <div>
          <Button type="submit">{t`Add`}</Button>
        </div>
      </form>
    </div>
  );
}
