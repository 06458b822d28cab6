// Help outside: who waits to be seen there, who wants help and has no referral yet, and the directory of services.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import { act, make } from '../api/ask';
import type { Service } from '../api/patient_side';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { languageWords, options, word } from '../ui/words';
import { VisitTabs } from '../visits/tabs';
import { refreshCommunity, servicesQuery, wantedQuery, worklistQuery } from './queries';
import { ReferralRow } from './referral_row';
import { needWords, sourceWords } from './words';

const route = getRouteApi('/community');

export function CommunityPage() {
  const { can } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const tabs = [
    { value: 'waiting', label: t`Under way`, open: can('community.read') },
    { value: 'wanted', label: t`Wants help`, open: can('community.read') },
    { value: 'services', label: t`Directory`, open: can('directory.read') },
  ].filter((one) => one.open);
  const show = tabs.some((one) => one.value === search.show) ? search.show : tabs[0]?.value;
  useEffect(() => {
    document.title = `${t`Help outside`} · Concord`;
  }, []);
  if (!show) return <NoPermission />;
  return (
    <div className="inbox">
      <VisitTabs />
      <header className="row-apart">
        <Title show={show} />
        <Choice
          label={t`What to show`}
          hideLabel
          quiet
          value={show}
          onChange={(value) =>
            void navigate({ search: { show: value === 'waiting' ? undefined : (value as 'wanted') } })
          }
          options={tabs}
        />
      </header>
      {show === 'waiting' && <Worklist />}
      {show === 'wanted' && <Wanted />}
      {show === 'services' && <Directory />}
    </div>
  );
}

function Title({ show }: { show: string }) {
  const { site } = useHere();
  const list = useQuery({ ...worklistQuery({ site: site ?? undefined }), enabled: show === 'waiting' });
  if (show === 'services') return <h1>{t`Services nearby`}</h1>;
  if (show === 'wanted') return <h1>{t`Wants help, not yet referred`}</h1>;
  return (
    <div>
      <h1>
        {list.data
          ? plural(list.data.counts.open, {
              0: 'Nobody waits to be seen elsewhere',
              one: '# person waits to be seen elsewhere',
              other: '# people wait to be seen elsewhere',
            })
          : t`Help outside`}
      </h1>
      {!!list.data?.counts.overdue && (
        <p className="need-overdue hue strong">
          {plural(list.data.counts.overdue, {
            one: '# longer than two weeks',
            other: '# longer than two weeks',
          })}
        </p>
      )}
    </div>
  );
}

function Worklist() {
  const { site, today } = useHere();
  const [mine, setMine] = useState(false);
  const list = useQuery(worklistQuery({ site: site ?? undefined, owner: mine ? 'me' : undefined }));
  return (
    <div className="stack">
      <Choice
        label={t`Whose`}
        hideLabel
        quiet
        value={mine ? 'me' : 'all'}
        onChange={(value) => setMine(value === 'me')}
        options={[
          { value: 'all', label: t`Everybody's` },
          { value: 'me', label: t`Mine` },
        ]}
      />
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[30, 30]} />}
      {list.data?.items.length === 0 && (
        <Empty title={t`Nobody waits to be seen elsewhere.`}>
          <p>
            <Trans>A referral stays here until somebody confirms that the person was seen.</Trans>
          </p>
        </Empty>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <ReferralRow key={one.id} one={one} patient={one.patient?.id ?? ''} today={today()} named />
        ))}
      </ul>
    </div>
  );
}

function Wanted() {
  const { site, today, can } = useHere();
  const list = useQuery(wantedQuery(site ?? undefined));
  if (unreadable(list)) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton rows={4} widths={[30, 30]} />;
  if (list.data.items.length === 0) return <Empty title={t`Everybody who wants help has a referral.`} />;
  return (
    <ul>
      {list.data.items.map((need) => (
        <li key={need.id} className="referral-row">
          <div className="row-apart">
            <div>
              <p>
                {need.patient && (
                  <Link to="/patients/$patient" params={{ patient: need.patient.id }} className="strong">
                    {need.patient.family_name}, {need.patient.given_name}
                  </Link>
                )}{' '}
                {word(needWords, need.kind)}
              </p>
              <p className="soft small">
                <When date={need.found_on} today={today()} />
                {need.source && `, ${word(sourceWords, need.source)}`}
                {need.note && `. ${need.note}`}
              </p>
            </div>
            {can('community.write') && need.patient && (
              <LinkButton
                small
                to="/patients/$patient"
                params={{ patient: need.patient.id }}
                search={{ do: 'community', id: need.id }}
              >
                <Trans>Refer</Trans>
              </LinkButton>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Directory() {
  const { can } = useHere();
  const [q, setQ] = useState('');
  const [need, setNeed] = useState('');
  const [language, setLanguage] = useState('');
  const [area, setArea] = useState('');
  const [editing, setEditing] = useState<Service | 'new' | null>(null);
  const asked = useDeferredValue(q.trim());
  const place = useDeferredValue(area.trim());
  const list = useQuery(
    servicesQuery({
      q: asked || undefined,
      need: need || undefined,
      language: language || undefined,
      area: place || undefined,
    }),
  );
  return (
    <div className="stack">
      <div className="service-filters">
        <TextField label={t`Find`} type="search" value={q} onChange={setQ} />
        <Select
          label={t`For`}
          value={need}
          onChange={setNeed}
          blank={t`Everything`}
          options={options(needWords)}
        />
        <Select
          label={t`Language`}
          value={language}
          onChange={setLanguage}
          blank={t`Any`}
          options={options(languageWords)}
        />
        <TextField label={t`Postal code or area`} value={area} onChange={setArea} />
      </div>
      {can('directory.write') && (
        <div>
          <Button small onPress={() => setEditing('new')}>
            <Trans>Add a service</Trans>
          </Button>
        </div>
      )}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[30, 40]} />}
      {list.data?.items.length === 0 && (
        <Empty title={t`No service fits.`}>
          <p>
            <Trans>An administrator can import a whole list: concord import community.</Trans>
          </p>
        </Empty>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <ServiceRow key={one.id} one={one} onEdit={() => setEditing(one)} />
        ))}
      </ul>
      {editing && (
        <Sheet
          title={editing === 'new' ? t`Add a service` : t`Change the service`}
          onClose={() => setEditing(null)}
        >
          <ServiceForm service={editing === 'new' ? undefined : editing} onDone={() => setEditing(null)} />
        </Sheet>
      )}
    </div>
  );
}

function ServiceRow({ one, onEdit }: { one: Service; onEdit: () => void }) {
  const { can, today } = useHere();
  const save = useSave(
    (what: string) => act('POST', `/api/v1/community/services/${one.id}/acts`, { act: what }, one.version),
    async () => {
      await refreshCommunity();
      say(t`Kept.`);
    },
  );
  return (
    <li className="referral-row">
      <div className="row-apart">
        <div>
          <p className="strong">{one.name}</p>
          <p>
            {one.kinds.map((kind) => word(needWords, kind)).join(', ')}
            {one.languages.length > 0 && (
              <span className="soft">
                , {one.languages.map((code) => word(languageWords, code)).join(', ')}
              </span>
            )}
          </p>
          <p className="soft small">
            {[one.phone, one.hours, one.areas.join(', '), one.eligibility, one.cost, one.note]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <p className="soft small">
            {one.web && (
              <>
                <a href={one.web} target="_blank" rel="noreferrer">
                  <Trans>Their page</Trans>
                </a>
                {', '}
              </>
            )}
            {one.checked_on ? (
              <Trans>
                checked <When date={one.checked_on} today={today()} />
              </Trans>
            ) : (
              <Trans>never checked</Trans>
            )}
          </p>
          {(!!save.error || save.theirs) && (
            <ProblemNote error={save.error ?? t`Somebody else changed this meanwhile.`} />
          )}
        </div>
        {can('directory.write') && (
          <div className="row">
            <Button small look="quiet" isPending={save.saving} onPress={() => save.save('checked')}>
              <Trans>Still right</Trans>
            </Button>
            <Button small look="quiet" onPress={onEdit} aria-label={t`Change: ${one.name}`}>
              <Trans>Change</Trans>
            </Button>
            <Button
              small
              look="quiet"
              isPending={save.saving}
              onPress={() => save.save(one.withdrawn ? 'restore' : 'withdraw')}
            >
              {one.withdrawn ? <Trans>Offer it again</Trans> : <Trans>No longer there</Trans>}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

const listOf = (text: string) =>
  text
    .split(/[,;]/)
    .map((one) => one.trim())
    .filter(Boolean);

function ServiceForm({ service, onDone }: { service?: Service; onDone: () => void }) {
  const [name, setName] = useState(service?.name ?? '');
  const [kinds, setKinds] = useState(service?.kinds ?? []);
  const [languages, setLanguages] = useState(service?.languages ?? ['en']);
  const [areas, setAreas] = useState(service?.areas.join(', ') ?? '');
  const [phone, setPhone] = useState(service?.phone ?? '');
  const [hours, setHours] = useState(service?.hours ?? '');
  const [web, setWeb] = useState(service?.web ?? '');
  const [eligibility, setEligibility] = useState(service?.eligibility ?? '');
  const [cost, setCost] = useState(service?.cost ?? '');
  const [note, setNote] = useState(service?.note ?? '');
  const save = useSave(
    ({ body, version }: { body: unknown; version?: number }) =>
      service
        ? act<Service>('PATCH', `/api/v1/community/services/${service.id}`, body, version ?? service.version)
        : make<Service>('/api/v1/community/services', body),
    async () => {
      say(t`Kept.`);
      await refreshCommunity();
      onDone();
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={!name.trim() || kinds.length === 0}
      onSubmit={() =>
        save.save({
          version: theirs,
          body: {
            name: name.trim(),
            kinds,
            languages,
            areas: listOf(areas),
            phone: phone.trim(),
            hours: hours.trim(),
            web: web.trim(),
            eligibility: eligibility.trim(),
            cost: cost.trim(),
            note: note.trim(),
          },
        })
      }
      onCancel={onDone}
    >
      {theirs !== undefined && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>{' '}
          <Trans>Save again to put yours on top.</Trans>
        </p>
      )}
      <TextField
        label={t`Name`}
        value={name}
        onChange={setName}
        required
        error={issueFor(save.error, 'name')}
      />
      <Choices
        label={t`Helps with`}
        value={kinds}
        onChange={setKinds}
        options={options(needWords)}
        error={issueFor(save.error, 'kinds')}
      />
      <Choices
        label={t`Speaks`}
        value={languages}
        onChange={setLanguages}
        options={options(languageWords)}
        error={issueFor(save.error, 'languages')}
      />
      <TextField
        label={t`Where`}
        hint={t`Postal codes or areas, with commas: 10001, 104*, Bronx`}
        value={areas}
        onChange={setAreas}
        error={issueFor(save.error, 'areas')}
      />
      <div className="pair">
        <TextField
          label={t`Phone`}
          type="tel"
          value={phone}
          onChange={setPhone}
          error={issueFor(save.error, 'phone')}
        />
        <TextField label={t`Hours`} value={hours} onChange={setHours} />
      </div>
      <TextField label={t`Web page`} value={web} onChange={setWeb} error={issueFor(save.error, 'web')} />
      <TextField label={t`For whom`} value={eligibility} onChange={setEligibility} />
      <TextField label={t`What it costs`} value={cost} onChange={setCost} />
      <TextArea label={t`Note`} value={note} onChange={setNote} rows={2} />
    </ShortForm>
  );
}
