// Name, save, rename, delete my views. Deleting offers a way back.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient } from '../api/queries';
import type { SavedView } from '../api/types';
import { useSave } from '../app/save';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import type { CaseloadSearch } from './search';
import { viewText } from './views';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['views'] });
const keep = (body: { name: string; query: string }) =>
  create('views', body, (key) => client.POST('/api/v1/views', { params: { header: key }, body }));

export default function SavedViews({
  what,
  search,
  views,
  onClose,
}: {
  what: 'save' | 'manage';
  search: CaseloadSearch;
  views: SavedView[];
  onClose: () => void;
}) {
  return (
    <Sheet
      shape="box"
      title={what === 'save' ? <Trans>Save this view</Trans> : <Trans>My views</Trans>}
      onClose={onClose}
    >
      {what === 'save' ? (
        <SaveView search={search} views={views} onClose={onClose} />
      ) : views.length === 0 ? (
        <p className="soft">
          <Trans>No view left.</Trans>
        </p>
      ) : (
        <ul className="stack">
          {views.map((view) => (
            <OneView key={view.id} view={view} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function SaveView({
  search,
  views,
  onClose,
}: {
  search: CaseloadSearch;
  views: SavedView[];
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const same = views.find((view) => view.name.toLocaleLowerCase() === name.trim().toLocaleLowerCase());
  const save = useSave(
    (body: { name: string; query: string }) =>
      same
        ? call(
            client.PATCH('/api/v1/views/{view_id}', {
              params: { path: { view_id: same.id }, header: ifMatch(same.version) },
              body: { query: body.query },
            }),
          )
        : keep(body),
    async (view) => {
      say(t`Saved as “${view.name}”. It is under Views.`);
      await refresh();
      onClose();
    },
  );
  return (
    <ShortForm
      state={save}
      action={same ? <Trans>Save over it</Trans> : <Trans>Save</Trans>}
      onSubmit={() => save.save({ name: name.trim(), query: viewText(search) })}
      onCancel={onClose}
    >
      <TextField
        label={t`Name`}
        hint={t`Filters, order and columns are kept; never a patient.`}
        value={name}
        onChange={setName}
        required
        autoFocus
        error={issueFor(save.error, 'name')}
      />
      {same && (
        <p className="soft" role="status">
          <Trans>There is a view of this name; it will show what you see now.</Trans>
        </p>
      )}
    </ShortForm>
  );
}

function OneView({ view }: { view: SavedView }) {
  const [name, setName] = useState(view.name);
  const rename = useSave(
    (to: string) =>
      call(
        client.PATCH('/api/v1/views/{view_id}', {
          params: { path: { view_id: view.id }, header: ifMatch(view.version) },
          body: { name: to },
        }),
      ),
    async () => {
      say(t`Renamed.`);
      await refresh();
    },
  );
  const remove = useSave(
    (id: string) => call(client.DELETE('/api/v1/views/{view_id}', { params: { path: { view_id: id } } })),
    async () => {
      say(t`“${view.name}” is deleted.`, {
        label: t`Undo`,
        act: async () => {
          await keep({ name: view.name, query: view.query }).catch(() => undefined);
          await refresh();
        },
      });
      await refresh();
    },
  );
  return (
    <li>
      {(!!rename.error || rename.theirs || !!remove.error) && (
        <ProblemNote error={rename.error ?? remove.error ?? t`Somebody else changed this meanwhile.`} />
      )}
      <form
        className="row view-row"
        onSubmit={(event) => {
          event.preventDefault();
          rename.save(name.trim());
        }}
      >
        <TextField label={t`Name`} value={name} onChange={setName} required />
        <Button type="submit" small isDisabled={!name.trim() || name === view.name} isPending={rename.saving}>
          <Trans>Rename</Trans>
        </Button>
        <Button
          small
          look="quiet"
          isPending={remove.saving}
          onPress={() => remove.save(view.id)}
          aria-label={t`Delete ${view.name}`}
        >
          <Trans>Delete</Trans>
        </Button>
      </form>
    </li>
  );
}
