// A patient's visits, and booking one.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Summary } from '../api/types';
import { useHere } from '../app/session';
import { Button, TextButton } from '../ui/button';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { word } from '../ui/words';
import { patientVisitsQuery } from './queries';
import { VisitForm } from './visit_form';
import { VisitView } from './visit_view';
import { answerWords, clock, visitKindWords, visitState } from './words';
import '../messaging/messaging.css';

export function PatientVisits({
  summary,
  today,
  chosen,
  open,
}: {
  summary: Summary;
  today: string;
  chosen?: string;
  open: (name: string, id?: string) => void;
}) {
  const { can } = useHere();
  const patient = summary.patient.id;
  const [booking, setBooking] = useState(false);
  const list = useQuery(patientVisitsQuery(patient));
  if (booking || chosen === 'new')
    return (
      <VisitForm
        patient={patient}
        name={summary.patient.given_name}
        site={summary.episode?.site_id ?? summary.patient.site_id}
        today={today}
        onDone={() => {
          setBooking(false);
          open('visits');
        }}
      />
    );
  if (chosen)
    return (
      <div className="stack">
        <div>
          <Button small look="quiet" onPress={() => open('visits')}>
            <Trans>All visits</Trans>
          </Button>
        </div>
        <VisitView patient={patient} id={chosen} today={today} onDone={() => open('visits')} />
      </div>
    );
  return (
    <div className="stack">
      {can('visits.write') && (
        <div>
          <Button look="primary" onPress={() => setBooking(true)}>
            <Trans>Book a visit</Trans>
          </Button>
        </div>
      )}
      {list.isPending && <Skeleton rows={4} widths={[50]} />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <Empty title={t`No visits yet.`} />}
      <ul>
        {list.data?.items.map((one) => {
          const answer = answerWords(one);
          return (
            <li key={one.id} className="plain-line">
              <TextButton onPress={() => open('visits', one.id)}>
                <When date={one.date} today={today} /> {clock(one.start_minute)}
              </TextButton>{' '}
              {word(visitKindWords, one.kind).toLocaleLowerCase()}, {one.staff?.name}
              <span
                className={
                  one.state === 'no_show' ? 'small block-words need-overdue hue' : 'small soft block-words'
                }
              >
                {[visitState(one.state), answer, one.reason].filter(Boolean).join(', ')}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
