import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Problem, write } from '../api/client';
import { journeysQuery } from '../api/queries';
import type { HeldGroup, Hold } from '../api/types';
import { StopIcon } from '../icons';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';
import { channel, sendReason } from '../words';
import { formerHoldsQuery, holdsQuery, previewQuery, unitsQuery } from './queries';

const channels = ['sms', 'voice', 'email', 'app', 'portal', 'chat', 'push'];

export default function StopPage() {
  const session = useSession();
  const may = session.role === 'supervisor' || session.role === 'administrator';
  const holds = useQuery(holdsQuery);
  const former = useQuery(formerHoldsQuery);
  const [stopping, setStopping] = useState(false);
  const [lifting, setLifting] = useState<Hold>();
  const over = former.data?.items.filter((hold) => !hold.inForce) ?? [];
  return (
    <>
      {may && (
        <section className="stop-block" aria-labelledby="stop-title">
          <div>
            <h2 id="stop-title">Stop what goes to patients</h2>
            <p className="quiet">From the moment you stop it, nothing more starts. What is already on its way arrives. Pages to your own staff still go.</p>
          </div>
          <Button className="stop-button" size="lg" leftSection={<StopIcon size={20} />} onClick={() => setStopping(true)}>
            Stop…
          </Button>
        </section>
      )}
      <h2 className="section">On hold now</h2>
      {holds.isPending && <Waiting what="Reading what is on hold" />}
      {holds.isError && <Failure problem={holds.error} what="What is on hold could not be read" retry={() => void holds.refetch()} />}
      {holds.isSuccess && holds.data.items.length === 0 && (
        <Empty title="Nothing is on hold">Messages go at their times. A stop shows here and on every page.</Empty>
      )}
      <ul className="holds">
        {holds.data?.items.map((hold) => (
          <li key={hold.id} className="hold">
            <div className="hold-what">
              <strong>{hold.what}</strong>
              {hold.scope !== 'system' && <span className="tag">for {hold.orgUnit.name}</span>}
              <span className="number">
                {hold.stopped.toLocaleString('en')} {hold.stopped === 1 ? 'message waits' : 'messages wait'}
              </span>
            </div>
            <p>{hold.reason}</p>
            <p className="quiet">
              Stopped by {hold.placedBy} <Ago at={hold.placedAt} />
              {hold.until && (
                <>
                  , ends <Ago at={hold.until} />
                </>
              )}
            </p>
            {may && hold.mayLift && (
              <Button variant="default" size="xs" onClick={() => setLifting(hold)}>
                See what would go, and lift…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {over.length > 0 && (
        <>
          <h2 className="section">Before</h2>
          <div className="table-wrap">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Why</th>
                  <th scope="col">Stopped</th>
                  <th scope="col">Lifted</th>
                </tr>
              </thead>
              <tbody>
                {over.map((hold) => (
                  <tr key={hold.id}>
                    <td className="strong">{hold.what}</td>
                    <td>{hold.reason}</td>
                    <td>
                      <Ago at={hold.placedAt} /> <span className="quiet">by {hold.placedBy}</span>
                    </td>
                    <td>
                      {hold.liftedAt ? (
                        <>
                          <Ago at={hold.liftedAt} /> <span className="quiet">by {hold.liftedBy}</span>
                        </>
                      ) : (
                        <span className="quiet">ended by itself</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <Modal opened={stopping} onClose={() => setStopping(false)} title="Stop what goes to patients">
        {stopping && <StopForm done={() => setStopping(false)} />}
      </Modal>
      <Modal opened={lifting !== undefined} onClose={() => setLifting(undefined)} title={lifting ? `Lift the stop: ${lifting.what}` : ''} size="lg">
        {lifting && <LiftForm hold={lifting} done={() => setLifting(undefined)} />}
      </Modal>
    </>
  );
}

function StopForm({ done }: { done: () => void }) {
  const queries = useQueryClient();
  const units = useQuery(unitsQuery).data?.items ?? [];
  const journeys = useQuery(journeysQuery).data?.items ?? [];
  const [scope, setScope] = useState('org_unit');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const place = useMutation({
    mutationFn: () => write<Hold>('/api/v1/holds', { json: { scope, value: scope === 'system' ? '' : value, reason } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['holds'] });
    },
  });
  const choices = {
    system: [],
    org_unit: units.filter((unit) => unit.kind !== 'location' && unit.kind !== 'system').map((unit) => ({ value: unit.id, label: unit.name })),
    location: units.filter((unit) => unit.kind === 'location').map((unit) => ({ value: unit.id, label: unit.name })),
    journey: journeys.map((journey) => ({ value: journey.key, label: journey.title })),
    channel: channels.map((code) => ({ value: code, label: channel(code) })),
  }[scope] as { value: string; label: string }[];
  if (place.isSuccess)
    return (
      <div className="form">
        <p role="status" className="notice notice-good">
          <strong>{place.data.what} is stopped.</strong> Nothing more starts.{' '}
          {place.data.onTheirWay
            ? `${place.data.onTheirWay} ${place.data.onTheirWay === 1 ? 'message was' : 'messages were'} on the way already and cannot be called back.`
            : 'Nothing was on its way.'}
        </p>
        <Button onClick={done}>Close</Button>
      </div>
    );
  const field = place.error instanceof Problem ? place.error.field : undefined;
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        place.mutate();
      }}
    >
      <NativeSelect
        label="What to stop"
        value={scope}
        onChange={(event) => {
          setScope(event.currentTarget.value);
          setValue('');
        }}
        data={[
          { value: 'org_unit', label: 'A hospital or department' },
          { value: 'location', label: 'A location' },
          { value: 'journey', label: 'A journey' },
          { value: 'channel', label: 'A channel' },
          { value: 'system', label: 'Everything' },
        ]}
      />
      {scope !== 'system' && (
        <NativeSelect
          label="Which"
          required
          withAsterisk={false}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          data={[{ value: '', label: 'Choose…' }, ...choices]}
          error={field === 'value' && place.error?.message}
        />
      )}
      <Textarea
        label="Why"
        description="Everybody reads it. No patient’s name."
        required
        withAsterisk={false}
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={field === 'reason' && place.error?.message}
      />
      {place.isError && !field && <Failure problem={place.error} what="It was not stopped" />}
      <Button type="submit" className="stop-button" loading={place.isPending} disabled={scope !== 'system' && value === ''}>
        {scope === 'system' ? 'Stop everything now' : 'Stop now'}
      </Button>
    </form>
  );
}

function LiftForm({ hold, done }: { hold: Hold; done: () => void }) {
  const queries = useQueryClient();
  const preview = useQuery(previewQuery(hold.id));
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const lift = useMutation({
    mutationFn: () => write<Hold>(`/api/v1/holds/${hold.id}/lift`, { json: { reason, confirm: typed === '' ? null : Number(typed) } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['holds'] });
      done();
    },
  });
  if (preview.isPending) return <Waiting what="Looking at every message that waits" />;
  if (preview.isError) return <Failure problem={preview.error} what="What would go could not be read" retry={() => void preview.refetch()} />;
  const { goesNow, waits, dropped, stillHeld, covered, lookedAt, typed: mustType } = preview.data;
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        lift.mutate();
      }}
    >
      {covered > lookedAt && (
        <p className="quiet">
          {covered.toLocaleString('en')} messages wait; the {lookedAt.toLocaleString('en')} that are due first were looked at.
        </p>
      )}
      <dl className="outlook">
        <Outlook title="Go now" group={goesNow} />
        <Outlook title="Wait for their hour" group={waits} />
        <Outlook title="Are dropped" group={dropped} />
        {stillHeld.count > 0 && <Outlook title="Stay held" group={stillHeld} />}
      </dl>
      <p className="quiet">Each is looked at once more as it goes: consent, hour, and whether the visit is still as it says.</p>
      <Textarea label="Why (may stay empty)" maxLength={500} autosize minRows={1} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      {mustType && (
        <TextInput
          label={`Type ${hold.stopped} to let them go`}
          inputMode="numeric"
          required
          withAsterisk={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.replace(/\D/g, ''))}
        />
      )}
      {lift.isError && <Failure problem={lift.error} what="The stop stands" />}
      <div className="form-end">
        <Button variant="default" onClick={done}>
          Keep it stopped
        </Button>
        <Button type="submit" loading={lift.isPending} disabled={mustType && typed === ''}>
          Lift the stop
        </Button>
      </div>
    </form>
  );
}

function Outlook({ title, group }: { title: string; group: HeldGroup }) {
  return (
    <div className="outlook-group">
      <dt>{title}</dt>
      <dd className="outlook-count">{group.count.toLocaleString('en')}</dd>
      <dd className="quiet">{group.reasons.map((each) => `${each.count.toLocaleString('en')} ${sendReason(each.reason).toLowerCase()}`).join(', ')}</dd>
      {group.first.length > 0 && (
        <dd>
          <details>
            <summary>The first {group.first.length}</summary>
            <ul className="outlook-first">
              {group.first.map((item, index) => (
                <li key={index}>
                  <span className="strong">{item.orgUnit}</span> {item.template.replaceAll('-', ' ')}, written <Ago at={item.writtenAt} />
                  {item.goesAt && group.count > 0 && title.startsWith('Wait') && (
                    <>
                      , goes <Ago at={item.goesAt} />
                    </>
                  )}
                  <br />
                  <span className="quiet">{item.sentence}</span>
                </li>
              ))}
            </ul>
          </details>
        </dd>
      )}
    </div>
  );
}
