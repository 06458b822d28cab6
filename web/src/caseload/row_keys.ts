// j and k walk the rows, w opens the why, c starts a contact. Enter is the link's own.
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isTyping } from '../app/keyboard';

export function useRowKeys() {
  const navigate = useNavigate();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event) || !'jkcw'.includes(event.key)) return;
      const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
      const here = rows.findIndex((row) => row.contains(document.activeElement));
      const row = rows[here];
      if (event.key === 'j' || event.key === 'k') {
        const next =
          here < 0
            ? rows[0]
            : rows[Math.max(0, Math.min(rows.length - 1, here + (event.key === 'j' ? 1 : -1)))];
        next?.querySelector<HTMLElement>('a')?.focus();
        next?.scrollIntoView?.({ block: 'nearest' });
      } else if (event.key === 'c' && row?.dataset.row) {
        void navigate({ to: '/patients/$patient/contact', params: { patient: row.dataset.row } });
      } else if (event.key === 'w') {
        row?.querySelector<HTMLElement>('[data-why]')?.click();
      } else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [navigate]);
}
