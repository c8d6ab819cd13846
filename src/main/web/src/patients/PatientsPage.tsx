import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { patientsQuery } from '../api/queries';
import type { Candidate, PatientCard } from '../api/types';
import { SearchIcon } from '../icons';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { lookupQuery } from '../talk/queries';
import { useNow } from '../time/clock';
import { age, plainDate, wallClock } from '../time/phrases';
import { language, patientStatus } from '../words';

type Found = Pick<Candidate, 'visits' | 'tasks'> & { patient: Pick<PatientCard, 'id' | 'name' | 'birthDate' | 'language' | 'status'> };
type State = { words?: string; find?: number } | null;

/** The words looked for are kept with the history entry, not in the address: addresses end up in logs. */
export default function PatientsPage() {
  const state = useLocation().state as State;
  const navigate = useNavigate();
  const asked = state?.words ?? '';
  const [words, setWords] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  const byIdentifier = asked.includes('|');
  const identified = useQuery(patientsQuery(byIdentifier ? asked : ''));
  const looked = useQuery(lookupQuery(byIdentifier ? '' : asked));
  const found = byIdentifier ? identified : looked;
  const now = useNow();

  useEffect(() => {
    field.current?.focus();
  }, [state?.find]);

  function search(event: FormEvent) {
    event.preventDefault();
    navigate('/patients', { state: { words: words.trim() }, replace: asked === '' });
  }

  const items: Found[] = byIdentifier
    ? (identified.data?.items ?? []).map((patient) => ({ patient, visits: [], tasks: [] }))
    : (looked.data?.items ?? []);
  const more = byIdentifier ? identified.data?.next : looked.data?.more;
  return (
    <main className="page">
      <title>Patients · Throughline</title>
      <h1>Patients</h1>
      <form onSubmit={search} className="search" role="search">
        <TextInput
          ref={field}
          type="search"
          aria-label="Name and date of birth, a phone number, or an identifier"
          placeholder="Rosa Delgado 1957-03-02"
          leftSection={<SearchIcon />}
          value={words}
          autoComplete="off"
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={words.trim() === ''}>
          Find
        </Button>
      </form>
      <p className="quiet hint">Parts of a name and a date of birth, in any order; the number of who is calling; or an identifier as system|value.</p>
      {found.isLoading && <Waiting what="Looking" />}
      {found.isError && <Failure problem={found.error} what="Nobody could be looked up" kept="Your words are kept." retry={() => void found.refetch()} />}
      {!asked && <Empty title="Who are you looking for?">Type a name, a date of birth, or both, or the number of who is calling. Each look-up is recorded.</Empty>}
      {found.isSuccess && items.length === 0 && (
        <Empty title="Nobody here matches that">Check the spelling, use fewer words, or search by date of birth. Patients come in from the record.</Empty>
      )}
      {items.length > 0 && (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Born</th>
                <th scope="col" className="number">
                  Age
                </th>
                <th scope="col">Speaks</th>
                <th scope="col">Status</th>
                <th scope="col">Next visit</th>
                <th scope="col">Open</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ patient, visits, tasks }) => (
                <tr key={patient.id}>
                  <td>
                    <Link to={`/patients/${patient.id}`}>{patient.name}</Link>
                  </td>
                  <td>{patient.birthDate ? plainDate(patient.birthDate) : '–'}</td>
                  <td className="number">{patient.birthDate ? age(patient.birthDate, now) : '–'}</td>
                  <td>{language(patient.language) ?? '–'}</td>
                  <td>{patientStatus(patient.status)}</td>
                  <td>{visits[0] ? `${wallClock(Date.parse(visits[0].startAt), visits[0].zone)}, ${visits[0].department}` : '–'}</td>
                  <td>
                    {tasks.length === 0
                      ? '–'
                      : tasks.map((task) => (
                          <Link key={task.id} to={`/tasks/${task.id}`} className="open-task">
                            {task.title}
                          </Link>
                        ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more && <p className="quiet">There are more. Add a word or the date of birth.</p>}
    </main>
  );
}
