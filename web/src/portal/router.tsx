/** @jsxImportSource preact */
// Addresses hold words of the program and ids, nothing about a person.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useFrame } from './frame';

export const HOME = '/portal/';
const here = () => location.pathname.replace(/\/+$/, '') || '/portal';

const listeners = new Set<() => void>();
let moves = 0;
/** How often the person has moved since the page was opened: the first page keeps the browser's own focus. */
export const movesSoFar = () => moves;

function moved() {
  moves += 1;
  for (const listener of listeners) listener();
}
export function go(to: string, replace = false) {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  scrollTo(0, 0);
  moved();
}
/** A step on the same address: the next question of a form. Its heading gets the focus as after any move. */
export function stepped() {
  moves += 1;
  scrollTo(0, 0);
}
if (typeof addEventListener === 'function') addEventListener('popstate', moved);

/** The path below /portal: ["goals", "0190..."] */
export function usePath(): string[] {
  const [path, setPath] = useState(here());
  useEffect(() => {
    const listener = () => setPath(here());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return path.split('/').slice(2).filter(Boolean);
}

/** A press that the browser should handle itself: another button, another window. */
const special = (event: MouseEvent) =>
  event.defaultPrevented ||
  event.button !== 0 ||
  event.metaKey ||
  event.ctrlKey ||
  event.shiftKey ||
  event.altKey;

export function Link({
  to,
  children,
  class: look,
  current,
}: {
  to: string;
  children: ComponentChildren;
  class?: string;
  current?: boolean;
}) {
  // In a preview and on paper there is nowhere to go.
  if (useFrame().level) return <span>{children}</span>;
  return (
    <a
      href={to}
      class={look}
      aria-current={current ? 'page' : undefined}
      onClick={(event: MouseEvent) => {
        if (special(event)) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
