// Answering questions happens on the check-in's own pages, which work without this page's program.
import { post } from './api';

/** Opens what is to be answered, or the one question of the week. */
export async function startCheckIn(weekly = false) {
  const { path } = await post<{ path: string }>('check-ins', weekly ? { instruments: ['weekly-mood'] } : {});
  // Only an address of our own: the answer is never followed anywhere else.
  if (path.startsWith('/c/')) location.assign(path);
}
