// Asking a patient to answer a form: by link, with a code to scan, or on the clinic's tablet; and what became of those asked before.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act, make } from '../api/ask';
import { ApiError } from '../api/client';
import type { CheckIn } from '../api/patient_side';
import { instrumentsQuery } from '../api/queries';
import type { Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { endSession } from '../identity/sign_out';
import { reachQuery } from '../messaging/queries';
import { cannotReach, reachWords } from '../messaging/words';
import { patientPathwayQuery } from '../pathways/queries';
import { Button } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { dateOf, timeOf } from '../ui/dates';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { instrumentName, languageWords, options, word } from '../ui/words';
import { QrCode } from './qr';
import { patientCheckInsQuery, refreshCheckIns } from './queries';
import { checkInChannelWords, checkInState, formsWords, isOpen, isUnseenCheckIn, whyAsked } from './words';
import './checkins.css';

type Channel = 'link' | 'qr' | 'kiosk';

export function CheckInSheet({
  summary,
  today,
  open,
}: {
  summary: Summary;
  today: string;
  open: (name: string, id?: string) => void;
}) {
  const patient = summary.patient.id;
  const { can } = useHere();
  const [shown, setShown] = useState<CheckIn | null>(null);
  const list = useQuery(patientCheckInsQuery(patient));
  return (
    <div className="stack">
      {shown?.url ? (
        <HandOver one={shown} name={summary.patient.given_name} onDone={() => setShown(null)} />
      ) : (
        can('checkins.write') && <Ask summary={summary} today={today} onMade={setShown} />
      )}
      <section className="stack-tight" aria-labelledby="asked-before">
        <h3 id="asked-before">
          <Trans>Asked before</Trans>
        </h3>
        {list.isPending && <Skeleton rows={2} widths={[40, 20]} />}
        {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.data?.items.length === 0 && (
          <p className="soft">
            <Trans>Nothing has been sent yet.</Trans>
          </p>
        )}
        <ul>
          {list.data?.items.map((one) => (
            <Row key={one.id} one={one} patient={patient} today={today} onShow={setShown} open={open} />
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Instruments the pathway asks for now stand first and are chosen. */
function useOffered(summary: Summary) {
  const { session } = useHere();
  const episode = summary.episode;
  const pathway = useQuery({
    ...patientPathwayQuery(summary.patient.id),
    enabled: !!episode && episode.state !== 'closed',
  });
  const heads = useQuery(instrumentsQuery);
  const site = episode?.site_id ?? summary.patient.site_id;
  const due = (pathway.data?.due ?? []).filter((one) => one.may_start !== false);
  const suggested = due.map((one) =>
    one.informant && one.informant !== 'self' ? `${one.instrument}:${one.informant}` : one.instrument,
  );
  const primary = episode?.primary_instrument ?? 'phq-9';
  const others = (heads.data?.items ?? [])
    .filter(
      (head) =>
        head.entry === 'items' &&
        head.may_start &&
        (!head.usable_at?.length || head.usable_at.includes(site)),
    )
    .map((head) => head.id);
  const title = (id: string) => {
    const [bare, informant] = id.split(':');
    const name =
      heads.data?.items.find((head) => head.id === bare)?.short_title ?? instrumentName(bare ?? id);
    return informant ? `${name} (${informant})` : name;
  };
  return {
    ready: !heads.isPending && (!pathway.isLoading || pathway.isError),
    suggested: suggested.length ? suggested : [primary],
    first: [...new Set([...suggested, primary, 'phq-9', 'gad-7'])],
    others: others.filter((id) => !suggested.includes(id)),
    title,
    language: session.user.language,
  };
}

function Ask({
  summary,
  today,
  onMade,
}: {
  summary: Summary;
  today: string;
  onMade: (one: CheckIn) => void;
}) {
  const offered = useOffered(summary);
  if (!offered.ready) return <Skeleton rows={3} widths={[50]} />;
  return <AskForm summary={summary} today={today} onMade={onMade} offered={offered} />;
}

function AskForm({
  summary,
  today,
  onMade,
  offered,
}: {
  summary: Summary;
  today: string;
  onMade: (one: CheckIn) => void;
  offered: ReturnType<typeof useOffered>;
}) {
  const { patient } = summary;
  const reach = useQuery(reachQuery(patient.id));
  const [instruments, setInstruments] = useState(offered.suggested);
  const [more, setMore] = useState<string[]>([]);
  const [channel, setChannel] = useState<Channel>('link');
  const [language, setLanguage] = useState(patient.language === 'es' ? 'es' : 'en');
  const [due, setDue] = useState('');
  const save = useSave(
    (body: { instruments: string[]; channel: Channel; language: string; due_date?: string }) =>
      make<CheckIn>(`/api/v1/patients/${patient.id}/check-ins`, body),
    async (made) => {
      await refreshCheckIns(patient.id);
      if (made.url) onMade(made);
      else say(t`On its way. It stands here as “not yet seen” when it is answered.`);
    },
  );
  const shown = [...new Set([...offered.first, ...more, ...instruments])];
  const name = patient.given_name;
  const stopped = channel === 'link' && reach.data && !reach.data.reach.channel;
  const unreachable = save.error instanceof ApiError && save.error.status === 409;
  return (
    <ShortForm
      state={save}
      action={
        channel === 'link' ? (
          <Trans>Send it</Trans>
        ) : channel === 'qr' ? (
          <Trans>Show the code</Trans>
        ) : (
          <Trans>Prepare the tablet</Trans>
        )
      }
      disabled={instruments.length === 0 || !!stopped}
      onSubmit={() => save.save({ instruments, channel, language, due_date: due || undefined })}
    >
      <Choices
        label={t`What to answer`}
        hint={t`What the pathway asks for now is chosen.`}
        value={instruments}
        onChange={setInstruments}
        options={shown.map((id) => ({ value: id, label: offered.title(id) }))}
        error={issueFor(save.error, 'instruments')}
      />
      {offered.others.some((id) => !shown.includes(id)) && (
        <Select
          label={t`Another form`}
          value=""
          blank={t`Choose`}
          onChange={(id) => {
            if (!id) return;
            setMore([...more, id]);
            setInstruments([...instruments, id]);
          }}
          options={offered.others
            .filter((id) => !shown.includes(id))
            .map((id) => ({ value: id, label: offered.title(id) }))}
        />
      )}
      <Choice
        label={t`How`}
        value={channel}
        onChange={(value) => setChannel(value as Channel)}
        options={options(checkInChannelWords, ['link', 'qr', 'kiosk'])}
        error={issueFor(save.error, 'channel')}
      />
      {channel === 'link' && reach.data && (
        <p className={stopped ? 'note' : 'soft'}>
          {stopped ? cannotReach(reach.data.reach.why_not, name) : reachWords(reach.data.reach, name)}
        </p>
      )}
      {unreachable && (
        <p className="note">
          <Trans>A code or the clinic tablet works without an address.</Trans>
        </p>
      )}
      <div className="pair">
        <Select
          label={t`Language`}
          value={language}
          onChange={setLanguage}
          options={options(languageWords, ['en', 'es'])}
        />
        <DateField label={t`Best answered by`} value={due} onChange={setDue} min={today} />
      </div>
    </ShortForm>
  );
}

/** The one moment the link is shown. It never comes back; a new one is one press away. */
function HandOver({ one, name, onDone }: { one: CheckIn; name: string; onDone: () => void }) {
  // The patient gets the tablet only when nobody is signed in on it any more.
  const leave = useSave<void, void>(endSession, () => window.location.assign(one.url!));
  return (
    <section className="hand-over" aria-labelledby="hand-over-title">
      <h3 id="hand-over-title">
        {one.channel === 'kiosk' ? t`Hand the tablet to ${name}` : t`${name} scans this`}
      </h3>
      {one.qr && <QrCode qr={one.qr} />}
      <p>
        {one.channel === 'kiosk' ? (
          <Trans>
            Scan it with the clinic tablet and hand the tablet over when the first question is there. At the
            end it asks for the tablet back and shows nothing of the answers.
          </Trans>
        ) : (
          <Trans>
            With the camera of a phone. It shows the clinic’s name and the questions, nothing of the record.
          </Trans>
        )}
      </p>
      {!!leave.error && (
        <div className="note" role="alert">
          <p className="strong">
            <Trans>You are still signed in</Trans>
          </p>
          <p>
            <Trans>The server did not answer. Keep the tablet and try again.</Trans>
          </p>
        </div>
      )}
      <p className="soft small">
        <Trans>This is shown once. If it is lost, make a new one below: what was answered stays.</Trans>
      </p>
      <div className="row">
        {one.channel === 'kiosk' && (
          <Button isPending={leave.saving} onPress={() => leave.save()}>
            <Trans>Sign out and ask on this device</Trans>
          </Button>
        )}
        <Button look="quiet" onPress={onDone}>
          <Trans>Done</Trans>
        </Button>
      </div>
      {one.channel === 'kiosk' && (
        <p className="soft small">
          <Trans>
            On this device you are signed out first, so that nobody can walk back into the charts.
          </Trans>
        </p>
      )}
    </section>
  );
}

function Row({
  one,
  patient,
  today,
  onShow,
  open,
}: {
  one: CheckIn;
  patient: string;
  today: string;
  onShow: (one: CheckIn) => void;
  open: (name: string, id?: string) => void;
}) {
  const { can, zone } = useHere();
  const [revoking, setRevoking] = useState(false);
  const path = `/api/v1/patients/${patient}/check-ins/${one.id}`;
  const resend = useSave(
    () => act<CheckIn>('POST', `${path}/resend`),
    async (made) => {
      await refreshCheckIns(patient);
      if (made.url) onShow(made);
      else say(t`Sent again with a new link. The old one no longer works.`);
    },
  );
  const when = (instant: string) => (
    <>
      <When date={dateOf(instant, zone(one.site_id))} today={today} /> {timeOf(instant, zone(one.site_id))}
    </>
  );
  const last = one.ended_at ?? one.started_at ?? one.sent_at ?? one.made_at;
  return (
    <li className="check-in stack-tight">
      <div className="row-apart">
        <div>
          <p>
            <span className="strong">{formsWords(one)}</span>{' '}
            <span className={isUnseenCheckIn(one) ? 'need-review_due hue strong' : ''}>
              {checkInState(one)}
            </span>
          </p>
          <p className="small soft">
            {when(last)}, {word(checkInChannelWords, one.channel).toLocaleLowerCase()}, {whyAsked(one)}
            {one.made_by && ` (${one.made_by.name})`}
            {isOpen(one) && (
              <>
                , <Trans>works until</Trans>{' '}
                <When date={dateOf(one.expires_at, zone(one.site_id))} today={today} />
              </>
            )}
            {one.seen_at && one.seen_by && (
              <>
                , <Trans>seen by {one.seen_by.name}</Trans>
              </>
            )}
            {one.on_behalf && (
              <>
                , <Trans>answered by a trusted person</Trans>
              </>
            )}
          </p>
        </div>
        <div className="row">
          {isUnseenCheckIn(one) && (
            <Button small look="primary" onPress={() => open('answers', one.id)}>
              <Trans>See answers</Trans>
            </Button>
          )}
          {isOpen(one) && can('checkins.write') && (
            <>
              <Button small isPending={resend.saving} onPress={() => resend.save(undefined)}>
                {one.channel === 'link' ? <Trans>Send again</Trans> : <Trans>Show a new code</Trans>}
              </Button>
              <Button small look="quiet" onPress={() => setRevoking(true)}>
                <Trans>Take back</Trans>
              </Button>
            </>
          )}
        </div>
      </div>
      {!!resend.error && <ProblemNote error={resend.error} />}
      {revoking && <Revoke path={path} patient={patient} onDone={() => setRevoking(false)} />}
    </li>
  );
}

function Revoke({ path, patient, onDone }: { path: string; patient: string; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const revoke = useSave(
    () => act<CheckIn>('POST', `${path}/revocation`, { reason: reason.trim() || undefined }),
    async () => {
      await refreshCheckIns(patient);
      say(t`Taken back. The link no longer works.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={revoke}
      action={<Trans>Take it back</Trans>}
      onSubmit={() => revoke.save(undefined)}
      onCancel={onDone}
    >
      <TextField label={t`Because`} value={reason} onChange={setReason} autoFocus />
    </ShortForm>
  );
}
