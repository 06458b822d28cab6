import type { ReactNode } from 'react';

/** A table of data may be wider than a phone: it scrolls by itself, with the keyboard too. */
export function TableScroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
    <section className="table-scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
