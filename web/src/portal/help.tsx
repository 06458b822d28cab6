/** @jsxImportSource preact */
// Get help now: at the same place on every page, signed in or not, with a connection or without.
import { t } from '@lingui/core/macro';
import { useEffect, useRef } from 'preact/hooks';
import { languages } from '../../../content/crisis/help.json';
import { language } from './i18n';
import { useView } from './store';
import type { Clinic, Help, HelpLine } from './types';
import { Button, Page } from './ui';

/** What can be said without asking anybody: the numbers of the country. */
export function helpAtHand(): Help {
  const words = languages[language()];
  return {
    ...words,
    read_when: null,
    lines: words.lines.map((line): HelpLine => {
      const sms = 'sms' in line ? line.sms : undefined;
      const body = 'sms_body' in line ? line.sms_body : undefined;
      return {
        id: line.id,
        label: line.label,
        number: line.number,
        call: `tel:${line.tel}`,
        text_to: sms ? `sms:${sms}${body ? `?body=${encodeURIComponent(body)}` : ''}` : null,
        chat: 'chat' in line && line.chat ? line.chat : null,
        text: line.text,
        hours: null,
      };
    }),
  };
}

const telephone = (number: string) => `tel:${number.replace(/[^\d+*#,]/g, '')}`;
export function Phone({ number }: { number: string }) {
  return /\d{3}/.test(number) ? <a href={telephone(number)}>{number}</a> : <span>{number}</span>;
}

export function HelpWords({ signedIn, clinic }: { signedIn: boolean; clinic?: Clinic }) {
  const { data } = useView<Help>(signedIn ? `help?language=${language()}` : null);
  const help = data ?? helpAtHand();
  const known = help.lines.some((line) => line.id === 'clinic');
  return (
    <>
      {help.outside_text && <p class="strong">{help.outside_text}</p>}
      <p>{help.intro}</p>
      <p class="strong">{help.when_heading}</p>
      <ul class="points">
        {help.when.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <ul class="lines">
        {help.lines.map((line) => (
          <li key={`${line.id}${line.number}`}>
            <p class="strong">{line.label}</p>
            <p class="row">
              {line.call && (
                <a class="button main" href={line.call}>
                  {t`Call ${line.number}`}
                </a>
              )}
              {line.text_to && (
                <a class="button" href={line.text_to}>
                  {t`Send a text`} <span class="hidden-text">{line.label}</span>
                </a>
              )}
              {line.chat && (
                <a class="button" href={line.chat} target="_blank" rel="noreferrer">
                  {t`Chat`} <span class="hidden-text">{line.label}</span>
                </a>
              )}
            </p>
            <p>{line.text}</p>
            {line.hours && <p class="soft">{line.hours}</p>}
          </li>
        ))}
        {!known && clinic?.phone && (
          <li>
            <p class="strong">{clinic.name}</p>
            <p>
              <a class="button" href={telephone(clinic.phone)}>
                {t`Call ${clinic.phone}`}
              </a>
            </p>
            {clinic.hours && <p class="soft">{clinic.hours}</p>}
          </li>
        )}
      </ul>
      {help.read_when && <p>{help.read_when}</p>}
      <p>{help.not_watched}</p>
    </>
  );
}

export function HelpPanel({
  signedIn,
  clinic,
  onClose,
}: {
  signedIn: boolean;
  clinic?: Clinic;
  onClose: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView?.({ block: 'nearest' });
  }, []);
  return (
    <section
      id="help-now"
      class="help"
      aria-labelledby="help-heading"
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <h2 id="help-heading" ref={heading} tabIndex={-1}>
        {helpAtHand().title}
      </h2>
      <HelpWords signedIn={signedIn} clinic={clinic} />
      <Button onClick={onClose}>{t`Close, back to my page`}</Button>
    </section>
  );
}

export function HelpPage({ signedIn, clinic }: { signedIn: boolean; clinic?: Clinic }) {
  return (
    <Page title={helpAtHand().title}>
      <HelpWords signedIn={signedIn} clinic={clinic} />
    </Page>
  );
}
