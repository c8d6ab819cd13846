import type { components } from '../generated/api';

/** The document calls a property optional where the server merely may leave it empty; what is nullable stays so. */
type Sure<T> = T extends (infer Item)[]
  ? Sure<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Sure<Exclude<T[Key], undefined>> }
    : T;
type Schema<Name extends keyof components['schemas']> = Sure<components['schemas'][Name]>;

export type Session = Schema<'Session'>;
export type TaskSummary = Schema<'TaskSummary'>;
export type TaskPage = Schema<'TaskPage'>;
export type Task = Schema<'Task'>;
export type PatientCard = Schema<'PatientCard'>;
export type PatientSummary = Schema<'PatientSummary'>;
export type Identity = Schema<'Identity'>;
export type Disclosures = Schema<'Disclosures'>;
export type TimelineEntry = Schema<'TimelineEntry'>;
export type TimelinePage = Schema<'TimelinePage'>;
export type ThreadSummary = Schema<'ThreadSummary'>;
export type Thread = Schema<'Thread'>;
export type ThreadLine = Schema<'ThreadLine'>;
export type Attachment = Schema<'Attachment'>;
export type Foreseen = Schema<'Foreseen'>;
export type Said = Schema<'Said'>;
export type UnknownSender = Schema<'UnknownSender'>;
export type UnknownThread = Schema<'UnknownThread'>;
export type Candidate = Schema<'Candidate'>;
export type Candidates = Schema<'Candidates'>;
export type Call = Schema<'Call'>;
export type CallEnded = Schema<'CallEnded'>;
export type Journey = Schema<'Journey'>;
export type Instance = Schema<'Instance'>;

export type TextSummary = Schema<'TextSummary'>;
export type TextDetail = Schema<'TextDetail'>;
export type TextWording = Schema<'TextWording'>;
export type TextVersion = Schema<'TextVersion'>;
export type TextEdit = Schema<'TextEdit'>;
export type TextPreview = Schema<'TextPreview'>;
export type TextFinding = Schema<'TextFinding'>;

export type Hold = Schema<'Hold'>;
export type HoldPreview = Schema<'HoldPreview'>;
export type HeldGroup = Schema<'HeldGroup'>;
export type Budget = Schema<'Budget'>;
export type Unit = Schema<'Unit'>;
export type ShadowReport = Schema<'ShadowReport'>;
export type ShadowMessage = Schema<'ShadowMessage'>;
export type Queue = Schema<'Queue'>;
export type OnCallPerson = Schema<'OnCallPerson'>;
export type Absence = Schema<'Absence'>;

export type Page<Item> = { items: Item[]; next?: string | null };
export type FieldError = { field: string; message: string };
export type JourneyDetail = Schema<'JourneyDetail'>;
