import type { DateText } from './dates';
import { fullDate, shortDate } from './dates';

/** "Tue 3 Mar", the full date on hover. */
export function When({ date, today }: { date: DateText; today: DateText }) {
  return (
    <time dateTime={date} title={fullDate(date)} className="nowrap">
      {shortDate(date, today)}
    </time>
  );
}
