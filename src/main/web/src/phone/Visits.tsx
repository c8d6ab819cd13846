import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { visitStatus } from '../words';
import { wallClock } from '../time/phrases';
import { get, post, type Ehr, type EhrAppointment, type Items } from './api';

const DAY = 86_400_000;
const types = ['New patient', 'Follow-up', 'Procedure', 'Imaging'];

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
  const nameOf = (visit: EhrAppointment) => visit.patientName ?? ehr?.items.find((patient) => patient.id === visit.patient)?.name ?? 'A patient';
  const placeOf = (visit: EhrAppointment) => visit.locationName ?? ehr?.locations?.find((place) => place.id === visit.location)?.name ?? visit.location;

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
          <select name="patient" required>
            {ehr?.items.map((patient) => (
              <option key={patient.id} value={patient.id}>
                {patient.name}
              </option>
            ))}
          </select>
        </label>
        {(ehr?.locations?.length ?? 0) > 0 && (
          <label>
            Where
            <select name="location">
              {ehr?.locations?.map((place) => (
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
            {types.map((type) => (
              <option key={type}>{type}</option>
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
        {visits?.map((visit) => (
          <li key={visit.id} className="visit-row">
            <span className="strong">{nameOf(visit)}</span>
            <span>
              {visit.startLocal
                ? wallClock(Date.parse(`${visit.startLocal.slice(0, 16)}Z`), 'UTC')
                : visit.start
                  ? wallClock(Date.parse(visit.start), visit.zone)
                  : 'No time'}
              {placeOf(visit) ? `, ${placeOf(visit)}` : ''}
            </span>
            <span className="quiet">
              {[visit.visitType, visitStatus(visit.status)].filter(Boolean).join(' · ')}
            </span>
            {(visit.status === 'booked' || visit.status === 'pending') && (
              <span className="visit-acts">
                <button type="button" aria-expanded={moving === visit.id} onClick={() => setMoving(moving === visit.id ? undefined : visit.id)}>
                  Move
                </button>
                <button type="button" disabled={busy} onClick={() => void act(`ehr/appointments/${visit.id}/cancel`, {}, 'Cancelled. Throughline was told.')}>
                  Cancel visit
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
