import { useCallback, useEffect, useState } from 'react';
import { BackIcon } from '../icons';
import { relative } from '../time/phrases';
import { get, type Ehr, type EhrPatient, type Items, type Phone } from './api';
import { Clock } from './Clock';
import { Mailboxes } from './Mailboxes';
import { Mails } from './Mails';
import { Thread } from './Thread';
import { Visits } from './Visits';

/** The patients' phones of the practice system: read what arrived, answer as the patient would. */
export function Phones() {
  const [phones, setPhones] = useState<Phone[]>();
  const [ringing, setRinging] = useState<string[]>([]);
  const [patients, setPatients] = useState<EhrPatient[]>([]);
  const [open, setOpen] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [mailbox, setMailbox] = useState<string>();
  const [beat, setBeat] = useState(0);
  const [now, setNow] = useState(() => Date.now());
  const [view, setView] = useState<'phones' | 'mail' | 'visits'>('phones');

  const refresh = useCallback(async () => {
    try {
      const found = await get<Items<Phone> & { ringing: string[] }>('phones');
      setPhones(found.items);
      setRinging(found.ringing);
      setProblem(undefined);
    } catch (caught) {
      setProblem((caught as Error).message);
    }
    setBeat((count) => count + 1);
  }, []);

  useEffect(() => {
    void refresh();
    void get<Ehr>('ehr/patients').then(
      (ehr) => setPatients(ehr.items),
      () => undefined,
    );
    const source = new EventSource('/sim/events');
    const listener = () => void refresh();
    source.addEventListener('phones', listener);
    source.onmessage = listener;
    // Answers to what happened while the stream was away.
    source.onopen = listener;
    return () => source.close();
  }, [refresh]);

  const known = phones ?? [];
  const numbers = new Set(known.map((phone) => phone.number));
  const silent = patients.filter((patient) => patient.phones.length > 0 && !patient.phones.some((number) => numbers.has(number)));
  const shown = open?.includes('@') ? known[0]?.number : (open ?? known[0]?.number);
  const name = known.find((phone) => phone.number === shown)?.name ?? patients.find((patient) => shown && patient.phones.includes(shown))?.name;

  return (
    <div className={`phones ${open ? 'is-open' : ''}`}>
      <header className="bar">
        <div>
          <h1>Practice phones</h1>
          <p className="quiet">Simulated carriers, synthetic patients. Nothing leaves this machine.</p>
        </div>
        <Clock told={setNow} moved={refresh} phones={known} />
      </header>
      {problem && (
        <p role="alert" className="problem">
          {problem}{' '}
          <button type="button" onClick={() => void refresh()}>
            Try again
          </button>
        </p>
      )}
      <div className="columns">
        <aside className="side" aria-label="Phones and visits">
          <div className="switch" role="group" aria-label="What to see">
            <button type="button" aria-pressed={view === 'phones'} onClick={() => setView('phones')}>
              Phones
            </button>
            <button type="button" aria-pressed={view === 'mail'} onClick={() => setView('mail')}>
              Mail
            </button>
            <button type="button" aria-pressed={view === 'visits'} onClick={() => setView('visits')}>
              Visits
            </button>
          </div>
          {view === 'visits' ? (
            <Visits now={now} />
          ) : view === 'mail' ? (
            <Mailboxes
              beat={beat}
              now={now}
              open={mailbox}
              choose={(address) => {
                setMailbox(address);
                setOpen(address);
              }}
            />
          ) : (
            <>
              {phones && known.length === 0 && silent.length === 0 && (
                <p className="quiet pad">No phone has a message yet. Book a visit for a patient, then move the clock forward: reminders arrive here.</p>
              )}
              <ul>
                {known.map((phone) => (
                  <li key={phone.number}>
                    <button type="button" className="contact" aria-current={phone.number === shown} onClick={() => setOpen(phone.number)}>
                      <span className="contact-head">
                        <span className="strong">{phone.name ?? phone.number}</span>
                        <span className="quiet">{relative(Date.parse(phone.lastAt), now)}</span>
                      </span>
                      {ringing.includes(phone.number) ? <span className="rings">In a call</span> : <span className="quiet one-line">{phone.lastText}</span>}
                    </button>
                  </li>
                ))}
                {silent.map((patient) => (
                  <li key={patient.id}>
                    <button type="button" className="contact" aria-current={patient.phones[0] === shown} onClick={() => setOpen(patient.phones[0])}>
                      <span className="strong">{patient.name}</span>
                      {patient.phones.some((number) => ringing.includes(number)) ? <span className="rings">In a call</span> : <span className="quiet one-line">No message yet</span>}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </aside>
        <main className="handset" aria-label="Phone">
          <button type="button" className="back-link" onClick={() => setOpen(undefined)}>
            <BackIcon /> All phones
          </button>
          {view === 'mail' ? (
            mailbox ? (
              <Mails key={mailbox} address={mailbox} beat={beat} now={now} sent={refresh} />
            ) : (
              <p className="quiet pad">Choose a mailbox.</p>
            )
          ) : shown ? (
            <Thread key={shown} number={shown} name={name} beat={beat} now={now} sent={refresh} />
          ) : (
            <p className="quiet pad">Choose a phone.</p>
          )}
        </main>
      </div>
    </div>
  );
}
