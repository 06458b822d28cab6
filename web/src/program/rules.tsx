// What stays between a young person and the team, as the rules of this program say. Read only: it is configuration, checked by a lawyer.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import rules from '../../../rulesets/confidentiality-2026.json';
import { instrumentsQuery } from '../api/queries';
import { type Words, word } from '../ui/words';

interface Rules {
  source: string;
  guardian_until?: number;
  adult?: number;
  ask_again?: number[];
  private?: string[];
  guardian_keeps_out?: string[];
}

const ownWords: Words = {
  'own:messages': msg`Messages with the team`,
  'own:logs': msg`What they write down: mood, activities, medicines`,
  'own:goals': msg`Their goals`,
  'own:decisions': msg`What they weigh before a decision`,
  'safety:plan': msg`The safety plan`,
  'pathway:adolescent': msg`Everything of the adolescent pathway`,
  'pathway:substance-use': msg`Everything of the alcohol and drugs pathway`,
  'pathway:perinatal': msg`Everything of the perinatal pathway`,
};

function useCodeWords() {
  const heads = useQuery(instrumentsQuery);
  return (code: string) => {
    const [kind, id] = code.split(':');
    if (kind === 'instrument')
      return heads.data?.items.find((head) => head.id === id)?.short_title ?? (id ?? code).toUpperCase();
    return ownWords[code] ? word(ownWords, code) : code;
  };
}

export function RulesShown() {
  const codeWords = useCodeWords();
  const list = (codes: string[]) => {
    const forms = codes.filter((code) => code.startsWith('instrument:')).map(codeWords);
    const others = codes.filter((code) => !code.startsWith('instrument:')).map(codeWords);
    return (
      <>
        {forms.length > 0 && <p>{forms.join(', ')}</p>}
        <ul className="piece-list">
          {others.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </>
    );
  };
  const base: Rules = rules.default;
  const states: { state: string; rules: Rules }[] = rules.states;
  return (
    <div className="stack rules">
      <header className="stack-tight">
        <h1>
          <Trans>What stays with the young person</Trans>
        </h1>
        <p className="soft">{t`Rules ${rules.name}, version ${rules.version}. They are configuration; a lawyer checks them for each state.`}</p>
      </header>
      <dl className="facts">
        <dt>{t`Below ${base.guardian_until ?? 0}`}</dt>
        <dd>
          <Trans>A parent or guardian acts for the child. Kept out even then:</Trans>
          {list(base.guardian_keeps_out ?? [])}
        </dd>
        <dt>{t`${base.guardian_until ?? 0} to ${(base.adult ?? 18) - 1}`}</dt>
        <dd>
          <Trans>An own access. A parent comes in only if the young person agrees, and never sees:</Trans>
          {list(base.private ?? [])}
        </dd>
        <dt>{t`At ${(base.ask_again ?? []).join(', ')}`}</dt>
        <dd>
          <Trans>Every agreement stops until the young person says yes again.</Trans>
        </dd>
        <dt>{t`From ${base.adult ?? 18}`}</dt>
        <dd>
          <Trans>No guardians and no rules: the patient decides alone.</Trans>
        </dd>
      </dl>
      <section className="stack-tight">
        <h2>
          <Trans>States with numbers of their own</Trans>
        </h2>
        <ul>
          {states.map((one) => (
            <li key={one.state}>
              <span className="strong">{one.state}</span>{' '}
              {one.rules.guardian_until !== undefined && t`own access from ${one.rules.guardian_until}`}
              <p className="soft small" lang="en">
                {one.rules.source}
              </p>
            </li>
          ))}
        </ul>
      </section>
      <p className="soft small" lang="en">
        {base.source}
      </p>
    </div>
  );
}
