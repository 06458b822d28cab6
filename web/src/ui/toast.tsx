// What just happened, said once: for eyes at the bottom of the page, for ears as a status.
import { t } from '@lingui/core/macro';
import { useEffect, useSyncExternalStore } from 'react';
import { Button } from './button';
import { CloseIcon } from './icons';

interface Toast {
  id: number;
  text: string;
}

let toasts: Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();
const change = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};

export function say(text: string) {
  counter += 1;
  change([...toasts.slice(-2), { id: counter, text }]);
}
const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

function Shown({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(toast.id), 10_000);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return (
    <div className="toast">
      <span>{toast.text}</span>
      <Button look="quiet" small icon aria-label={t`Dismiss`} onPress={() => dismiss(toast.id)}>
        <CloseIcon />
      </Button>
    </div>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toast-region" role="status" data-react-aria-top-layer="true">
      {shown.map((toast) => (
        <Shown key={toast.id} toast={toast} />
      ))}
    </div>
  );
}
