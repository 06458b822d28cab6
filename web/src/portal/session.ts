// Who sits here. The server keeps the session in a cookie that no script can read.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { request } from './api';
import type { Scope, Session } from './types';

const AUTH = '/auth/portal';
export const auth = <T>(path: string, body: unknown = {}) => request<T>('POST', `${AUTH}/${path}`, { body });
export const readSession = (background = false) => request<Session>('GET', `${AUTH}/session`, { background });

export interface Here {
  session: Session;
  /** May this person read the view? */
  sees: (view: string) => boolean;
  /** May this person act in this part? */
  may: (scope: Scope) => boolean;
  isSelf: boolean;
  /** The patient's given name. */
  name: string;
  today: string;
  zone: string;
  took: (session: Session) => void;
  signOut: () => void;
}
export const HereContext = createContext<Here | null>(null);
export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('nobody is signed in here');
  return here;
}
