import { useEffect, useState } from 'react';
import { relative } from '../time/phrases';
import { get, type Items, type Mailbox } from './api';

type Props = { beat: number; now: number; open?: string; choose: (address: string) => void };

/** The patients' mailboxes that have mail, the latest first. */
export function Mailboxes({ beat, now, open, choose }: Props) {
  const [boxes, setBoxes] = useState<Mailbox[]>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let current = true;
    get<Items<Mailbox>>('mailboxes').then(
      (found) => current && setBoxes(found.items),
      (caught: Error) => current && setProblem(caught.message),
    );
    return () => {
      current = false;
    };
  }, [beat]);

  return (
    <>
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      {boxes?.length === 0 && <p className="quiet pad">No mailbox has mail yet. Patients without a phone get their reminders here.</p>}
      <ul>
        {boxes?.map((box) => (
          <li key={box.address}>
            <button type="button" className="contact" aria-current={box.address === open} onClick={() => choose(box.address)}>
              <span className="contact-head">
                <span className="strong">{box.name ?? box.address}</span>
                <span className="quiet">{relative(Date.parse(box.lastAt), now)}</span>
              </span>
              <span className="quiet one-line">{box.lastSubject}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
