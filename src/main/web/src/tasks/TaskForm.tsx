import { Button, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useRef, useState } from 'react';
import { Problem, write } from '../api/client';
import { taskQuery } from '../api/queries';
import type { Task } from '../api/types';
import { WarningIcon } from '../icons';
import { useSession } from '../session/session';
import { Failure, Waiting } from '../shell/Notices';
import { draftOf, dropDraft, keepDraft, type Draft } from './drafts';
import type { FormHandle } from './FormViewer';

const FormViewer = lazy(() => import('./FormViewer'));

type Props = { task: Task; mine: boolean; settle: (task: Task) => void };

/** The task's form. Whatever goes wrong, nothing typed is lost: it stays on the page and, as a draft, in this tab. */
export function TaskForm({ task, mine, settle }: Props) {
  const person = useSession().username;
  const queries = useQueryClient();
  const form = useRef<FormHandle>(null);
  const [draft] = useState(() => draftOf(sessionStorage, person, task.id));
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const [incomplete, setIncomplete] = useState(false);

  const complete = useMutation({
    mutationFn: (data: Draft) => write<Task>(`/api/v1/tasks/${task.id}/complete`, { json: { data, version: task.version } }),
    onSuccess: (done) => {
      dropDraft(sessionStorage, person, task.id);
      settle(done);
      void queries.invalidateQueries({ queryKey: ['timeline'] });
    },
    onError: (problem) => {
      if (!(problem instanceof Problem)) return;
      const errors = problem.errors.length > 0 ? problem.errors : problem.field ? [{ field: problem.field, message: problem.detail }] : [];
      setUnplaced(form.current?.showErrors(errors) ?? []);
      if (problem.status === 409) void queries.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
    },
  });

  function submit() {
    setUnplaced([]);
    setIncomplete(false);
    if (!task.form) return complete.mutate({});
    const data = form.current?.submit();
    if (data) complete.mutate(data);
    else setIncomplete(true);
  }

  const problem = complete.error;
  const fieldsToMend = problem instanceof Problem && problem.status === 422;
  return (
    <section aria-label="What was done" className="form-section">
      <h2>What was done</h2>
      {draft && mine && <p className="quiet">What you typed before is back.</p>}
      {task.form ? (
        <Suspense fallback={<Waiting what="Opening the form" />}>
          <FormViewer
            schema={task.form.schema as Record<string, unknown>}
            draft={draft}
            readOnly={!mine}
            changed={(data) => keepDraft(sessionStorage, person, task.id, data)}
            handle={form}
          />
        </Suspense>
      ) : (
        <p className="quiet">Nothing to fill in for this one.</p>
      )}
      {incomplete && (
        <p role="alert" className="notice notice-bad">
          <WarningIcon /> <span>Some answers are missing or not valid; they are marked above.</span>
        </p>
      )}
      {problem && (
        <Failure
          problem={fieldsToMend ? new Problem(422, '', unplaced.join(' ') || 'Mend the marked answers.') : problem}
          what="The task is not completed"
          kept="Everything you typed is still here."
        />
      )}
      {mine ? (
        <div className="act">
          {/* Pressing must not leave the field first: a message appearing there would move the button from under the pointer. */}
          <Button onMouseDown={(event) => event.preventDefault()} onClick={submit} loading={complete.isPending}>
            Complete task
          </Button>
        </div>
      ) : task.state === 'open' ? (
        <Tooltip label="Claim it with the button above (c)">
          <p className="quiet form-hint">Claim the task to fill this in.</p>
        </Tooltip>
      ) : null}
    </section>
  );
}
