// Somebody else's change: read again what is shown, as background work.
import { useEffect } from 'react';
import { inBackground } from '../api/client';
import { queryClient } from '../api/queries';

interface Change {
  topic: 'caseload' | 'referrals' | 'patient' | 'notices' | 'tasks' | 'conversation';
  id: string;
}

const COLLECT_MS = 150;

export function useLiveUpdates(enabled: boolean) {
  useEffect(() => {
    if (!enabled || typeof EventSource === 'undefined') return;
    const waiting = new Map<string, Change>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const changes = [...waiting.values()];
      waiting.clear();
      inBackground(() => {
        for (const change of changes) {
          const queryKey =
            change.topic === 'patient' || change.topic === 'conversation'
              ? ['patient', change.id]
              : [change.topic];
          void queryClient.invalidateQueries({ queryKey });
          if (change.topic === 'conversation')
            void queryClient.invalidateQueries({ queryKey: ['conversations'] });
          // Agendas, boards and counts are made of the same rows.
          if (change.topic === 'caseload')
            for (const made of ['reviews', 'safety', 'notices'])
              void queryClient.invalidateQueries({ queryKey: [made] });
        }
      });
    };
    const source = new EventSource('/api/v1/events');
    let opened = false;
    source.addEventListener('open', () => {
      // After a lost connection nobody knows what was missed.
      if (opened)
        inBackground(
          () => void queryClient.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'session' }),
        );
      opened = true;
    });
    source.addEventListener('change', (event) => {
      const change = JSON.parse((event as MessageEvent<string>).data) as Change;
      waiting.set(change.topic === 'patient' ? `patient ${change.id}` : change.topic, change);
      timer ??= setTimeout(flush, COLLECT_MS);
    });
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [enabled]);
}
