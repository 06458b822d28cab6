import { useSyncExternalStore } from 'react';

/** True while the page is narrower than `px`; printing uses the wide form. */
export function useNarrow(px: number) {
  const query = `screen and (max-width: ${px}px)`;
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
