// Other numbers of the rule set, in the address. Pure.

export interface Change {
  id: string;
  value: number;
}
/** "review.nonresponse.from_days=42;plan.adjust.days=56" */
export const readChanges = (text: string | undefined): Change[] =>
  (text ?? '').split(';').flatMap((part) => {
    const [id, value] = part.split('=');
    return id && value && /^-?\d+$/.test(value) ? [{ id, value: Number(value) }] : [];
  });
export const writeChanges = (changes: Change[]) =>
  changes.map((one) => `${one.id}=${one.value}`).join(';') || undefined;
