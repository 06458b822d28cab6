// The answers of one form, and saying that somebody has seen them.
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { instrumentQuery, refreshPatient } from '../api/queries';
import type { Measurement } from '../api/types';
import { useSave } from '../app/save';
import { ShortForm } from '../ui/form';
import { Empty } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { instrumentName, modeWords, severityWord, word } from '../ui/words';
import './answers.css';

/** Came from the patient alone, and nobody of the team has looked yet. */
export const isUnseen = (m: Measurement) =>
  !m.seen_at && !m.replaced_by && ['link', 'portal'].includes(m.mode);

export function Answers({ measurement }: { measurement: Measurement }) {
  const instrument = useQuery(instrumentQuery(measurement.instrument, i18n.locale));
  if (measurement.answers.length === 0) return null;
  const items = new Map(instrument.data?.items.map((item) => [item.id, item]));
  return (
    <table className="answers small">
      <caption className="hidden-text">{t`Answers`}</caption>
      <tbody>
        {measurement.answers.map((answer) => {
          const item = items.get(answer.item);
          return (
            <tr key={answer.item}>
              <th scope="row">{item?.text ?? answer.item}</th>
              <td className={item?.safety && (answer.value ?? 0) > 0 ? 'need-safety hue strong' : 'strong'}>
                {answer.value ?? t`left blank`}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function useSeen(patient: string, onSeen: () => void) {
  return useSave(
    (id: string) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/measurements/{measurement_id}/seen', {
          params: { path: { patient_id: patient, measurement_id: id } },
          body: {},
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Marked as seen.`);
      onSeen();
    },
  );
}

export function SeeMeasurement({
  patient,
  measurement,
  today,
  onDone,
}: {
  patient: string;
  measurement: Measurement | undefined;
  today: string;
  onDone: () => void;
}) {
  const seen = useSeen(patient, onDone);
  if (!measurement) return <Empty title={t`Everything has been seen.`} />;
  return (
    <ShortForm
      state={seen}
      action={<Trans>I have seen it</Trans>}
      onSubmit={() => seen.save(measurement.id)}
      onCancel={onDone}
    >
      <p>
        <span className="strong">
          {instrumentName(measurement.instrument)} {measurement.total ?? '–'}
        </span>
        , {severityWord(measurement.severity)}{' '}
        <span className="soft">
          <When date={measurement.administered_date} today={today} />,{' '}
          {word(modeWords, measurement.mode).toLocaleLowerCase()}
        </span>
      </p>
      <Answers measurement={measurement} />
    </ShortForm>
  );
}
