import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../api/client';
import { WarningIcon } from '../icons';

type FailureProps = { problem: Error | null; what: string; kept?: string; retry?: () => void };

/** What happened, what was kept, what to do. */
export function Failure({ problem, what, kept, retry }: FailureProps) {
  const told = problem instanceof Problem ? problem : undefined;
  const why = told ? told.detail || told.title : 'The page met something it did not expect. Reload it; tell your administrator if it stays.';
  return (
    <div role="alert" className="notice notice-bad">
      <p>
        <WarningIcon /> <strong>{what}.</strong> {why} {kept}
      </p>
      {retry && (
        <Button variant="default" size="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p className="quiet">{children}</p>}
    </div>
  );
}

export function Waiting({ what }: { what: string }) {
  return (
    <div className="waiting" role="status">
      <Loader size={18} /> <span className="quiet">{what}…</span>
    </div>
  );
}
