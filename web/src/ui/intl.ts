// Formatters of the browser, each made once: making one takes longer than using it a thousand times.

function kept<F, O>(make: (locale: string, options?: O) => F) {
  const made = new Map<string, F>();
  return (locale: string, options?: O): F => {
    const key = `${locale} ${JSON.stringify(options ?? {})}`;
    const known = made.get(key);
    if (known) return known;
    const fresh = make(locale, options);
    made.set(key, fresh);
    return fresh;
  };
}
export const dateFormat = kept(
  (locale, options?: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);
export const numberFormat = kept(
  (locale, options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
