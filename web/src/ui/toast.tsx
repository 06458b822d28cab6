// What just happened, said once: for eyes at the bottom of the page, for ears as a status.
import { t } from '@lingui/core/macro';
import { useEffect, useSyncExternalStore } from 'react';
import { Button, TextButton } from './button';
import { CloseIcon } from './icons';

/** One way back, offered while the message stands. */
export interface Undo {
  label: string;
  act: () => unknown;
}
interface Toast {
  id: number;
  text: string;
  undo?: Undo;
}

let toasts: Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();
const change = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};

export function say(text: string, undo?: Undo) {
  counter += 1;
  change([...toasts.slice(-2), { id: counter, text, undo }]);
}
const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id));

function Shown({ toast }: { toast: Toast }) {
  useEffect(() => {
    // Something to press stays long enough to be reached.
    const timer = setTimeout(() => dismiss(toast.id), toast.undo ? 20_000 : 10_000);
    return () => clearTimeout(timer);
  }, [toast.id, toast.undo]);
  return (
    <div className="toast">
      <span>{toast.text}</span>
      {toast.undo && (
        <TextButton
          onPress={() => {
            dismiss(toast.id);
            void toast.undo?.act();
          }}
        >
          {toast.undo.label}
        </TextButton>
      )}
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
