import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { write } from '../api/client';
import type { Unit } from '../api/types';
import { WarningIcon } from '../icons';
import { useSession } from '../session/session';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { phase } from '../words';
import { unitsQuery } from './queries';

const phases = ['off', 'shadow', 'allow_list', 'live'];

const meaning: Record<string, string> = {
  off: 'Nothing starts and nothing is sent.',
  shadow: 'Journeys run and everything is written down, but nothing is sent and nobody gets work from it.',
  allow_list: 'Sends to the patients of its allow-list; for all others as in shadow.',
  live: 'Sends to everybody.',
};

export default function DepartmentsPage() {
  const session = useSession();
  const units = useQuery(unitsQuery);
  const [changing, setChanging] = useState<{ unit: Unit; to: string }>();
  const items = units.data?.items.filter((unit) => unit.kind === 'hospital' || unit.kind === 'department') ?? [];
  const may = session.role === 'administrator';
  const reads = session.role === 'administrator' || session.role === 'supervisor';
  return (
    <>
      <p className="quiet hint">A department goes live one step at a time, and back by any number. Each change says why and is kept.</p>
      {units.isPending && <Waiting what="Reading the departments" />}
      {units.isError && <Failure problem={units.error} what="The departments could not be read" retry={() => void units.refetch()} />}
      {units.isSuccess && items.length === 0 && <Empty title="No department yet">Departments come from the EHR, as Organizations.</Empty>}
      {items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Department</th>
                <th scope="col">Phase</th>
                <th scope="col">On call</th>
                <th scope="col">
                  <span className="sr-only">Do</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((unit) => {
                const at = phases.indexOf(unit.phase);
                return (
                  <tr key={unit.id}>
                    <td className={unit.kind === 'department' ? 'indented' : 'strong'}>{unit.name}</td>
                    <td>
                      <ol className="phases" aria-label={`Phase: ${phase(unit.phase)}`}>
                        {phases.map((each, index) => (
                          <li key={each} className={index === at ? 'phase-now' : index < at ? 'phase-done' : ''} aria-current={index === at ? 'step' : undefined}>
                            {phase(each)}
                          </li>
                        ))}
                      </ol>
                    </td>
                    <td>
                      {unit.covered ? (
                        'yes'
                      ) : (
                        <span className="bad-words">
                          <WarningIcon /> nobody, so no journey starts
                        </span>
                      )}
                    </td>
                    <td className="row-end">
                      {reads && <Link to={`/stop-and-go/departments/${unit.id}`}>Report</Link>}
                      {may && at > 0 && (
                        <Button variant="default" size="xs" onClick={() => setChanging({ unit, to: phases[at - 1]! })}>
                          Back…
                        </Button>
                      )}
                      {may && at < phases.length - 1 && (
                        <Button variant="light" size="xs" onClick={() => setChanging({ unit, to: phases[at + 1]! })}>
                          {phase(phases[at + 1]!)}…
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <Modal opened={changing !== undefined} onClose={() => setChanging(undefined)} title={changing ? `${changing.unit.name}: ${phase(changing.to)}` : ''}>
        {changing && <ChangeForm {...changing} done={() => setChanging(undefined)} />}
      </Modal>
    </>
  );
}

function ChangeForm({ unit, to, done }: { unit: Unit; to: string; done: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const change = useMutation({
    mutationFn: () => write<Unit>(`/api/v1/units/${unit.id}/phase`, { json: { phase: to, reason } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['units'] });
      done();
    },
  });
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <p>
        From <strong>{phase(unit.phase).toLowerCase()}</strong> to <strong>{phase(to).toLowerCase()}</strong>. {meaning[to]}
      </p>
      <Textarea label="Why" required withAsterisk={false} maxLength={500} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      {change.isError && <Failure problem={change.error} what="The phase is as it was" />}
      <div className="form-end">
        <Button variant="default" onClick={done}>
          Leave it
        </Button>
        <Button type="submit" loading={change.isPending}>
          Change
        </Button>
      </div>
    </form>
  );
}
