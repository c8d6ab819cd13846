import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { patientsQuery } from '../api/queries';
import { SearchIcon } from '../icons';
import { Empty, Failure, Waiting } from '../shell/Notices';
import { useNow } from '../time/clock';
import { age, plainDate } from '../time/phrases';
import { language, patientStatus } from '../words';

type State = { words?: string; find?: number } | null;

/** The words looked for are kept with the history entry, not in the address: addresses end up in logs. */
export default function PatientsPage() {
  const state = useLocation().state as State;
  const navigate = useNavigate();
  const asked = state?.words ?? '';
  const [words, setWords] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  const found = useQuery(patientsQuery(asked));
  const now = useNow();

  useEffect(() => {
    field.current?.focus();
  }, [state?.find]);

  function search(event: FormEvent) {
    event.preventDefault();
    navigate('/patients', { state: { words: words.trim() }, replace: asked === '' });
  }

  const items = found.data?.items ?? [];
  return (
    <main className="page">
      <title>Patients · Throughline</title>
      <h1>Patients</h1>
      <form onSubmit={search} className="search" role="search">
        <TextInput
          ref={field}
          type="search"
          aria-label="Name and date of birth, or an identifier"
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
      <p className="quiet hint">Parts of a name and a date of birth, in any order; or an identifier as system|value.</p>
      {found.isLoading && <Waiting what="Looking" />}
      {found.isError && <Failure problem={found.error} what="Nobody could be looked up" kept="Your words are kept." retry={() => void found.refetch()} />}
      {!asked && <Empty title="Who are you looking for?">Type a name, a date of birth, or both. Each look-up is recorded.</Empty>}
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
              </tr>
            </thead>
            <tbody>
              {items.map((patient) => (
                <tr key={patient.id}>
                  <td>
                    <Link to={`/patients/${patient.id}`}>{patient.name}</Link>
                  </td>
                  <td>{patient.birthDate ? plainDate(patient.birthDate) : '–'}</td>
                  <td className="number">{patient.birthDate ? age(patient.birthDate, now) : '–'}</td>
                  <td>{language(patient.language) ?? '–'}</td>
                  <td>{patientStatus(patient.status)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.data?.next && <p className="quiet">There are more. Add a word or the date of birth.</p>}
    </main>
  );
}
