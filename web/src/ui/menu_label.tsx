import type { ReactNode } from 'react';

/** What the button shows, after what it is about for those who only hear it. */
export function MenuLabel({ name, label }: { name?: string; label: ReactNode }) {
  return (
    <>
      {name && <span className="hidden-text">{name}: </span>}
      {label}
    </>
  );
}
