import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Problem, write } from '../api/client';
import type { Absence } from '../api/types';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { Ago } from '../time/Moment';
import { absencesQuery } from './queries';

export default function AwayPage() {
  const session = useSession();
  const may = session.role === 'supervisor' || session.role === 'administrator';
  const queries = useQueryClient();
  const absences = useQuery(absencesQuery);
  const back = useMutation({
    mutationFn: (id: string) => write(`/api/v1/absences/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['absences'] }),
  });
  return (
    <>
      <p className="quiet hint">When somebody’s absence begins, the tasks they had taken go back to their queues for others.</p>
      {may && <AwayForm />}
      {absences.isPending && <Waiting what="Reading who is away" />}
      {absences.isError && <Failure problem={absences.error} what="Who is away could not be read" retry={() => void absences.refetch()} />}
      {back.isError && <Failure problem={back.error} what="They are still marked away" />}
      {absences.isSuccess && absences.data.items.length === 0 && <Empty title="Nobody is away" />}
      {absences.data && absences.data.items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">From</th>
                <th scope="col">Until</th>
                <th scope="col">
                  <span className="sr-only">Do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {absences.data.items.map((absence) => (
                <tr key={absence.id}>
                  <td className="strong">
                    {absence.displayName} {absence.now && <span className="tag">away now</span>}
                  </td>
                  <td>
                    <Ago at={absence.from} />
                  </td>
                  <td>
                    <Ago at={absence.until} />
                  </td>
                  <td className="row-end">
                    {may && (
                      <Button variant="default" size="xs" onClick={() => back.mutate(absence.id)}>
                        Is back
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function AwayForm() {
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const enter = useMutation({
    mutationFn: () =>
      write<Absence>('/api/v1/absences', {
        json: { username: username.trim(), from: from ? new Date(from).toISOString() : null, until: until ? new Date(until).toISOString() : null },
      }),
    onSuccess: async () => {
      setUsername('');
      setFrom('');
      setUntil('');
      await queries.invalidateQueries({ queryKey: ['absences'] });
    },
  });
  const problem = enter.error instanceof Problem ? enter.error : undefined;
  const wrong = (field: string) => problem?.field === field && problem.detail;
  return (
    <form
      className="form-line"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      <TextInput label="User name" required withAsterisk={false} value={username} onChange={(event) => setUsername(event.currentTarget.value)} error={wrong('username')} />
      <TextInput label="From (now, if empty)" type="datetime-local" value={from} onChange={(event) => setFrom(event.currentTarget.value)} error={wrong('from')} />
      <TextInput label="Until" type="datetime-local" required withAsterisk={false} value={until} onChange={(event) => setUntil(event.currentTarget.value)} error={wrong('until')} />
      <Button type="submit" loading={enter.isPending}>
        Mark away
      </Button>
      {problem && !problem.field && <Failure problem={problem} what="Nothing was changed" />}
    </form>
  );
}
