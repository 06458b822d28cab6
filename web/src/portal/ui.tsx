/** @jsxImportSource preact */
// The parts every page is made of. Big targets, words before colour, native elements wherever there is one.
import { t } from '@lingui/core/macro';
import type { ComponentChildren, JSX, TargetedEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Act, Issue } from './act';
import { problemWords } from './act';
import type { ApiError } from './api';
import { useFrame } from './frame';
import { Link, movesSoFar } from './router';
import type { Loaded } from './store';

let clinicName = '';
export const setClinicName = (name: string) => {
  clinicName = name;
};
let paperLine = '';
/** Whose paper it is and when it was printed. */
export const setPaperLine = (words: string) => {
  paperLine = words;
};
const title = (words: string) => {
  document.title = clinicName ? `${words} · ${clinicName}` : words;
};

/** One page: its title in the tab, its heading in focus after a move, what is wrong above the heading. */
export function Page({
  title: heading,
  back,
  issues = [],
  wide,
  children,
}: {
  title: string;
  back?: { to: string; words: string };
  issues?: Issue[];
  wide?: boolean;
  children: ComponentChildren;
}) {
  const { level } = useFrame();
  const h1 = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (!level && movesSoFar() > 0) h1.current?.focus({ preventScroll: true });
  }, [level]);
  const wrong = issues.length > 0;
  useLayoutEffect(() => {
    if (!level) title(wrong ? t`Error: ${heading}` : heading);
  }, [heading, wrong, level]);
  if (level)
    return (
      <section class="inner">
        <Heading below={1}>{heading}</Heading>
        {children}
      </section>
    );
  return (
    <main id="main" tabIndex={-1} class={wide ? 'page wide' : 'page'}>
      {back && (
        <p class="back">
          <Link to={back.to}>{back.words}</Link>
        </p>
      )}
      <ErrorSummary issues={issues} />
      <h1 ref={h1} tabIndex={-1}>
        {heading}
      </h1>
      {paperLine && <p class="only-print soft">{paperLine}</p>}
      {children}
    </main>
  );
}

type Rank = 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
/** Headings keep their order when a page stands inside another one. */
function Heading({ below, children, id }: { below: number; children: ComponentChildren; id?: string }) {
  const { level } = useFrame();
  const Tag = `h${Math.min(6, level + below)}` as Rank;
  return <Tag id={id}>{children}</Tag>;
}
export const H2 = (rest: { children: ComponentChildren; id?: string }) => <Heading below={2} {...rest} />;
export const H3 = (rest: { children: ComponentChildren; id?: string }) => <Heading below={3} {...rest} />;

export function ErrorSummary({ issues }: { issues: Issue[] }) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (issues.length) box.current?.focus();
  }, [issues]);
  if (!issues.length) return null;
  return (
    <section class="summary" ref={box} tabIndex={-1} aria-labelledby="summary-heading">
      <p class="strong" id="summary-heading">{t`There is a problem`}</p>
      <ul>
        {issues.map((issue) => (
          <li key={issue.field}>
            <a
              href={`#${issue.field}`}
              onClick={(event: MouseEvent) => {
                event.preventDefault();
                const target = document.getElementById(issue.field);
                const input =
                  target?.matches('input,textarea,select,button') === true
                    ? target
                    : target?.querySelector<HTMLElement>('input,textarea,select,button');
                (input ?? target)?.focus();
              }}
            >
              {issue.text}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Button({
  children,
  look = 'plain',
  type = 'button',
  busy,
  onClick,
  label,
  pressed,
  expanded,
  controls,
}: {
  children: ComponentChildren;
  look?: 'plain' | 'main' | 'quiet' | 'small';
  type?: 'button' | 'submit';
  busy?: boolean;
  onClick?: () => void;
  label?: string;
  pressed?: boolean;
  expanded?: boolean;
  controls?: string;
}) {
  return (
    <button
      type={type}
      class={`button ${look}`}
      // It keeps the focus while it works; a second press does nothing.
      aria-disabled={busy ? 'true' : undefined}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-controls={controls}
      onClick={(event: MouseEvent) => {
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}
export function LinkButton({
  to,
  look = 'plain',
  children,
}: {
  to: string;
  look?: 'plain' | 'main';
  children: ComponentChildren;
}) {
  if (useFrame().level) return null;
  return (
    <Link to={to} class={`button ${look}`}>
      {children}
    </Link>
  );
}

const describe = (...ids: (string | false | undefined)[]) => ids.filter(Boolean).join(' ') || undefined;

function Wrong({ id, issue }: { id: string; issue?: Issue }) {
  if (!issue) return null;
  return (
    <p class="wrong" id={`${id}-wrong`}>
      <span class="hidden-text">{t`Error:`}</span> {issue.text}
    </p>
  );
}

interface Named {
  id: string;
  label: string;
  hint?: string;
  issues?: Issue[];
  optional?: boolean;
}

function Label({ id, label, optional }: { id: string; label: string; optional?: boolean }) {
  return (
    <label for={id} class="label">
      {label}
      {optional && <span class="soft"> {t`(optional)`}</span>}
    </label>
  );
}

export function TextField({
  id,
  label,
  hint,
  issues,
  optional,
  value,
  onValue,
  short,
  ...rest
}: Named & {
  value: string;
  onValue: (value: string) => void;
  short?: boolean;
  type?: 'text' | 'email' | 'password' | 'tel' | 'date' | 'search' | 'time';
  autocomplete?: string;
  inputMode?: 'numeric' | 'tel' | 'email' | 'text';
  maxLength?: number;
  name?: string;
  max?: string;
  min?: string;
}) {
  const issue = issues?.find((one) => one.field === id);
  return (
    <div class={issue ? 'field bad' : 'field'}>
      <Label id={id} label={label} optional={optional} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Wrong id={id} issue={issue} />
      <input
        id={id}
        class={short ? 'input short' : 'input'}
        value={value}
        aria-describedby={describe(hint && `${id}-hint`, issue && `${id}-wrong`)}
        aria-invalid={issue ? 'true' : undefined}
        onInput={(event: TargetedEvent<HTMLInputElement>) => onValue(event.currentTarget.value)}
        {...(rest as JSX.IntrinsicElements['input'])}
      />
    </div>
  );
}

export function TextArea({
  id,
  label,
  hint,
  issues,
  optional,
  value,
  onValue,
  rows = 4,
  maxLength,
}: Named & { value: string; onValue: (value: string) => void; rows?: number; maxLength?: number }) {
  const issue = issues?.find((one) => one.field === id);
  const left = maxLength === undefined ? undefined : maxLength - value.length;
  const near = left !== undefined && maxLength !== undefined && left < maxLength / 5;
  return (
    <div class={issue ? 'field bad' : 'field'}>
      <Label id={id} label={label} optional={optional} />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Wrong id={id} issue={issue} />
      <textarea
        id={id}
        class="input"
        rows={rows}
        value={value}
        aria-describedby={describe(hint && `${id}-hint`, issue && `${id}-wrong`, near && `${id}-left`)}
        aria-invalid={issue ? 'true' : undefined}
        onInput={(event: TargetedEvent<HTMLTextAreaElement>) => onValue(event.currentTarget.value)}
      />
      {near && (
        <p class="hint" id={`${id}-left`}>
          {left >= 0 ? t`${left} letters left` : t`${-left} letters too many`}
        </p>
      )}
    </div>
  );
}

export interface Choice {
  value: string;
  words: string;
  hint?: string;
}

/** Radios or checkboxes as rows that are easy to hit. The question is the legend. */
export function Choices({
  id,
  label,
  hint,
  issues,
  optional,
  choices,
  value,
  onValue,
  many,
  across,
  heading,
}: Named & {
  choices: Choice[];
  value: string[];
  onValue: (value: string[]) => void;
  many?: boolean;
  across?: boolean;
  heading?: boolean;
}) {
  const issue = issues?.find((one) => one.field === id);
  return (
    <fieldset
      id={id}
      class={issue ? 'field bad' : 'field'}
      aria-describedby={describe(hint && `${id}-hint`, issue && `${id}-wrong`)}
    >
      <legend class={heading ? 'label big' : 'label'}>
        {label}
        {optional && <span class="soft"> {t`(optional)`}</span>}
      </legend>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Wrong id={id} issue={issue} />
      <div class={across ? 'choices across' : 'choices'}>
        {choices.map((choice) => (
          <label class="choice" key={choice.value}>
            <input
              type={many ? 'checkbox' : 'radio'}
              name={id}
              value={choice.value}
              checked={value.includes(choice.value)}
              onChange={(event: TargetedEvent<HTMLInputElement>) => {
                if (!many) onValue([choice.value]);
                else
                  onValue(
                    event.currentTarget.checked
                      ? [...value, choice.value]
                      : value.filter((one) => one !== choice.value),
                  );
              }}
            />
            <span>
              {choice.words}
              {choice.hint && <span class="soft block">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A number from a short range, each a button of its own; the ends have words. */
export function Scale({
  id,
  label,
  hint,
  issues,
  optional,
  from = 0,
  to = 10,
  low,
  high,
  value,
  onValue,
}: Named & {
  from?: number;
  to?: number;
  low: string;
  high: string;
  value: number | null;
  onValue: (value: number) => void;
}) {
  const issue = issues?.find((one) => one.field === id);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return (
    <fieldset
      id={id}
      class={issue ? 'field bad' : 'field'}
      aria-describedby={describe(hint && `${id}-hint`, issue && `${id}-wrong`)}
    >
      <legend class="label">
        {label}
        {optional && <span class="soft"> {t`(optional)`}</span>}
      </legend>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Wrong id={id} issue={issue} />
      <div class="scale">
        {numbers.map((number) => (
          <label key={number}>
            <input
              type="radio"
              name={id}
              checked={value === number}
              aria-label={
                number === from ? `${number}, ${low}` : number === to ? `${number}, ${high}` : `${number}`
              }
              onChange={() => onValue(number)}
            />
            <span aria-hidden="true">{number}</span>
          </label>
        ))}
      </div>
      <p class="ends" aria-hidden="true">
        <span>
          {from} = {low}
        </span>
        <span>
          {to} = {high}
        </span>
      </p>
    </fieldset>
  );
}

export function Notice({
  children,
  kind = 'plain',
  live,
}: {
  children: ComponentChildren;
  kind?: 'plain' | 'good' | 'care';
  live?: boolean;
}) {
  return (
    <div class={`notice ${kind}`} role={live ? 'status' : undefined}>
      {children}
    </div>
  );
}

/** Focus goes here when something was done, so that nobody has to look for it. */
export function Done({ children }: { children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div class="notice good" ref={box} tabIndex={-1} role="status">
      {children}
    </div>
  );
}

/** What did not work and what to do; unsent words stay where they are. */
export function Trouble({ act, again }: { act: Act; again?: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new failure is said again
  useEffect(() => {
    if (act.problem) box.current?.focus();
  }, [act.problem, act.error]);
  if (!act.problem) return null;
  return (
    <div class="notice care" ref={box} tabIndex={-1} role="alert">
      {act.unsent && (
        <p>
          <strong>{t`Not sent yet.`}</strong> {t`What you wrote is kept while this page stays open.`}
        </p>
      )}
      <p>{act.problem}</p>
      {act.unsent && again && (
        <Button look="small" busy={act.saving} onClick={again}>
          {t`Try again`}
        </Button>
      )}
    </div>
  );
}

/** The page once it is there; before that its shape, and words when it does not come. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (of.data !== undefined)
    return (
      <>
        {of.error && (
          <Notice kind="care" live>
            <p>{t`This may be out of date: ${problemWords(of.error)}`}</p>
            <Button look="small" onClick={of.again}>{t`Try again`}</Button>
          </Notice>
        )}
        {children(of.data)}
      </>
    );
  if (of.error) return <Failed error={of.error} again={of.again} />;
  return <Loading />;
}
/** What an address names is not among what was read; said only when nothing newer is on its way. */
export function Gone({ of, children }: { of: Loaded<unknown>; children: ComponentChildren }) {
  return of.reading ? <Loading /> : <Shown of={of}>{() => <p>{children}</p>}</Shown>;
}
function Failed({ error, again }: { error: ApiError; again: () => void }) {
  return (
    <Notice kind="care" live>
      <p>{problemWords(error)}</p>
      <Button onClick={again}>{t`Try again`}</Button>
    </Notice>
  );
}
export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="hidden-text">{t`One moment`}</span>
      <span class="bone" />
      <span class="bone" />
      <span class="bone short" />
    </div>
  );
}

/** Words that fold out. */
export function More({ words, children }: { words: string; children: ComponentChildren }) {
  return (
    <details class="more">
      <summary>{words}</summary>
      <div class="stack">{children}</div>
    </details>
  );
}

/** Asks once more before something that cannot be taken back, in place. */
export function Sure({
  act,
  ask,
  yes,
  onYes,
  look = 'plain',
}: {
  act: string;
  ask: string;
  yes: string;
  onYes: () => void;
  look?: 'plain' | 'quiet' | 'small';
}) {
  const [asking, setAsking] = useState(false);
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (asking) box.current?.focus();
  }, [asking]);
  if (!asking)
    return (
      <Button look={look} onClick={() => setAsking(true)}>
        {act}
      </Button>
    );
  return (
    <fieldset class="notice care" ref={box} tabIndex={-1}>
      <legend class="hidden-text">{act}</legend>
      <p>{ask}</p>
      <div class="row">
        <Button
          look="main"
          onClick={() => {
            setAsking(false);
            onYes();
          }}
        >
          {yes}
        </Button>
        <Button onClick={() => setAsking(false)}>{t`No, go back`}</Button>
      </div>
    </fieldset>
  );
}

/** Free words of somebody, with their line breaks. */
export function Words({ children }: { children: string }) {
  return (
    <p class="words" dir="auto">
      {children}
    </p>
  );
}
export const print = () => window.print();
