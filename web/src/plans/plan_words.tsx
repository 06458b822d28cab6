// One version of a plan, to read.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { PlanVersion } from '../api/types';
import { When } from '../ui/when';
import { languageWords, word } from '../ui/words';
import type { PlanKind } from './content';
import { planPartWords, viewWords, writtenWithWords } from './words';

const TEXTS = ['wants', 'preferences', 'values', 'supports', 'barriers'] as const;

function Part({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="plan-part">
      <h3>{word(planPartWords, name)}</h3>
      {children}
    </div>
  );
}

const List = ({ items }: { items: string[] }) => (
  <ul className="plan-list">
    {items.map((item) => (
      <li key={item}>{item}</li>
    ))}
  </ul>
);

export function PlanWords({ kind, version, today }: { kind: PlanKind; version: PlanVersion; today: string }) {
  const { content } = version;
  return (
    <div className="plan-words" lang={version.language}>
      {kind === 'care_plan' ? (
        <>
          {TEXTS.map(
            (name) =>
              content[name] && (
                <Part key={name} name={name}>
                  <p className={name === 'wants' ? 'plan-said' : 'plan-text'}>{content[name]}</p>
                </Part>
              ),
          )}
          {!!content.steps?.length && (
            <Part name="steps">
              <ul className="plan-list">
                {content.steps.map((step) => (
                  <li key={step.text}>
                    {step.text}
                    <span className="soft">
                      {step.who && `, ${step.who}`}
                      {step.by && (
                        <>
                          , <Trans>by</Trans> <When date={step.by} today={today} />
                        </>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            </Part>
          )}
        </>
      ) : (
        <>
          {!!content.warning_signs?.length && (
            <Part name="warning_signs">
              <List items={content.warning_signs} />
            </Part>
          )}
          {!!content.helps?.length && (
            <Part name="helps">
              <List items={content.helps} />
            </Part>
          )}
          {!!content.contacts?.length && (
            <Part name="contacts">
              <ul className="plan-list">
                {content.contacts.map((one) => (
                  <li key={one.name}>
                    {one.name} {one.phone && <span className="nowrap">{one.phone}</span>}
                    {one.when && <span className="soft">, {one.when}</span>}
                  </li>
                ))}
              </ul>
            </Part>
          )}
          {content.maintenance && (
            <Part name="maintenance">
              <p className="plan-text">{content.maintenance}</p>
            </Part>
          )}
          {content.way_back && (
            <Part name="way_back">
              <p className="plan-text">{content.way_back}</p>
            </Part>
          )}
        </>
      )}
      <p className="small soft plan-made" lang={undefined}>
        {t`Written with: ${(content.written_with ?? []).map((who) => word(writtenWithWords, who).toLocaleLowerCase()).join(', ') || t`nobody named`}`}
        {version.language && `. ${word(languageWords, version.language)}.`}
      </p>
    </div>
  );
}

/** What the patient says to it, never left out. */
export function ViewLine({ version, name, today }: { version: PlanVersion; name: string; today: string }) {
  if (version.patient_view === 'not_asked')
    return (
      <p className="need-overdue hue strong">
        <Trans>{name} was not asked yet.</Trans>
      </p>
    );
  return (
    <p>
      <span className="strong">
        {name}: {word(viewWords, version.patient_view).toLocaleLowerCase()}
      </span>
      {version.patient_words && <>, “{version.patient_words}”</>}
      {version.patient_view_date && (
        <span className="soft">
          , <When date={version.patient_view_date} today={today} />
        </span>
      )}
    </p>
  );
}
