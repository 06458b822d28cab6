// Somebody else saved first. Theirs stands beside yours; nothing is lost before a person has chosen.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { Button } from './button';
import { Choice } from './choice';
import './conflict.css';

export interface ConflictField {
  key: string;
  label: string;
  theirs: string;
  yours: string;
  /** long text: both may be kept, one under the other */
  joinable?: boolean;
}

interface Props {
  fields: ConflictField[];
  onResolve: (values: Record<string, string>) => void;
  onCancel: () => void;
}

export function Conflict({ fields, onResolve, onCancel }: Props) {
  const different = fields.filter((field) => field.theirs !== field.yours);
  const [choice, setChoice] = useState<Record<string, string>>({});
  const kept = (field: ConflictField) => {
    if (field.theirs === field.yours) return field.yours;
    const picked = choice[field.key] ?? (field.joinable && field.theirs && field.yours ? 'both' : 'yours');
    if (picked === 'theirs') return field.theirs;
    if (picked === 'both') return `${field.theirs}\n\n${field.yours}`.trim();
    return field.yours;
  };
  return (
    <section className="note conflict" aria-labelledby="conflict-title" role="alert">
      <h3 id="conflict-title">
        <Trans>Somebody else changed this while you were writing.</Trans>
      </h3>
      <p>
        {different.length === 0 ? (
          <Trans>What you wrote says the same as theirs. You can save it on top.</Trans>
        ) : (
          <Trans>Nothing is lost. Choose what to keep, then save.</Trans>
        )}
      </p>
      {different.map((field) => (
        <div key={field.key} className="conflict-field">
          <h4>{field.label}</h4>
          <div className="conflict-pair">
            <div>
              <span className="small soft">
                <Trans>Theirs</Trans>
              </span>
              <p className="conflict-words">{field.theirs || '–'}</p>
            </div>
            <div>
              <span className="small soft">
                <Trans>Yours</Trans>
              </span>
              <p className="conflict-words">{field.yours || '–'}</p>
            </div>
          </div>
          <Choice
            label={t`Keep for ${field.label}`}
            hideLabel
            value={choice[field.key] ?? (field.joinable && field.theirs && field.yours ? 'both' : 'yours')}
            onChange={(value) => setChoice({ ...choice, [field.key]: value })}
            options={[
              { value: 'theirs', label: t`Keep theirs` },
              { value: 'yours', label: t`Keep yours` },
              ...(field.joinable ? [{ value: 'both', label: t`Keep both` }] : []),
            ]}
          />
        </div>
      ))}
      <div className="sheet-foot">
        <Button
          look="primary"
          onPress={() => onResolve(Object.fromEntries(fields.map((field) => [field.key, kept(field)])))}
        >
          <Trans>Save this</Trans>
        </Button>
        <Button look="quiet" onPress={onCancel}>
          <Trans>Back to my form</Trans>
        </Button>
      </div>
    </section>
  );
}
