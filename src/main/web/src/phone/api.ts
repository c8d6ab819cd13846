export type Phone = { number: string; name?: string | null; lastAt: string; lastText: string; count: number };
export type Text = { sid: string; fromPatient: boolean; body: string; at: string; status: string; media: { sid: string; type: string }[] };
/** A sample by name, or the page's own file in base64. */
export type Picture = { sample: string; trouble?: string } | { type: string; content: string };
export type EhrPatient = { id: string; name: string; birthDate?: string | null; language?: string | null; phones: string[] };
export type EhrLocation = { id: string; name: string; zone: string };
/** start is the local time of the place, without a zone. */
export type EhrAppointment = { id: string; patientId: string; start: string; zone: string; visitType: string; locationId: string; status: string };
export type Ehr = { items: EhrPatient[]; locations: EhrLocation[] };
export type Items<Item> = { items: Item[] };

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text();
  const body = text ? JSON.parse(text) : undefined;
  if (!response.ok) {
    const said = body?.detail ?? body?.issue?.[0]?.diagnostics ?? body?.issue?.[0]?.details?.text;
    throw new Error(said ?? `The simulator answered ${response.status}.`);
  }
  return body as T;
}

const unreachable = () => {
  throw new Error('The simulator does not answer. Is Throughline still running?');
};

export const get = async <T>(path: string): Promise<T> => answer<T>(await fetch(`/sim/${path}`).catch(unreachable));

export const post = async <T>(path: string, body: unknown = {}): Promise<T> =>
  answer<T>(
    await fetch(`/sim/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(unreachable),
  );

export type Mailbox = { address: string; name?: string | null; lastAt: string; lastSubject: string; count: number };
export type MailFile = { name: string; type: string; bytes: number };
export type Mail = {
  id: string;
  fromPatient: boolean;
  subject: string;
  text: string;
  html: string;
  at: string;
  unsubscribe?: string | null;
  files: MailFile[];
};

export const mailsOf = (address: string) => `mailboxes/${encodeURIComponent(address)}/mails`;

export const mediaOf = (number: string, sid: string) => `/sim/phones/${encodeURIComponent(number)}/media/${sid}`;

export const messagesOf = (number: string) => `phones/${encodeURIComponent(number)}/messages`;

export type CallLine = { by: 'us' | 'patient' | 'carrier'; text: string; language?: string | null };
export type Call = { sid: string; fromPatient: boolean; at: string; status: string; listening: boolean; over: boolean; lines: CallLine[] };

export const callsOf = (number: string) => `phones/${encodeURIComponent(number)}/calls`;
