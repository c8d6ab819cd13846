import { useEffect, useState, type FormEvent } from 'react';
import { exact, relative } from '../time/phrases';
import { get, mailsOf, post, type Items, type Mail } from './api';

const quick = ['Yes', 'Sí', 'I need another day', 'STOP'];

type Props = { address: string; beat: number; now: number; sent: () => Promise<void> };

/** Links of a mail lead out of it, never into its frame. */
const outward = (html: string) => html.replace(/<a href/g, '<a target="_blank" rel="noopener noreferrer" href');

/** One patient's mailbox: mails as a mail program shows them, one to answer, one press to be left in peace. */
export function Mails({ address, beat, now, sent }: Props) {
  const [mails, setMails] = useState<Mail[]>();
  const [chosen, setChosen] = useState<string>();
  const [typed, setTyped] = useState('');
  const [told, setTold] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let current = true;
    get<Items<Mail>>(mailsOf(address)).then(
      (found) => current && setMails([...found.items].reverse()),
      (caught: Error) => current && setProblem(caught.message),
    );
    return () => {
      current = false;
    };
  }, [address, beat]);

  async function doing(work: () => Promise<void>) {
    setBusy(true);
    setProblem(undefined);
    setTold(undefined);
    try {
      await work();
      await sent();
    } catch (caught) {
      setProblem((caught as Error).message);
    } finally {
      setBusy(false);
    }
  }

  const answer = (body: string) =>
    doing(async () => {
      if (!body.trim()) return;
      await post(mailsOf(address), { body });
      setTyped((before) => (before === body ? '' : before));
    });

  const unsubscribe = (mail: Mail) =>
    doing(async () => {
      const done = await post<{ status: number }>(`${mailsOf(address)}/${mail.id}/unsubscribe`);
      setTold(done.status === 200 ? 'Unsubscribed with one press, as a mail program does it.' : `The product answered ${done.status}.`);
    });

  return (
    <>
      <div className="handset-head">
        <span className="strong one-line">{address}</span>
      </div>
      <ol className="mails" aria-label="Mails">
        {mails?.length === 0 && <li className="quiet pad">Nothing here yet. A patient may also write first.</li>}
        {mails?.map((mail) => (
          <li key={mail.id}>
            <button type="button" className="contact" aria-expanded={chosen === mail.id} onClick={() => setChosen(chosen === mail.id ? undefined : mail.id)}>
              <span className="contact-head">
                <span className="strong" dir="auto">
                  {mail.fromPatient ? `Answered: ${mail.subject}` : mail.subject}
                </span>
                <span className="quiet" title={exact(Date.parse(mail.at))}>
                  {relative(Date.parse(mail.at), now)}
                </span>
              </span>
            </button>
            {chosen === mail.id && (
              <div className="mail">
                {mail.html ? (
                  <iframe title={mail.subject} sandbox="allow-popups allow-popups-to-escape-sandbox" srcDoc={outward(mail.html)} />
                ) : (
                  <p dir="auto">{mail.text}</p>
                )}
                <p className="mail-acts">
                  {mail.files.map((file, number) => (
                    <a key={file.name} href={`/sim/${mailsOf(address)}/${mail.id}/files/${number}`}>
                      {file.name} ({Math.ceil(file.bytes / 1024)} KB)
                    </a>
                  ))}
                  {mail.unsubscribe && (
                    <button type="button" disabled={busy} onClick={() => void unsubscribe(mail)}>
                      Unsubscribe
                    </button>
                  )}
                </p>
              </div>
            )}
          </li>
        ))}
      </ol>
      {told && (
        <p role="status" className="done">
          {told}
        </p>
      )}
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <div className="quick" role="group" aria-label="Quick answers">
        {quick.map((body) => (
          <button key={body} type="button" disabled={busy} onClick={() => void answer(body)}>
            {body}
          </button>
        ))}
      </div>
      <form
        className="compose"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void answer(typed);
        }}
      >
        <input
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          aria-label={`Answer as ${address}`}
          placeholder="Answer the last mail"
          autoComplete="off"
          maxLength={20000}
        />
        <button type="submit" className="main" disabled={busy || !typed.trim()}>
          Answer
        </button>
      </form>
    </>
  );
}
