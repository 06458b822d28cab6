// What a site says about its visits: where they are, and how the link of its own video service is made.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/ask';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { type VisitSettings, visitSettingsQuery } from './queries';

export function VisitSettingsShown() {
  const { session, site: here } = useHere();
  const [site, setSite] = useState(here ?? session.sites[0]?.id ?? '');
  const settings = useQuery({ ...visitSettingsQuery(site), enabled: !!site });
  return (
    <>
      <header>
        <h1>
          <Trans>Visits</Trans>
        </h1>
      </header>
      {session.sites.length > 1 && (
        <Select
          label={t`Site`}
          value={site}
          onChange={setSite}
          options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      {unreadable(settings) && <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <Skeleton rows={2} widths={[40]} />}
      {settings.data && <Form key={`${site} ${settings.data.version}`} site={site} now={settings.data} />}
    </>
  );
}

function Form({ site, now }: { site: string; now: VisitSettings }) {
  const [place, setPlace] = useState(now.place);
  const [link, setLink] = useState(now.video_link_template ?? '');
  const save = useSave(
    (version: number) =>
      act<VisitSettings>(
        'PUT',
        `/api/v1/sites/${site}/visit-settings`,
        { place: place.trim(), video_link_template: link.trim() || null },
        version,
      ),
    async () => {
      say(t`Kept.`);
      await queryClient.invalidateQueries({ queryKey: ['program', 'visit-settings'] });
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <ShortForm state={save} action={<Trans>Save</Trans>} onSubmit={() => save.save(theirs ?? now.version)}>
      {theirs !== undefined && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>{' '}
          <Trans>Save again to put yours on top.</Trans>
        </p>
      )}
      <TextField
        label={t`Where visits are`}
        hint={t`Street, floor, door. Patients read it.`}
        value={place}
        onChange={setPlace}
        error={issueFor(save.error, 'place')}
      />
      <TextField
        label={t`Link to a video call`}
        hint={t`The clinic’s own video service. Where “visit” stands in braces comes a number of its own for each visit.`}
        value={link}
        onChange={setLink}
        error={issueFor(save.error, 'video_link_template')}
      />
    </ShortForm>
  );
}
