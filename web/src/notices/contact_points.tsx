// Where urgent news reaches me when Concord is closed: mail, text message, and for what.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call, client, ifMatch, readHeaders } from '../api/client';
import { queryClient } from '../api/queries';
import type { ContactPoints as Points } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Choice } from '../ui/choice';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { options, type Words } from '../ui/words';
import './notices.css';

const forWords: Words = { all: msg`Everything`, urgent: msg`Only urgent`, none: msg`Nothing` };
const KEY = ['account', 'contact'];

export function ContactPoints() {
  const read = useQuery({
    queryKey: KEY,
    queryFn: () => call(client.GET('/api/v1/account/contact', { headers: readHeaders() })),
    retry: false,
  });
  // A key for machines has no contact points.
  if (read.error instanceof ApiError && read.error.status === 404) return null;
  return (
    <section className="stack">
      <h2>
        <Trans>How you are told</Trans>
      </h2>
      {read.isPending && <Skeleton rows={2} widths={[50]} />}
      {unreadable(read) && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.data && <Form points={read.data} key={read.data.version} />}
    </section>
  );
}

function Form({ points }: { points: Points }) {
  const { can } = useHere();
  const [mail, setMail] = useState(points.mail ?? '');
  const [phone, setPhone] = useState(points.phone ?? '');
  const [mailFor, setMailFor] = useState<string>(points.mail_for);
  const [smsFor, setSmsFor] = useState<string>(points.sms_for);
  const save = useSave(
    (version: number) =>
      call(
        client.PATCH('/api/v1/account/contact', {
          params: { header: ifMatch(version) },
          body: {
            mail: mail.trim() || null,
            phone: phone.trim() || null,
            mail_for: mailFor,
            sms_for: smsFor,
          },
        }),
      ),
    (saved) => {
      queryClient.setQueryData(KEY, saved);
      say(t`Saved.`);
    },
  );
  const theirs = save.theirs as unknown as Points | null;
  const unreachable =
    can('safety.close') && !(mail.trim() && mailFor !== 'none') && !(phone.trim() && smsFor !== 'none');
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Save mine on top</Trans> : <Trans>Save</Trans>}
      onSubmit={() => save.save(theirs?.version ?? points.version)}
    >
      <p className="soft">
        <Trans>
          Notices always stand under the bell. Messages say only that something waits, never about whom;
          reading it needs your sign-in.
        </Trans>
      </p>
      {theirs && (
        <p className="note" role="alert">
          <Trans>
            You changed this in another window: {theirs.mail ?? '–'}, {theirs.phone ?? '–'}.
          </Trans>
        </p>
      )}
      {unreachable && (
        <p className="note need-overdue">
          <Trans>Outside Concord a safety signal cannot reach you. Give a mail address or a phone.</Trans>
        </p>
      )}
      <div className="contact-points">
        <TextField
          label={t`Mail`}
          type="email"
          autoComplete="email"
          value={mail}
          onChange={setMail}
          hint={points.channels.mail ? undefined : t`Mail is not set up on this server.`}
          error={issueFor(save.error, 'mail')}
        />
        <Choice label={t`By mail`} value={mailFor} onChange={setMailFor} options={options(forWords)} />
      </div>
      <div className="contact-points">
        <TextField
          label={t`Mobile phone`}
          type="tel"
          autoComplete="tel"
          value={phone}
          onChange={setPhone}
          hint={
            points.channels.sms
              ? t`With country code: +1 555 010 0100`
              : t`Text messages are not set up on this server.`
          }
          error={issueFor(save.error, 'phone')}
        />
        <Choice label={t`By text message`} value={smsFor} onChange={setSmsFor} options={options(forWords)} />
      </div>
    </ShortForm>
  );
}
