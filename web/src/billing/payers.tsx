// What each payer accepts, since when and who said so; and the published rates with their source.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, create } from '../api/client';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, payerWords, word } from '../ui/words';
import { ratesQuery, settingsQuery } from './queries';
import { familyWords } from './words';

type Settings = Record<string, unknown>;

/** The settings of a payer as sentences. */
export function settingWords(settings: Settings): string[] {
  const out: string[] = [];
  if (settings.family)
    out.push(t`bills as: ${word(familyWords, String(settings.family)).toLocaleLowerCase()}`);
  if (settings.g2214 === 'not_accepted') out.push(t`does not take G2214`);
  if (settings.g2214 === 'from_16') out.push(t`takes G2214 from 16 minutes`);
  if (settings.g2214 === 'propose') out.push(t`G2214 below 30 minutes must be confirmed`);
  if (settings.add_on_cap === null) out.push(t`no limit on 99494`);
  else if (settings.add_on_cap !== undefined) out.push(t`at most ${String(settings.add_on_cap)} × 99494`);
  if (settings.initial_once_per_calendar_year) out.push(t`99492 once in a calendar year`);
  if (settings.prior_authorization_after_months)
    out.push(t`prior authorization after ${String(settings.prior_authorization_after_months)} months`);
  if (settings.general_bhi_code)
    out.push(
      settings.general_bhi_from
        ? t`${String(settings.general_bhi_code)} from ${String(settings.general_bhi_from)} minutes`
        : String(settings.general_bhi_code),
    );
  return out;
}

export function Payers({ today }: { today: string }) {
  const { can } = useHere();
  const list = useQuery(settingsQuery);
  const rates = useQuery(ratesQuery);
  const [adding, setAdding] = useState(false);
  return (
    <div className="stack">
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[20, 40]} />}
      {list.data?.items.length === 0 && (
        <Empty title={t`No payer has settings of its own.`}>
          <p>
            <Trans>The published defaults hold for everybody.</Trans>
          </p>
        </Empty>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <li key={one.payer_category + one.plan_name + one.valid_from + one.version} className="fact">
            <span className={one.current === false ? 'soft' : 'strong'}>
              {one.plan_name || word(payerWords, one.payer_category)}
            </span>{' '}
            <span className="soft">
              <Trans>
                from <When date={one.valid_from} today={today} />
              </Trans>
            </span>
            <p>{settingWords(one.settings).join('; ')}</p>
            {one.reason && (
              <p className="small soft">
                {one.changed_by?.name}: {one.reason}
              </p>
            )}
          </li>
        ))}
      </ul>
      {can('billing.close') && (
        <div>
          <Button onPress={() => setAdding(true)}>
            <Trans>New setting</Trans>
          </Button>
        </div>
      )}
      {rates.data && (
        <section className="stack-tight">
          <h2>
            <Trans>Codes and published rates</Trans>
          </h2>
          <TableScroll label={t`Codes and published rates`}>
            <table className="board">
              <thead>
                <tr>
                  <th scope="col">{t`Code`}</th>
                  <th scope="col">{t`What`}</th>
                  <th scope="col">{t`Rate`}</th>
                </tr>
              </thead>
              <tbody>
                {rates.data.codes.map((code) => (
                  <tr key={code.code}>
                    <th scope="row" className="strong">
                      {code.code}
                    </th>
                    <td>{code.title}</td>
                    <td>
                      {code.rates.length === 0 && <span className="soft">–</span>}
                      {code.rates.map((rate) => (
                        <p key={`${rate.place}${rate.from}`} title={rate.source ?? undefined}>
                          ${rate.usd.toFixed(2)}{' '}
                          <span className="soft small">
                            {[rate.place, rate.from && t`from ${rate.from}`, rate.source]
                              .filter(Boolean)
                              .join(', ')}
                          </span>
                        </p>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </section>
      )}
      {adding && <NewSetting today={today} onClose={() => setAdding(false)} />}
    </div>
  );
}

function NewSetting({ today, onClose }: { today: string; onClose: () => void }) {
  const [payer, setPayer] = useState('');
  const [plan, setPlan] = useState('');
  const [from, setFrom] = useState(today);
  const [family, setFamily] = useState('');
  const [g2214, setG2214] = useState('');
  const [cap, setCap] = useState('');
  const [months, setMonths] = useState('');
  const [reason, setReason] = useState('');
  const save = useSave(
    (body: {
      payer_category: string;
      plan_name?: string;
      valid_from: string;
      settings: Settings;
      reason: string;
    }) =>
      create('billing/settings', body, (key) =>
        client.POST('/api/v1/billing/settings', { params: { header: key }, body: body as never }),
      ),
    async () => {
      say(t`Saved as a new version; the old one is kept.`);
      await queryClient.invalidateQueries({ queryKey: ['billing'] });
      onClose();
    },
  );
  return (
    <Sheet title={t`New setting`} onClose={onClose}>
      <ShortForm
        state={save}
        action={<Trans>Save</Trans>}
        onSubmit={() =>
          save.save({
            payer_category: payer,
            plan_name: plan.trim() || undefined,
            valid_from: from,
            settings: {
              ...(family ? { family } : {}),
              ...(g2214 ? { g2214 } : {}),
              ...(cap === '' ? {} : { add_on_cap: Number(cap) }),
              ...(months === '' ? {} : { prior_authorization_after_months: Number(months) }),
            },
            reason,
          })
        }
        onCancel={onClose}
      >
        <div className="pair">
          <Select
            label={t`Payer`}
            value={payer}
            onChange={setPayer}
            blank={t`Choose`}
            options={options(payerWords)}
            required
            error={issueFor(save.error, 'payer_category')}
          />
          <TextField label={t`Plan name`} hint={t`Blank: all its plans`} value={plan} onChange={setPlan} />
          <DateField
            label={t`From`}
            value={from}
            onChange={setFrom}
            required
            error={issueFor(save.error, 'valid_from')}
          />
        </div>
        <Choice
          label={t`Bill as`}
          value={family}
          onChange={setFamily}
          options={[{ value: '', label: t`As published` }, ...options(familyWords)]}
        />
        <Choice
          label={t`G2214 from 16 to 29 minutes`}
          value={g2214}
          onChange={setG2214}
          options={[
            { value: '', label: t`As published` },
            { value: 'propose', label: t`Must be confirmed` },
            { value: 'from_16', label: t`Accepted` },
            { value: 'not_accepted', label: t`Never` },
          ]}
        />
        <div className="pair">
          <TextField
            label={t`At most so many 99494`}
            type="number"
            inputMode="numeric"
            short
            min={0}
            value={cap}
            onChange={setCap}
          />
          <TextField
            label={t`Authorization after months`}
            type="number"
            inputMode="numeric"
            short
            min={1}
            value={months}
            onChange={setMonths}
          />
        </div>
        <TextField
          label={t`Because`}
          hint={t`Who said so, where it is written`}
          value={reason}
          onChange={setReason}
          required
          error={issueFor(save.error, 'reason')}
        />
      </ShortForm>
    </Sheet>
  );
}
