/** The words people here use for the codes the server sends. An unknown code is shown as plain words. */
const plain = (code: string) => {
  const words = code.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const named = (names: Record<string, string>) => (code: string) => names[code] ?? plain(code);

export const role = named({
  coordinator: 'Care coordinator',
  supervisor: 'Supervisor',
  modeler: 'Journey modeler',
  administrator: 'Administrator',
  auditor: 'Auditor',
});

export const channel = named({
  sms: 'SMS',
  email: 'E-mail',
  voice: 'Phone call',
  chat: 'Chat on the site',
  portal: 'Patient’s own page',
  push: 'Notice in the browser',
  app: 'Hospital’s app',
  whatsapp: 'WhatsApp',
  rcs: 'RCS',
});

export const messageState = named({
  queued: 'Waiting to go out',
  leased: 'Going out',
  attempting: 'Going out',
  accepted: 'Taken by the carrier',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  undelivered: 'Did not arrive',
  failed: 'Could not be sent',
  unknown: 'Not known if sent',
  suppressed: 'Held back',
  parked: 'Set aside for a person',
});

export const tracked = named({
  delivered: 'Delivered',
  read: 'Read',
  opened: 'Probably opened',
  clicked: 'Link opened',
  replied: 'Answered in words',
  chose: 'Answered by a key or button',
  undelivered: 'Did not arrive',
});

export type Tone = 'good' | 'soon' | 'bad' | 'calm';

export const messageTone = (state: string): Tone =>
  ({ delivered: 'good', read: 'good', undelivered: 'bad', failed: 'bad', unknown: 'soon', parked: 'soon' } as Record<string, Tone>)[state] ??
  'calm';

export const taskState = named({ open: 'Open', claimed: 'Being worked on', completed: 'Done', cancelled: 'No longer needed' });

export const visitStatus = named({
  proposed: 'Proposed',
  pending: 'Not settled yet',
  booked: 'Booked',
  arrived: 'Arrived',
  'checked-in': 'Checked in',
  fulfilled: 'Took place',
  cancelled: 'Cancelled',
  noshow: 'Did not take place',
  waitlist: 'On the waiting list',
  'entered-in-error': 'Entered by mistake',
});

export const phase = named({ off: 'Off', shadow: 'In shadow', allow_list: 'Allow-list', live: 'Live' });

export const holdScope = named({ system: 'Everything', org_unit: 'A department', location: 'A location', journey: 'A journey', channel: 'A channel' });

export const sendReason = named({
  expired: 'too late to be true',
  'too-late': 'too late to be true',
  'not-due': 'planned for later',
  'K10.quiet-hours': 'quiet hours',
  'K2.budget': 'enough messages for now',
  'K3.revoked': 'patient refused texts',
  'K1.consent': 'consent on record',
  'K2.exemption': 'healthcare message',
  'visit-changed': 'the visit has changed',
  'visit-past': 'the visit is over',
  'visit-cancelled': 'the visit was cancelled',
  'journey-withdrawn': 'the journey was withdrawn',
  inpatient: 'the patient is in hospital',
  held: 'held by another stop',
  'would-go': 'Would have gone',
});

export const answer = named({
  confirmed: 'Patient confirmed',
  'cancel-requested': 'Patient asked to cancel',
  'move-requested': 'Patient asked for another time',
});

export const patientStatus = named({
  active: 'Active',
  deceased: 'Deceased',
  merged: 'Merged',
  disputed: 'Frozen: identity in question',
  test: 'Test patient',
  staff_restricted: 'Restricted',
});

export const phoneUse = named({ mobile: 'Mobile', home: 'Home', work: 'Work', old: 'Old', temp: 'Temporary' });

/** "+1 208 555 0142": only grouped, never changed. Other countries' numbers are shown as they are. */
/** From where somebody writes of whom nobody knows who they are. */
export const whence = ({ number, channel: by }: { number: string; channel: string }) =>
  by === 'chat' ? `Visitor ${number.slice(-4)} on the site` : phoneNumber(number);

export const phoneNumber = (value: string) => value.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');

export const factName = named({});

export function language(code: string | null | undefined): string | undefined {
  if (!code) return undefined;
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** What somebody sent, by what its bytes say; while nothing is here, by what the carrier says. */
export function fileKind(one: { kind: string; type?: string | null }): string {
  const types: Record<string, string> = {
    'image/jpeg': 'Picture (JPEG)',
    'image/png': 'Picture (PNG)',
    'image/gif': 'Picture (GIF)',
    'image/webp': 'Picture (WebP)',
    'image/heic': 'Picture (HEIC)',
    'application/pdf': 'PDF document',
    'audio/amr': 'Sound recording (AMR)',
    'audio/mp4': 'Sound recording (M4A)',
  };
  const kinds: Record<string, string> = { picture: 'A picture', sound: 'A sound recording', video: 'A video', file: 'A file' };
  return (one.type && types[one.type]) || kinds[one.kind] || 'A file';
}

export const fileSize = (bytes: number) =>
  bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1).replace('.0', '')} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
