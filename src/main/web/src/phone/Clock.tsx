import { useEffect, useRef, useState } from 'react';
import { exact, wallClock } from '../time/phrases';
import { get, post, type Items, type Phone } from './api';

const steps: [string, string][] = [
  ['1 h', 'PT1H'],
  ['12 h', 'PT12H'],
  ['1 day', 'P1D'],
];
/** Where the made-up clinic is; by its hours messages wait for the morning. */
const PATIENTS_ZONE = 'America/Denver';
const MAX_HOURS = 14 * 24;
const SETTLE_MS = 1_200;

type Props = { told: (now: number) => void; moved: () => Promise<void>; phones: Phone[] };
type Time = { now: string };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const count = (phones: Phone[]) => phones.reduce((sum, phone) => sum + phone.count, 0);

/** The clock of the practice system; it only goes forward. */
export function Clock({ told, moved, phones }: Props) {
  const [ahead, setAhead] = useState<number>();
  const [tick, setTick] = useState(() => Date.now());
  const [problem, setProblem] = useState<string>();
  const [hours, setHours] = useState<number>();
  const stop = useRef(false);

  function learn(time: Time) {
    setAhead(Date.parse(time.now) - Date.now());
    told(Date.parse(time.now));
  }

  useEffect(() => {
    void get<Time>('clock').then(learn, () => undefined);
    const timer = setInterval(() => setTick(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => {
    if (ahead !== undefined) told(tick + ahead);
  }, [tick, ahead, told]);

  async function forward(duration: string): Promise<boolean> {
    setProblem(undefined);
    try {
      learn(await post<Time>('clock', { forward: duration }));
      return true;
    } catch (caught) {
      setProblem(`The clock stays where it is. ${(caught as Error).message}`);
      return false;
    }
  }

  /** Hour by hour, until a phone rings. */
  async function toNextEvent() {
    stop.current = false;
    const before = count(phones);
    for (let hour = 1; hour <= MAX_HOURS && !stop.current; hour++) {
      setHours(hour);
      if (!(await forward('PT1H'))) break;
      await pause(SETTLE_MS);
      const found = await get<Items<Phone> & { ringing: string[] }>('phones').catch(() => ({ items: phones, ringing: [] }));
      if (count(found.items) > before || found.ringing.length > 0) break;
    }
    setHours(undefined);
    await moved();
  }

  return (
    <div className="clock">
      <time aria-label="The time in the practice system">{ahead === undefined ? 'Clock unknown' : exact(tick + ahead)}</time>
      {ahead !== undefined && <span className="quiet">{wallClock(tick + ahead, PATIENTS_ZONE)} in Denver</span>}
      <div className="clock-steps" role="group" aria-label="Move the clock forward">
        {hours === undefined ? (
          <>
            <span className="quiet">Forward</span>
            {steps.map(([name, duration]) => (
              <button key={name} type="button" onClick={() => void forward(duration).then(moved)}>
                {name}
              </button>
            ))}
            <button type="button" onClick={() => void toNextEvent()} title="Goes forward hour by hour until a phone gets a message, at most 14 days">
              to the next event
            </button>
          </>
        ) : (
          <>
            <span role="status">{hours} h on, waiting for a phone to ring</span>
            <button
              type="button"
              onClick={() => {
                stop.current = true;
              }}
            >
              Stop here
            </button>
          </>
        )}
      </div>
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
    </div>
  );
}
