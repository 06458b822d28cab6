// Every component in one place, in all its states: to look at, to test, to print.
import { useState } from 'react';
import { ApiError } from '../api/client';
import type { Need } from '../api/types';
import { Button } from './button';
import { Choice, Choices } from './choice';
import { Conflict } from './conflict';
import { Check, DateField, Select, TextArea, TextField } from './field';
import { NeedIcon } from './icons';
import { MenuButton } from './menu';
import { Sheet } from './sheet';
import { Sparkline } from './sparkline';
import { Empty, NeedChip, ProblemNote, Skeleton } from './states';
import { say } from './toast';
import '../caseload/caseload.css';

const NEEDS: Need[] = ['safety', 'overdue', 'not_improving', 'review_due', 'target_met', 'on_track'];
const OPTIONS = [
  { value: 'a', label: 'First' },
  { value: 'b', label: 'Second' },
  { value: 'c', label: 'Third' },
];

export function Showcase() {
  const [text, setText] = useState('Words');
  const [one, setOne] = useState('a');
  const [some, setSome] = useState(['a', 'c']);
  const [check, setCheck] = useState(true);
  const [open, setOpen] = useState(false);
  return (
    <div className="stack" lang="en" style={{ gap: 32, maxWidth: 760 }}>
      <h1>Components</h1>
      <section className="stack-tight">
        <h2>Needs</h2>
        <div className="row">
          {NEEDS.map((need) => (
            <NeedChip key={need} need={need} />
          ))}
        </div>
        <div className="row">
          {NEEDS.map((need) => (
            <span key={need} className={`need-${need} hue`}>
              <NeedIcon need={need} />
            </span>
          ))}
        </div>
      </section>
      <section className="stack-tight">
        <h2>Buttons</h2>
        <div className="row">
          <Button look="primary">Primary</Button>
          <Button>Plain</Button>
          <Button look="safety">Safety</Button>
          <Button look="quiet">Quiet</Button>
          <Button small>Small</Button>
          <Button isDisabled>Disabled</Button>
          <MenuButton
            label="Menu"
            entries={[
              { id: '1', label: 'One' },
              { id: '2', label: 'Two' },
            ]}
          />
          <Button onPress={() => say('Something was saved.')}>Say</Button>
          <Button onPress={() => setOpen(true)}>Open a sheet</Button>
        </div>
      </section>
      <section className="stack">
        <h2>Fields</h2>
        <div className="pair">
          <TextField label="Text" hint="A hint is one short sentence." value={text} onChange={setText} />
          <TextField label="With an error" error="The server says why." value={text} onChange={setText} />
          <Select label="Select" value={one} onChange={setOne} options={OPTIONS} />
          <DateField label="Date" value="2026-03-03" onChange={() => undefined} />
        </div>
        <TextArea label="Long text" value={text} onChange={setText} />
        <Choice label="One of a few" value={one} onChange={setOne} options={OPTIONS} />
        <Choices label="Any of a few" value={some} onChange={setSome} options={OPTIONS} />
        <Check label="Yes or no" value={check} onChange={setCheck} />
      </section>
      <section className="stack-tight">
        <h2>Sparkline</h2>
        <Sparkline
          today="2026-03-03"
          line={5}
          points={[
            { date: '2025-10-01', total: 19 },
            { date: '2025-10-22', total: 17 },
            { date: '2025-11-12', total: 14 },
            { date: '2026-01-20', total: 9 },
            { date: '2026-02-20', total: 6 },
          ]}
        />
      </section>
      <section className="stack">
        <h2>States</h2>
        <Empty title="No one is waiting.">Next check-in due Thursday.</Empty>
        <Skeleton rows={2} />
        <ProblemNote
          error={new ApiError(0, { title: 'offline', status: 0, code: 'offline' })}
          onRetry={() => undefined}
        />
        <ProblemNote
          error={
            new ApiError(422, {
              title: 'Invalid',
              status: 422,
              code: 'invalid',
              issues: [{ path: 'total', text: 'PHQ-9 goes from 0 to 27.' }],
            })
          }
        />
        <Conflict
          fields={[
            {
              key: 'note',
              label: 'Note',
              theirs: 'Walked twice this week.',
              yours: 'Walked with her sister.',
              joinable: true,
            },
            { key: 'minutes', label: 'Minutes', theirs: '20', yours: '24' },
          ]}
          onResolve={() => say('Saved.')}
          onCancel={() => undefined}
        />
      </section>
      {open && (
        <Sheet title="A sheet" subtitle="For one form" onClose={() => setOpen(false)}>
          <p>It holds the focus and gives it back.</p>
        </Sheet>
      )}
    </div>
  );
}
