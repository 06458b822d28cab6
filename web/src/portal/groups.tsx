/** @jsxImportSource preact */
// Groups: nobody else who comes is ever named.
import { t } from '@lingui/core/macro';
import { useAct } from './act';
import { post } from './api';
import { capital, clockTime, dayWords, momentWords } from './dates';
import { useHere } from './session';
import { changed, useView } from './store';
import type { GroupPlace, Groups } from './types';
import { Button, H2, More, Page, Shown, Sure, Trouble } from './ui';
import { kindWords } from './visits';

export default function GroupsPage() {
  const groups = useView<Groups>('groups');
  return (
    <Page title={t`Groups`}>
      <Shown of={groups}>
        {(data) => (
          <>
            {data.items.length === 0 && (
              <p>{t`You are in no group now. Ask your team if you would like to join one.`}</p>
            )}
            {data.items.map((one) => (
              <One key={one.id} group={one} />
            ))}
          </>
        )}
      </Shown>
    </Page>
  );
}

function One({ group }: { group: GroupPlace }) {
  const here = useHere();
  const act = useAct();
  const answer = (words: 'yes' | 'no' | 'leave') =>
    void act.run(async () => {
      await post(`groups/${group.id}/answer`, { answer: words });
      changed('groups', 'home');
    });
  const [next, ...later] = group.sessions;
  const when = (session: GroupPlace['sessions'][number]) =>
    `${capital(dayWords(session.date, here.today))}, ${clockTime(session.start_minute)}`;
  const until = group.answer_by ? momentWords(group.answer_by, here.today, here.zone) : '';
  const leaders = group.facilitators.join(', ');
  const open = group.state === 'invited' || group.state === 'offered';
  return (
    <section class="card">
      <H2>{group.name}</H2>
      {group.topic && <p>{group.topic}</p>}
      <p role="status">
        {group.state === 'joined'
          ? t`You have a place.`
          : group.state === 'waiting'
            ? t`You are on the waiting list. We tell you when a place is free.`
            : group.state === 'offered'
              ? t`A place is free for you.`
              : t`You are invited.`}
        {open && until && ` ${t`Please answer by: ${until}`}`}
      </p>
      {leaders && <p>{t`Led by ${leaders}. ${kindWords(group.modality)}.`}</p>}
      {group.place && <p>{group.place}</p>}
      {next && <p>{t`Next time: ${when(next)}`}</p>}
      {group.video_link && (
        <p>
          <a class="button" href={group.video_link} rel="noreferrer" target="_blank">
            {t`Open the video call`}
          </a>
        </p>
      )}
      {later.length > 0 && (
        <More words={t`All dates`}>
          <ul class="points">
            {group.sessions.map((session) => (
              <li key={session.starts_at}>
                {when(session)}
                {session.state === 'cancelled' && `: ${t`Cancelled`}`}
              </li>
            ))}
          </ul>
        </More>
      )}
      <p class="soft">{t`What is said in the group stays in the group.`}</p>
      <Trouble act={act} />
      {here.may('appointments') && (
        <div class="row">
          {open && (
            <>
              <Button
                look="main"
                busy={act.saving}
                onClick={() => answer('yes')}
              >{t`Yes, I will come`}</Button>
              <Button busy={act.saving} onClick={() => answer('no')}>{t`No, thank you`}</Button>
            </>
          )}
          {(group.state === 'joined' || group.state === 'waiting') && (
            <Sure
              act={group.state === 'joined' ? t`Leave the group` : t`Leave the waiting list`}
              ask={t`You can ask to come back later. Your place may be given to somebody else.`}
              yes={t`Yes, leave`}
              onYes={() => answer('leave')}
            />
          )}
        </div>
      )}
    </section>
  );
}
