import { useEffect, useLayoutEffect, useRef, useState, type FormEvent } from 'react';
import { exact, relative } from '../time/phrases';
import { messageState } from '../words';
import { callsOf, get, mediaOf, messagesOf, post, type Call, type Items, type Picture, type Text } from './api';
import { CallLines, CallPanel } from './CallPanel';

const largestFile = 4 * 1024 * 1024;

/** What a patient has at hand, and what goes wrong with pictures. */
const samples: { label: string; picture: Picture }[] = [
  { label: 'A picture of an arm', picture: { sample: 'arm' } },
  { label: 'A picture of a card', picture: { sample: 'card' } },
  { label: 'One that is too large (12 MB)', picture: { sample: 'arm', trouble: 'too-large' } },
  { label: 'One that is no picture', picture: { sample: 'arm', trouble: 'lying-type' } },
  { label: 'One the carrier has lost', picture: { sample: 'arm', trouble: 'not-found' } },
  { label: 'One whose address leads inside', picture: { sample: 'arm', trouble: 'inside' } },
];

const quick = ['sí', 'yes', 'no puedo ese día', 'pls stop'];

type Props = { number: string; name?: string | null; beat: number; now: number; sent: () => Promise<void> };

export function Thread({ number, name, beat, now, sent }: Props) {
  const [texts, setTexts] = useState<Text[]>();
  const [calls, setCalls] = useState<Call[]>([]);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let current = true;
    get<Items<Text>>(messagesOf(number)).then(
      (found) => current && setTexts([...found.items].sort((one, other) => one.at.localeCompare(other.at))),
      (caught: Error) => current && setProblem(caught.message),
    );
    get<Items<Call>>(callsOf(number)).then(
      (found) => current && setCalls(found.items),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [number, beat]);

  useLayoutEffect(() => {
    void end.current?.scrollIntoView({ block: 'end' });
  }, [texts?.length, calls.length]);

  const going = calls.find((call) => !call.over);
  const entries = [
    ...(texts ?? []).map((text) => ({ at: text.at, id: text.sid, text, call: undefined })),
    ...calls.filter((call) => call.over).map((call) => ({ at: call.at, id: call.sid, text: undefined, call })),
  ].sort((one, other) => one.at.localeCompare(other.at));

  async function picture(): Promise<Picture[]> {
    const mine = file.current?.files?.[0];
    if (chosen === 'file' && mine) {
      if (mine.size > largestFile) throw new Error('The file is larger than 4 MB.');
      const bytes = new Uint8Array(await mine.arrayBuffer());
      let letters = '';
      for (let i = 0; i < bytes.length; i += 8192) letters += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return [{ type: mine.type || 'application/octet-stream', content: btoa(letters) }];
    }
    const sample = samples[Number(chosen)];
    return chosen !== '' && sample ? [sample.picture] : [];
  }

  async function send(body: string, withPicture = false) {
    if (!body.trim() && !(withPicture && chosen)) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await post(messagesOf(number), withPicture ? { body, media: await picture() } : { body });
      if (withPicture) setChosen('');
      setTyped((before) => (before === body ? '' : before));
      await sent();
    } catch (caught) {
      setProblem(`Not sent; what you typed is kept. ${(caught as Error).message}`);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <div className="handset-head">
        <span className="strong">{name ?? number}</span>
        {name && <span className="quiet">{number}</span>}
      </div>
      <div className="thread" role="log" aria-label="Messages">
        {texts && entries.length === 0 && <p className="quiet pad">Nothing here yet. A patient may also write or call first.</p>}
        {entries.map(({ id, text, call }) =>
          text ? (
            <div key={id} className={`text ${text.fromPatient ? 'text-mine' : ''}`}>
              {text.body && <p dir="auto">{text.body}</p>}
              {text.media.length > 0 && (
                <div className="text-pictures">
                  {text.media.map((one) =>
                    one.type.startsWith('image/') ? (
                      <img key={one.sid} src={mediaOf(number, one.sid)} alt="Picture sent from this phone" />
                    ) : (
                      <span key={one.sid}>A file ({one.type})</span>
                    ),
                  )}
                </div>
              )}
              <span className="quiet" title={exact(Date.parse(text.at))}>
                {relative(Date.parse(text.at), now)}
                {!text.fromPatient && ` · ${messageState(text.status)}`}
              </span>
            </div>
          ) : (
            call && (
              <details key={id} className={`text call-over ${call.fromPatient ? 'text-mine' : ''}`}>
                <summary>
                  {callState(call)}{' '}
                  <span className="quiet" title={exact(Date.parse(call.at))}>
                    {relative(Date.parse(call.at), now)}
                  </span>
                </summary>
                <CallLines call={call} />
              </details>
            )
          ),
        )}
        <div ref={end} />
      </div>
      <CallPanel number={number} call={going} done={sent} />
      {problem && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <div className="quick" role="group" aria-label="Quick replies">
        {quick.map((body) => (
          <button key={body} type="button" disabled={busy} onClick={() => void send(body)}>
            {body}
          </button>
        ))}
      </div>
      <div className="attach">
        <select aria-label="Send a picture with it" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="">No picture</option>
          {samples.map((sample, n) => (
            <option key={sample.label} value={n}>
              {sample.label}
            </option>
          ))}
          <option value="file">A file of mine</option>
        </select>
        {chosen === 'file' && <input type="file" ref={file} aria-label="File to send" />}
      </div>
      <form
        className="compose"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void send(typed, true);
        }}
      >
        <input
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          aria-label={`Write as ${name ?? number}`}
          placeholder={`Write as ${name ?? 'the patient'}`}
          autoComplete="off"
          maxLength={1600}
        />
        <button type="submit" className="main" disabled={busy || (!typed.trim() && !chosen)}>
          Send
        </button>
      </form>
    </>
  );
}

function callState(call: Call) {
  if (call.status === 'no-answer') return 'Missed call';
  if (call.status === 'busy') return 'Declined call';
  if (call.status !== 'completed') return 'Call that was not put through';
  return call.fromPatient ? 'Call to the clinic' : 'Call from the clinic';
}
