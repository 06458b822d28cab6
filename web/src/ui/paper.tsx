// A page for the patient's hands: their language, plain words, large type. The screen shows what the paper will.
import type { I18n } from '@lingui/core';
import { I18nProvider, useLingui as useWords } from '@lingui/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { LANGUAGES, type Language, wordsIn } from '../app/i18n';
import { Button } from './button';
import { Choice } from './choice';
import type { DateText } from './dates';
import { PrintIcon } from './icons';
import { Skeleton } from './states';
import type { Words } from './words';
import './paper.css';

/** English or Spanish; a patient with another language gets English, and the page says so. */
export const paperLanguage = (language: string | null | undefined): Language =>
  language?.toLowerCase().startsWith('es') ? 'es' : 'en';

/** "Tuesday, March 3, 2026" in the paper's language. */
export function paperDate(date: DateText, locale: string) {
  return new Intl.DateTimeFormat(locale === 'es' ? 'es-US' : 'en-US', {
    timeZone: 'UTC',
    dateStyle: 'full',
  }).format(new Date(`${date.slice(0, 10)}T12:00:00Z`));
}

const PaperToday = createContext('');

/** Words and dates as they go on this paper. */
export function usePaper() {
  const { i18n } = useWords();
  const today = useContext(PaperToday);
  return {
    locale: i18n.locale,
    today,
    date: (date: DateText) => paperDate(date, i18n.locale),
    word: (words: Words, code: string | null | undefined) =>
      !code ? '' : words[code] ? i18n._(words[code]) : code.replaceAll('_', ' '),
  };
}

interface Props {
  language: Language;
  onLanguage: (language: Language) => void;
  /** the patient's own language, when it is neither of ours */
  other?: string;
  tools?: ReactNode;
  who: { name: string; birth_date?: string | null };
  /** who printed it, at which clinic */
  by: string;
  clinic: { name: string; phone?: string | null; hours?: string | null };
  today: DateText;
  /** the page's own languages around the paper */
  labels: { print: string; language: string; other?: string };
  children: ReactNode;
}

export function Paper({ language, onLanguage, who, by, clinic, today, labels, tools, children }: Props) {
  const [words, setWords] = useState<I18n | null>(null);
  useEffect(() => {
    let wanted = true;
    void wordsIn(language).then((loaded) => wanted && setWords(loaded));
    return () => {
      wanted = false;
    };
  }, [language]);
  return (
    <div className="paper-page">
      <div className="paper-tools no-print">
        <Choice
          label={labels.language}
          hideLabel
          quiet
          value={language}
          onChange={(next) => onLanguage(next as Language)}
          options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({
            value,
            label: LANGUAGES[value],
          }))}
        />
        {tools}
        <Button look="primary" onPress={() => window.print()}>
          <PrintIcon />
          {labels.print}
        </Button>
      </div>
      {labels.other && <p className="note no-print">{labels.other}</p>}
      {words ? (
        <I18nProvider i18n={words}>
          <PaperToday value={today}>
            <article className="paper" lang={language}>
              {children}
              <PaperFoot who={who} by={by} clinic={clinic} />
            </article>
          </PaperToday>
        </I18nProvider>
      ) : (
        <div className="paper">
          <Skeleton rows={8} widths={[70]} />
        </div>
      )}
    </div>
  );
}

/** Help now stands at the same place on every paper; nobody reads paper for the patient. */
export function PaperHelp({ phone, hours }: { phone?: string | null; hours?: string | null }) {
  return (
    <section className="paper-help">
      <h2>
        <Trans>If you need help now</Trans>
      </h2>
      <p>
        <Trans>
          Call or text <strong>988</strong>, day or night. It is free and private. In danger, call{' '}
          <strong>911</strong>.
        </Trans>
      </p>
      {phone && (
        <p>
          <Trans>
            Your clinic: <strong>{phone}</strong>
          </Trans>
          {hours && <>. {hours}</>}
        </p>
      )}
    </section>
  );
}

function PaperFoot({ who, by, clinic }: Pick<Props, 'who' | 'by' | 'clinic'>) {
  const { t } = useLingui();
  const { date, today, locale } = usePaper();
  const born = who.birth_date
    ? new Intl.DateTimeFormat(locale === 'es' ? 'es-US' : 'en-US', {
        timeZone: 'UTC',
        dateStyle: 'long',
      }).format(new Date(`${who.birth_date}T12:00:00Z`))
    : null;
  return (
    <footer className="paper-foot">
      <PaperHelp phone={clinic.phone} hours={clinic.hours} />
      <p>
        {who.name}
        {born && `, ${t`born ${born}`}`}. {t`Printed ${date(today)} by ${by}, ${clinic.name}.`}
      </p>
    </footer>
  );
}
