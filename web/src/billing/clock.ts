// The running clock of a contact, in words. Pure.
/** Whole minutes a clock has run. */
export function ranMinutes(startedAt: string, now: number) {
  return Math.max(0, Math.floor((now - new Date(startedAt).getTime()) / 60_000));
}
/** "12:05" */
export function clockText(seconds: number) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
