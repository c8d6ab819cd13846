import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { visitStatus } from '../words';
import { wallClock } from '../time/phrases';
import { get, post, type Ehr, type EhrAppointment, type Items } from './api';

const DAY = 86_400_000;
const types: Record<string, string> = {
  'CARD-NEW': 'Cardiology, first visit',
  'CARD-FU': 'Cardiology, follow-up',
  'GEN-NEW': 'Family medicine, first visit',
  'GEN-FU': 'Family medicine, follow-up',
  LAB: 'Blood test',
  MAMMO: 'Mammogram',
};

/** What the hospital's record would do: book, move and cancel visits. */
export function Visits({ now }: { now: number }) {
  const [ehr, setEhr] = useState<Ehr>();
  const [visits, setVisits] = useState<EhrAppointment[]>();
  const [said, setSaid] = useState<{ good: boolean; text: string }>();
  const [moving, setMoving] = useState<string>();
  const [busy, setBusy] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setEhr(await get<Ehr>('ehr/patients'));
      setVisits((await get<Items<EhrAppointment>>('ehr/appointments')).items);
    } catch (caught) {
      setSaid({ good: false, text: (caught as Error).message });
    }
  }, []);

  useEffect(() => void refresh(), [refresh]);

  async function act(path: string, body: unknown, done: string) {
    setBusy(true);
    try {
      await post(path, body);
      setSaid({ good: true, text: done });
      setMoving(undefined);
      await refresh();
    } catch (caught) {
      setSaid({ good: false, text: `Nothing was changed. ${(caught as Error).message}` });
    } finally {
      setBusy(false);
    }
  }

  function book(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void act('ehr/appointments', Object.fromEntries([...form].filter(([, value]) => value !== '')), 'Booked. Throughline was told.');
  }

  const soon = new Date(now + 3 * DAY).toISOString().slice(0, 10);
  const nameOf = (visit: EhrAppointment) => ehr?.items.find((patient) => patient.id === visit.patientId)?.name ?? 'A patient';
  const placeOf = (visit: EhrAppointment) => ehr?.locations.find((place) => place.id === visit.locationId)?.name;
  const ordered = visits?.toSorted((one, other) => one.start.localeCompare(other.start));

  return (
    <div className="visits">
      {said && (
        <p role={said.good ? 'status' : 'alert'} className={said.good ? 'done' : 'problem'}>
          {said.text}
        </p>
      )}
      <form onSubmit={book} className="book" aria-label="Book a visit">
        <h2>Book a visit</h2>
        <label>
          Patient
          <select name="patientId" required>
            {ehr?.items.map((patient) => (
              <option key={patient.id} value={patient.id}>
                {patient.name}
              </option>
            ))}
          </select>
        </label>
        {(ehr?.locations.length ?? 0) > 0 && (
          <label>
            Where
            <select name="locationId" defaultValue="">
              <option value="">Where such visits usually are</option>
              {ehr?.locations.map((place) => (
                <option key={place.id} value={place.id}>
                  {place.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Kind of visit
          <select name="visitType">
            {Object.entries(types).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          When, by the clock of the place
          <input type="datetime-local" name="start" required defaultValue={`${soon}T09:30`} key={soon} />
        </label>
        <button type="submit" className="main" disabled={busy}>
          Book
        </button>
      </form>
      <h2>Visits</h2>
      {visits?.length === 0 && <p className="quiet">None yet. Book one above.</p>}
      <ul>
        {ordered?.map((visit) => (
          <li key={visit.id} className="visit-row">
            <span className="strong">{nameOf(visit)}</span>
            <span>
              {wallClock(Date.parse(`${visit.start.slice(0, 16)}Z`), 'UTC')}
              {placeOf(visit) ? `, ${placeOf(visit)}` : ''}
            </span>
            <span className="quiet">
              {[types[visit.visitType] ?? visit.visitType, visitStatus(visit.status)].join(' · ')}
            </span>
            {(visit.status === 'booked' || visit.status === 'pending') && (
              <span className="visit-acts">
                <button type="button" aria-expanded={moving === visit.id} onClick={() => setMoving(moving === visit.id ? undefined : visit.id)}>
                  Move
                </button>
                <button type="button" disabled={busy} onClick={() => void act(`ehr/appointments/${visit.id}/cancel`, {}, 'Cancelled. Throughline was told.')}>
                  Cancel visit
                </button>
                <button type="button" disabled={busy} onClick={() => void act(`ehr/appointments/${visit.id}/arrive`, {}, 'Arrived. Throughline was told.')}>
                  Arrive
                </button>
              </span>
            )}
            {moving === visit.id && (
              <form
                className="move"
                onSubmit={(event) => {
                  event.preventDefault();
                  const start = new FormData(event.currentTarget).get('start');
                  void act(`ehr/appointments/${visit.id}/move`, { start }, 'Moved. Throughline was told.');
                }}
              >
                <input type="datetime-local" name="start" aria-label="New time" required defaultValue={`${soon}T14:00`} />
                <button type="submit" disabled={busy}>
                  Move to this time
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
