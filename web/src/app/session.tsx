// Who is here, where, what they may do, and which day it is at their sites.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { Session } from '../api/types';
import { dateOf } from '../ui/dates';

interface Here {
  session: Session;
  /** chosen site, or null for all of mine; kept in memory only */
  site: string | null;
  chooseSite: (site: string | null) => void;
  can: (permission: string) => boolean;
  hasRole: (role: string) => boolean;
  /** today at a site, "YYYY-MM-DD" */
  today: (site?: string | null) => string;
  zone: (site?: string | null) => string | undefined;
}

const HereContext = createContext<Here | null>(null);

export function HereProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [site, chooseSite] = useState<string | null>(null);
  const here = useMemo<Here>(
    () => ({
      session,
      site,
      chooseSite,
      can: (permission) => session.permissions.includes(permission),
      hasRole: (role) => session.roles.some((held) => held.role === role),
      zone: (at) => (session.sites.find((one) => one.id === (at ?? site)) ?? session.sites[0])?.time_zone,
      today: (at) => {
        const place = session.sites.find((one) => one.id === (at ?? site)) ?? session.sites[0];
        // The session says today for each site; past midnight the zone decides.
        return place?.time_zone
          ? dateOf(new Date().toISOString(), place.time_zone)
          : (Object.values(session.today)[0] ?? '');
      },
    }),
    [session, site],
  );
  return <HereContext.Provider value={here}>{children}</HereContext.Provider>;
}

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('useHere outside of HereProvider');
  return here;
}
