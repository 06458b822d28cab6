/** @jsxImportSource preact */
// My record to take along: a file for machines, or pages for paper.
import { t } from '@lingui/core/macro';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAct } from './act';
import { get } from './api';
import { plainDate } from './dates';
import { FrameContext } from './frame';
import { download } from './safety_plan';
import { useHere } from './session';
import { useStepUp } from './step_up';
import { Button, Done, LinkButton, Loading, Notice, Page, print, Trouble } from './ui';

export default function RecordPage({ id }: { id?: string }) {
  const here = useHere();
  if (!here.isSelf)
    return (
      <Page title={t`Download or print your record`}>
        <p>{t`Only ${here.name} can see and change this.`}</p>
      </Page>
    );
  return id === 'print' ? <Paper /> : <Ask />;
}

function Ask() {
  const act = useAct();
  const proof = useStepUp();
  const [done, setDone] = useState(0);
  const here = useHere();
  const fetchFile = () =>
    void act.run(() =>
      proof.guard(async () => {
        const record = await get<unknown>('record');
        download(JSON.stringify(record, null, 2), `record-${here.today}.json`, 'application/json');
        setDone((n) => n + 1);
      }),
    );
  return (
    <Page title={t`Download or print your record`}>
      <Notice>
        <p>{t`A file or a paper can be read by anybody who finds it. Take care on a shared phone or printer.`}</p>
      </Notice>
      {done > 0 && (
        <Done key={done}>
          <p>{t`The file is in your downloads.`}</p>
        </Done>
      )}
      <Trouble act={act} again={fetchFile} />
      <p>{t`The file holds everything your page can show. Other computer programs can read it.`}</p>
      <div class="row">
        <Button look="main" busy={act.saving} onClick={fetchFile}>
          {t`Download the file`}
        </Button>
        <LinkButton to="/portal/record/print">{t`Pages to print`}</LinkButton>
      </div>
      {proof.panel}
    </Page>
  );
}

const PARTS = [
  'plan',
  'goals',
  'scores',
  'treatments',
  'decisions',
  'team',
  'visits',
  'safety-plan',
] as const;
const load: Record<(typeof PARTS)[number], () => Promise<{ default: ComponentType<{ id?: string }> }>> = {
  plan: () => import('./plan'),
  goals: () => import('./goals'),
  scores: () => import('./scores'),
  treatments: () => import('./medicines'),
  decisions: () => import('./choices'),
  team: () => import('./team'),
  visits: () => import('./visits'),
  'safety-plan': () => import('./safety_plan'),
};
const FRAME = { level: 1, address: (view: string) => view };

function Paper() {
  const here = useHere();
  const [parts, setParts] = useState<ComponentType<{ id?: string }>[] | null>(null);
  useEffect(() => {
    void Promise.all(PARTS.filter((part) => here.sees(part)).map((part) => load[part]())).then((loaded) =>
      setParts(loaded.map((one) => one.default)),
    );
  }, [here]);
  const patient = here.session.acting?.patient;
  const name = [patient?.given_name, patient?.family_name].filter(Boolean).join(' ');
  return (
    <Page title={t`My record`} back={{ to: '/portal/record', words: t`Download or print your record` }}>
      <p>
        {name}
        {patient?.birth_date && `, ${t`born ${plainDate(patient.birth_date)}`}`}. {here.session.clinic.name}.{' '}
        {plainDate(here.today)}.
      </p>
      <div class="no-print">
        <Button look="main" onClick={print}>{t`Print`}</Button>
      </div>
      <FrameContext.Provider value={FRAME}>
        <fieldset disabled class="paper">
          <legend class="hidden-text">{t`My record`}</legend>
          {parts ? parts.map((Part, index) => <Part key={PARTS[index]} />) : <Loading />}
        </fieldset>
      </FrameContext.Provider>
    </Page>
  );
}
