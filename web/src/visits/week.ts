import { addDays } from '../ui/dates';

/** Monday of the week that holds `date`. */
export function weekOf(date: string) {
  const day = new Date(`${date}T12:00:00Z`).getUTCDay();
  return addDays(date, -((day + 6) % 7));
}
