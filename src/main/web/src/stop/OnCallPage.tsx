import { Button, Modal, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Problem, write } from '../api/client';
import type { Queue } from '../api/types';
import { WarningIcon } from '../icons';
import { useSession } from '../session/session';
import { Failure, Waiting } from '../shell/Notices';
import { phoneNumber } from '../words';
import { queuesQuery } from './queries';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const short = (day: string) => day.charAt(0).toUpperCase() + day.slice(1, 3);

export default function OnCallPage() {
  const session = useSession();
  const queues = useQuery(queuesQuery);
  const [editing, setEditing] = useState<Queue>();
  const depth = (path: string) => path.split('/').length;
  const top = Math.min(...(queues.data?.items.map((queue) => depth(queue.path)) ?? [0]));
  const may = session.role === 'supervisor' || session.role === 'administrator';
  return (
    <>
      <p className="quiet hint">
        When each unit has somebody at work, and who is texted, in this order, when a patient may be in danger: the next after five minutes, until one of them takes it. A
        unit without its own follows the one above it.
      </p>
      {queues.isPending && <Waiting what="Reading hours and on call" />}
      {queues.isError && <Failure problem={queues.error} what="Hours and on call could not be read" retry={() => void queues.refetch()} />}
      <ul className="queues">
        {queues.data?.items.map((queue) => (
          <li key={queue.orgUnit} className="queue" style={{ marginInlineStart: `${(depth(queue.path) - top) * 16}px` }}>
            <div className="queue-head">
              <strong>{queue.name}</strong>
              {!queue.covered && (
                <span className="bad-words">
                  <WarningIcon /> nobody is on call: no journey starts
                </span>
              )}
              {may && (
                <Button variant="subtle" size="xs" onClick={() => setEditing(queue)}>
                  Change…
                </Button>
              )}
            </div>
            <p className="quiet">
              {queue.hours
                ? `${weekdays
                    .filter((day) => queue.hours!.days[day]?.length)
                    .map((day) => `${short(day)} ${queue.hours!.days[day]!.join(', ')}`)
                    .join(' · ')}${queue.hours.closures.length ? ` · closed ${queue.hours.closures.join(', ')}` : ''} (${queue.zone}; ${queue.openNow ? 'open now' : 'closed now'})`
                : 'Hours as the unit above, else around the clock'}
            </p>
            {queue.onCall.length > 0 && (
              <ol className="chain">
                {queue.onCall.map((person, index) => (
                  <li key={index}>
                    {person.name} <span className="number quiet">{phoneNumber(person.phone ?? '')}</span> {person.username && <span className="tag">{person.username}</span>}
                  </li>
                ))}
              </ol>
            )}
          </li>
        ))}
      </ul>
      <Modal opened={editing !== undefined} onClose={() => setEditing(undefined)} title={editing ? `${editing.name}: hours and on call` : ''} size="lg">
        {editing && <QueueForm queue={editing} done={() => setEditing(undefined)} />}
      </Modal>
    </>
  );
}

type Row = { name: string; phone: string; username: string };

function QueueForm({ queue, done }: { queue: Queue; done: () => void }) {
  const queries = useQueryClient();
  const [own, setOwn] = useState(queue.hours !== null);
  const [days, setDays] = useState<Record<string, string>>(
    Object.fromEntries(weekdays.map((day) => [day, queue.hours ? (queue.hours.days[day] ?? []).join(', ') : day.startsWith('s') ? '' : '08:00-17:00'])),
  );
  const [closures, setClosures] = useState(queue.hours?.closures.join(', ') ?? '');
  const [chain, setChain] = useState<Row[]>(queue.onCall.map((person) => ({ name: person.name ?? '', phone: person.phone ?? '', username: person.username ?? '' })));
  const list = (text: string) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
  const save = useMutation({
    mutationFn: () =>
      write<Queue>(`/api/v1/queues/${queue.orgUnit}`, {
        method: 'PUT',
        json: {
          hours: own ? { days: Object.fromEntries(weekdays.map((day) => [day, list(days[day] ?? '')])), closures: list(closures) } : null,
          covering: queue.covering,
          onCall: chain.map((row) => ({ ...row, username: row.username || null })),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['queues'] });
      await queries.invalidateQueries({ queryKey: ['units'] });
      done();
    },
  });
  const problem = save.error instanceof Problem ? save.error : undefined;
  const wrong = (field: string) => problem?.field === field && problem.detail;
  const change = (index: number, part: Partial<Row>) => setChain((rows) => rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const move = (index: number, by: number) =>
    setChain((rows) => {
      const next = [...rows];
      const [row] = next.splice(index, 1);
      next.splice(index + by, 0, row!);
      return next;
    });
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label className="check">
        <input type="checkbox" checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} /> This unit has staffed hours of its own
      </label>
      {own && (
        <div className="week">
          {weekdays.map((day) => (
            <TextInput
              key={day}
              label={short(day)}
              placeholder="closed"
              value={days[day] ?? ''}
              onChange={(event) => setDays((before) => ({ ...before, [day]: event.currentTarget.value }))}
              error={problem?.field?.startsWith(`hours.days.${day}`) && problem.detail}
            />
          ))}
        </div>
      )}
      {own && (
        <Textarea label="Closed on" description="Days as 2026-12-25, with commas" autosize minRows={1} value={closures} onChange={(event) => setClosures(event.currentTarget.value)} error={problem?.field?.startsWith('hours.closures') && problem.detail} />
      )}
      <h3>Who is called, in this order</h3>
      {chain.map((row, index) => (
        <div key={index} className="chain-row">
          <TextInput aria-label={`Name ${index + 1}`} placeholder="Name" value={row.name} onChange={(event) => change(index, { name: event.currentTarget.value })} error={wrong(`onCall[${index}].name`)} />
          <TextInput aria-label={`Phone ${index + 1}`} placeholder="Phone that takes texts" value={row.phone} onChange={(event) => change(index, { phone: event.currentTarget.value })} error={wrong(`onCall[${index}].phone`)} />
          <TextInput aria-label={`User name ${index + 1}`} placeholder="User name (if any)" value={row.username} onChange={(event) => change(index, { username: event.currentTarget.value })} error={wrong(`onCall[${index}].username`)} />
          <Button variant="subtle" size="xs" disabled={index === 0} onClick={() => move(index, -1)} aria-label={`Move ${row.name || 'this person'} up`}>
            ↑
          </Button>
          <Button variant="subtle" size="xs" color="gray" onClick={() => setChain((rows) => rows.filter((_, at) => at !== index))} aria-label={`Take ${row.name || 'this person'} off`}>
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => setChain((rows) => [...rows, { name: '', phone: '', username: '' }])}>
          Add somebody
        </Button>
      </div>
      {save.isError && <Failure problem={save.error} what="Nothing was changed" />}
      <div className="form-end">
        <Button variant="default" onClick={done}>
          Leave it
        </Button>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
