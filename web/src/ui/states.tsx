// Designed states: nothing here, waiting, not possible. What happened, what is safe, what to do.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { QueryObserverLoadingErrorResult, UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { ApiError } from '../api/client';
import type { Need, Problem } from '../api/types';
import { Button } from './button';
import { NeedIcon } from './icons';
import { needWord } from './words';

export function NeedChip({ need, text }: { need: Need; text?: string }) {
  return (
    <span className={`chip need-${need}`}>
      <NeedIcon need={need} />
      {text ?? needWord(need)}
    </span>
  );
}

/** `page`: nothing else is on the page, so this is its heading. */
export function Empty({ title, page, children }: { title: string; page?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

/** Grey bars where the words will be; the widths make it look like the real row. */
export function Skeleton({
  rows = 8,
  widths = [18, 6, 16, 10, 12, 30],
}: {
  rows?: number;
  widths?: number[];
}) {
  return (
    <div role="status">
      <span className="hidden-text">{t`Loading`}</span>
      <div className="stack" aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          <div key={row} className="row" style={{ flexWrap: 'nowrap', paddingBlock: 8 }}>
            {widths.map((width, column) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                key={column}
                className="skeleton"
                style={{ width: `${width - ((row * 7 + column * 3) % 5)}%` }}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** A problem in words a person can act on. */
export function problemWords(problem: Problem): { title: string; text: string } {
  switch (problem.code) {
    case 'offline':
      return {
        title: t`The server cannot be reached.`,
        text: t`What you typed is still here and not yet stored. Check the connection, then try again.`,
      };
    case 'not_signed_in':
      return { title: t`Your session has ended.`, text: t`Sign in again. What you typed is still here.` };
    case 'wrong_credentials':
      return { title: t`Name and password do not match.`, text: t`Check both, then try again.` };
    case 'not_allowed':
      return {
        title: t`Your role does not include this.`,
        text: t`Nothing was changed. Ask your administrator if you need it for your work.`,
      };
    case 'not_found':
      return { title: t`This is not here.`, text: t`It does not exist, or it is not yours to see.` };
    case 'too_many_requests':
      return { title: t`Too many attempts.`, text: t`Wait a few minutes, then try again.` };
    case 'overloaded':
    case 'database_unavailable':
      return { title: t`Concord is busy.`, text: t`Nothing was stored. Try again in a moment.` };
    case 'already_enrolled':
      return {
        title: t`There is already an open episode.`,
        text: t`A patient has one open episode at a time.`,
      };
    case 'invalid':
      return { title: t`Some things need another look.`, text: t`Nothing was stored yet.` };
    case 'internal':
      return {
        title: t`Something went wrong on our side.`,
        text: problem.incident
          ? t`Nothing was stored. If it happens again, tell your administrator this number: ${problem.incident}`
          : t`Nothing was stored. Try again.`,
      };
    default:
      return { title: problem.title, text: problem.detail ?? '' };
  }
}

/**
 * Nothing of this read may stand on the page: nothing came yet, or the server says that it is not (or no longer) this
 * person's. A refresh that fails in any other way leaves the page, and what is being typed on it, as it is; the shell says
 * that it may be out of date (app/out_of_date.tsx).
 */
export function unreadable<T>(
  read: UseQueryResult<T>,
): read is QueryObserverLoadingErrorResult<T> & UseQueryResult<T> {
  if (!read.isError) return false;
  return (
    read.data === undefined || (read.error instanceof ApiError && [403, 404].includes(read.error.status))
  );
}

export function ProblemNote({
  error,
  onRetry,
  focus,
}: {
  error: unknown;
  onRetry?: () => void;
  focus?: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus && error) box.current?.focus();
  }, [focus, error]);
  const problem: Problem =
    error instanceof ApiError ? error.problem : { title: String(error), status: 0, code: 'internal' };
  const words = problemWords(problem);
  return (
    <div className="note" role="alert" tabIndex={-1} ref={box}>
      <p className="strong">{words.title}</p>
      {words.text && <p>{words.text}</p>}
      {!!problem.issues?.length && (
        <ul>
          {problem.issues.map((issue) => (
            <li key={issue.path + issue.text}>{issue.text}</li>
          ))}
        </ul>
      )}
      {onRetry && (
        <p style={{ marginTop: 8 }}>
          <Button small onPress={onRetry}>
            <Trans>Try again</Trans>
          </Button>
        </p>
      )}
    </div>
  );
}

/** The server's words for one field. Paths come as "given_name", "/given_name" or "measurements[0].total". */
export function issueFor(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.problem.issues?.find((issue) => issue.path.replace(/^[/.]/, '').split(/[./[]/)[0] === field)
    ?.text;
}
