import { idleFor } from '../session/idle';
import type { FieldError } from './types';

/** What went wrong, in the server's own words where it gave any. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly field?: string,
    readonly errors: FieldError[] = [],
  ) {
    super(detail || title);
  }

  static offline(): Problem {
    return new Problem(0, 'No connection to the server', 'Check your network, then try again.');
  }
}

const signedOut = new Set<() => void>();

/** Tells when the server no longer knows this session. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

function cookie(name: string): string | undefined {
  const found = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}

async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  const title = body.title ?? (response.status >= 500 ? 'The server could not do that' : 'That was not accepted');
  const detail =
    body.detail ?? (response.status >= 500 ? 'It is not your doing. Try again in a minute; tell your administrator if it stays.' : '');
  return new Problem(response.status, title, detail, body.field ?? undefined, body.errors ?? []);
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', ...init, headers: { ...init.headers, 'X-Idle': String(idleFor()) } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.offline();
  }
}

const accept = 'application/json, application/problem+json';

async function answer<T>(response: Response, quiet: boolean): Promise<T> {
  if (!response.ok) {
    if (response.status === 401 && !quiet) signedOut.forEach((listener) => listener());
    throw await problemOf(response);
  }
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export async function read<T>(path: string, signal?: AbortSignal, quiet = false): Promise<T> {
  return answer<T>(await send(path, { headers: { Accept: accept }, signal }), quiet);
}

type Write = { method?: 'POST' | 'PUT' | 'DELETE'; json?: unknown; form?: Record<string, string>; quiet?: boolean; headers?: Record<string, string> };

export async function write<T>(path: string, { method = 'POST', json, form, quiet = false, headers: more = {} }: Write = {}): Promise<T> {
  const token = cookie('XSRF-TOKEN') ?? (await freshToken());
  const headers: Record<string, string> = { Accept: accept, ...more };
  if (token) headers['X-XSRF-TOKEN'] = token;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  const body = form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json);
  return answer<T>(await send(path, { method, headers, body }), quiet);
}

/** The cookie comes with the first answer of the server. */
async function freshToken(): Promise<string | undefined> {
  await send('/api/v1/session', { headers: { Accept: accept } });
  return cookie('XSRF-TOKEN');
}
