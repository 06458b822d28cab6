// Find a patient from anywhere: "/" then a few letters. What is typed never enters the address.
import { plural, t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { searchQuery } from '../api/queries';
import type { PatientHit } from '../api/types';
import { isTyping } from '../app/keyboard';
import { useHere } from '../app/session';
import { plainDate } from '../ui/dates';
import { SearchIcon } from '../ui/icons';
import { maskedIdentifier, stateWords, word } from '../ui/words';

const SETTLE_MS = 180;

/** Opens the patient, or hands the hit to `onPick` when a form asks for somebody. */
export function Search({ onPick }: { onPick?: (hit: PatientHit) => void }) {
  const { can } = useHere();
  const mayAdd = !onPick && can('patients.write');
  const navigate = useNavigate();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = useQuery(searchQuery(q));
  const hits = q.trim().length >= 2 ? (found.data?.items ?? []) : [];
  const rows = hits.length + (mayAdd ? 1 : 0);

  useEffect(() => {
    const timer = setTimeout(() => {
      setQ(typed);
      setAt(0);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  useEffect(() => {
    if (onPick) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key === '/' && !isTyping(event)) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [onPick]);

  const done = () => {
    setTyped('');
    setQ('');
    setOpen(false);
    input.current?.blur();
  };
  const choose = (index: number) => {
    const hit = hits[index];
    if (hit && onPick) onPick(hit);
    else if (hit) void navigate({ to: '/patients/$patient', params: { patient: hit.id } });
    else if (mayAdd) void navigate({ to: '/patients/new' });
    done();
  };
  const shown = open && q.trim().length >= 2 && !found.isPending;

  return (
    <search className="search">
      <SearchIcon />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={t`Find a patient`}
        placeholder={t`Find a patient`}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') done();
          else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, rows - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (event.key === 'Enter' && shown && rows > 0) choose(at);
          else return;
          event.preventDefault();
        }}
      />
      {!typed && !onPick && (
        <span className="key" aria-hidden="true">
          /
        </span>
      )}
      <span className="hidden-text" role="status">
        {shown && plural(hits.length, { 0: 'Nobody found', one: '# person found', other: '# people found' })}
      </span>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t`Patients found`}
        className="popover search-results"
        hidden={!shown}
      >
        {shown &&
          hits.map((hit, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
            <div
              key={hit.id}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onMouseDown={(event) => event.preventDefault()}
              onMouseEnter={() => setAt(index)}
              onClick={() => choose(index)}
            >
              <span className="strong">
                {hit.family_name}, {hit.given_name}
              </span>
              <span className="small soft">
                {[
                  hit.birth_date && plainDate(hit.birth_date),
                  hit.identifiers?.[0] && maskedIdentifier(hit.identifiers[0].value),
                  hit.episode_state ? word(stateWords, hit.episode_state) : t`No episode`,
                ]
                  .filter(Boolean)
                  .join('   ')}
              </span>
            </div>
          ))}
        {shown && hits.length === 0 && !mayAdd && (
          <div role="option" tabIndex={-1} aria-selected="false" className="soft">{t`Nobody found`}</div>
        )}
        {shown && mayAdd && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
          <div
            id={`${id}-${hits.length}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === hits.length}
            onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => setAt(hits.length)}
            onClick={() => choose(hits.length)}
          >
            {hits.length === 0 ? t`Nobody found. Add a new patient` : t`Not here: add a new patient`}
          </div>
        )}
      </div>
    </search>
  );
}
